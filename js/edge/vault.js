/**
 * The vault: everything secret is sealed here and opened here.
 *
 * Each account has a random key of its own, wrapped by the active master key; what belongs to the account is
 * sealed with the account's key, AES-256-GCM. The additional data says what a sealed text is and whose: a text
 * that is moved to another account, another field or an older generation does not open.
 */

import { fromBase64, fromBase64Url, text, toBase64Url, utf8 } from './bytes.js';

const IV = 12;

/** Thrown for every text that does not open; it never says why, so that it tells an attacker nothing. */
export class UnreadableError extends Error {
  constructor() {
    super('sealed data does not open');
    this.name = 'UnreadableError';
  }
}

/** Thrown when DEVCASTER_ENCRYPTION_KEYS is absent or malformed. */
export class KeysError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'KeysError';
  }
}

/**
 * @typedef {object} Wrapped an account's key as it is stored
 * @property {string} id which master key wraps it
 * @property {Uint8Array<ArrayBuffer>} bytes the wrapped key
 */

/**
 * @param {string | undefined} keys `id:base64,id:base64`, the first is active; 32 bytes each
 * @returns {Map<string, Uint8Array<ArrayBuffer>>}
 */
const readKeys = (keys) => {
  const found = new Map();
  for (const entry of (keys ?? '').split(',').filter((part) => part.trim() !== '')) {
    const [, id, base64] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry) ?? [];
    // The entry itself stays out of the message: it is a key.
    if (id === undefined) throw new KeysError('DEVCASTER_ENCRYPTION_KEYS: each entry must be id:base64 of 32 bytes');
    if (found.has(id)) throw new KeysError(`DEVCASTER_ENCRYPTION_KEYS: key id ${id} is there twice`);
    found.set(id, fromBase64(base64));
  }
  if (found.size === 0) throw new KeysError('DEVCASTER_ENCRYPTION_KEYS is not set');
  return found;
};

/** @param {CryptoKey} key @param {string[]} binding @param {Uint8Array<ArrayBuffer>} plain */
const encrypt = async (key, binding, plain) => {
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const additionalData = utf8(JSON.stringify(binding)); // JSON: no two bindings share one text
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain);
  const out = new Uint8Array(IV + sealed.byteLength);
  out.set(iv);
  out.set(new Uint8Array(sealed), IV);
  return out;
};

/** @param {CryptoKey} key @param {string[]} binding @param {Uint8Array<ArrayBuffer>} sealed */
const decrypt = async (key, binding, sealed) => {
  try {
    const additionalData = utf8(JSON.stringify(binding));
    const iv = sealed.subarray(0, IV);
    return await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed.subarray(IV));
  } catch {
    throw new UnreadableError();
  }
};

/** @param {BufferSource} raw */
const importKey = (raw) => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

export class Vault {
  /** @type {Map<string, CryptoKey>} */ #masters = new Map();
  /** @type {Map<string, CryptoKey>} */ #derived = new Map();
  #active = '';

  /**
   * @param {string | undefined} keys the text of DEVCASTER_ENCRYPTION_KEYS
   * @returns {Promise<Vault>}
   * @throws {KeysError}
   */
  static async open(keys) {
    const vault = new Vault();
    for (const [id, raw] of readKeys(keys)) {
      vault.#masters.set(id, await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']));
      vault.#active ||= id;
      raw.fill(0);
    }
    return vault;
  }

  /** The id of the master key that new keys are wrapped by. */
  get active() {
    return this.#active;
  }

  /**
   * One key for each purpose: what is sealed for one can never be read as the other.
   * @param {string} id @param {string} purpose
   */
  async #key(id, purpose) {
    const name = `${id}/${purpose}`;
    const known = this.#derived.get(name);
    if (known) return known;
    const master = this.#masters.get(id);
    if (!master) throw new UnreadableError(); // sealed by a key that is no longer configured
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: utf8(`devcaster/${purpose}`) };
    const key = await crypto.subtle.deriveKey(how, master, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    this.#derived.set(name, key);
    return key;
  }

  /** Whether the active master key seals this already. @param {Wrapped | string} sealed */
  isCurrent(sealed) {
    return typeof sealed === 'string' ? sealed.startsWith(`${this.#active}.`) : sealed.id === this.#active;
  }

  /**
   * A new random key for an account.
   * @param {string[]} binding project, user, account
   * @returns {Promise<{ key: CryptoKey, wrapped: Wrapped }>}
   */
  async newKey(binding) {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const bytes = await encrypt(await this.#key(this.#active, 'account-key'), binding, raw);
    const key = await importKey(raw);
    raw.fill(0);
    return { key, wrapped: { id: this.#active, bytes } };
  }

  /**
   * @param {string[]} binding as it was given to newKey
   * @param {Wrapped} wrapped
   * @returns {Promise<CryptoKey>}
   * @throws {UnreadableError}
   */
  async openKey(binding, wrapped) {
    const raw = await decrypt(await this.#key(wrapped.id, 'account-key'), binding, wrapped.bytes);
    const key = await importKey(raw);
    new Uint8Array(raw).fill(0);
    return key;
  }

  /**
   * The same key, wrapped by the active master key: what it seals stays as it is.
   * @param {string[]} binding as it was given to newKey
   * @param {Wrapped} wrapped
   * @returns {Promise<Wrapped>}
   * @throws {UnreadableError}
   */
  async rewrap(binding, wrapped) {
    const raw = new Uint8Array(await decrypt(await this.#key(wrapped.id, 'account-key'), binding, wrapped.bytes));
    const bytes = await encrypt(await this.#key(this.#active, 'account-key'), binding, raw);
    raw.fill(0);
    return { id: this.#active, bytes };
  }

  /**
   * @param {CryptoKey} key an account's key
   * @param {string[]} binding project, user, account, field set, generation
   * @param {string} plain
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  seal(key, binding, plain) {
    return encrypt(key, binding, utf8(plain));
  }

  /**
   * @param {CryptoKey} key
   * @param {string[]} binding
   * @param {Uint8Array<ArrayBuffer>} sealed
   * @returns {Promise<string>}
   * @throws {UnreadableError}
   */
  async open(key, binding, sealed) {
    return text(await decrypt(key, binding, sealed));
  }

  /**
   * Seal a text with the active master key itself, for what belongs to no account: `id.base64url`.
   * @param {string} purpose
   * @param {string[]} binding
   * @param {string} plain
   * @returns {Promise<string>} characters of `[A-Za-z0-9_.-]` alone, fit for a URL
   */
  async sealText(purpose, binding, plain) {
    const sealed = await encrypt(await this.#key(this.#active, purpose), binding, utf8(plain));
    return `${this.#active}.${toBase64Url(sealed)}`;
  }

  /**
   * @param {string} purpose
   * @param {string[]} binding
   * @param {string} sealed
   * @returns {Promise<string>}
   * @throws {UnreadableError} for every text that sealText did not make
   */
  async openText(purpose, binding, sealed) {
    const [, id, base64] = /^([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{38,})$/.exec(sealed) ?? [];
    if (id === undefined) throw new UnreadableError();
    const key = await this.#key(id, purpose);
    let bytes;
    try {
      bytes = fromBase64Url(base64);
    } catch {
      throw new UnreadableError();
    }
    return text(await decrypt(key, binding, bytes));
  }

  /**
   * The same text, sealed by the active master key.
   * @param {string} purpose @param {string[]} binding @param {string} sealed
   * @throws {UnreadableError}
   */
  async reseal(purpose, binding, sealed) {
    return this.sealText(purpose, binding, await this.openText(purpose, binding, sealed));
  }
}
