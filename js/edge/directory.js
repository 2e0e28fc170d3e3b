/**
 * What the Project object knows, asked for through a cache: callers, the project's configuration, auth configs.
 * A change is seen at once where it was made, and after SECONDS in every other place of the world.
 */

import { ask, projectObject } from './objects.js';

const SECONDS = 5;
const MOST = 1000; // entries of each kind; a flood of unknown keys must not grow the cache without end

/**
 * @typedef {object} Caller as the core's allow takes it
 * @property {string} kind
 * @property {string[]} scopes
 * @property {string} [hint]
 * @property {string} [name] of the API key
 * @property {string} [id] of the API key, or of the session, or of the user token
 * @property {boolean} [links] of a user token: whether links may be seen by which accounts are connected
 */

/** @typedef {{ record: string, credentials: string, toolkit: string }} Config record and credentials as JSON text */
/** @typedef {{ record: string, shards: number }} Project */

/** @type {Map<string, { value: any, until: number }>} one for the isolate: a change here is seen here */
const known = new Map();
/** What there is not, by itself: whoever guesses must not drive out what there is. @type {Map<string, { value: null, until: number }>} */
const unknown = new Map();
/** Credentials that were good once; they are asked for again, but not taken for guesses. @type {Map<string, true>} */
const good = new Map();
let changes = 0;

/** The newest last; the oldest goes. @template T @param {Map<string, T>} map @param {string} name @param {T} value */
const keep = (map, name, value) => {
  map.delete(name);
  map.set(name, value);
  const [oldest] = map.size > MOST ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
};

/** Everything may have changed. */
export const forgetDirectory = () => {
  known.clear();
  unknown.clear();
  changes += 1;
};

export class Directory {
  /** @type {import('./settings.js').Settings} */ #settings;

  /** @param {import('./settings.js').Settings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  get settings() {
    return this.#settings;
  }

  /** @param {string} question @param {object} message @param {string} name */
  async #get(question, message, name) {
    const entry = known.get(name) ?? unknown.get(name);
    if (entry && entry.until > Date.now()) return entry.value;
    const asked = changes;
    // Values are kept, never promises: another request may not wait for this one's.
    const value = await ask(projectObject(this.#settings.env), question, message);
    // What was asked before a change may be the answer of before it.
    if (asked !== changes) return value;
    const until = Date.now() + SECONDS * 1000;
    (value === null ? known : unknown).delete(name);
    if (value === null) keep(unknown, name, { value, until });
    else keep(known, name, { value, until });
    return value;
  }

  /** @returns {Promise<Project>} */
  project() {
    return this.#get('project', {}, 'project');
  }

  /** @param {'key' | 'session'} kind @param {string} hash @param {boolean} [onlyGood] @returns {Promise<Caller | null>} */
  async #caller(kind, hash, onlyGood = false) {
    const name = `${kind} ${hash}`;
    if (onlyGood && !good.has(name)) return null;
    const caller = await this.#get(kind, { hash }, name);
    if (caller === null) good.delete(name);
    else keep(good, name, true);
    return caller;
  }

  /** @param {string} hash of an API key @param {boolean} [onlyGood] the Project is not asked about one that was never good @returns {Promise<Caller | null>} */
  key(hash, onlyGood) {
    return this.#caller('key', hash, onlyGood);
  }

  /** @param {string} hash of a session's token @param {boolean} [onlyGood] the same @returns {Promise<Caller | null>} */
  session(hash, onlyGood) {
    return this.#caller('session', hash, onlyGood);
  }

  /** The key of the fingerprints, still sealed. @returns {Promise<import('./fingerprints.js').FingerprintKey>} */
  fingerprintKey() {
    return this.#get('fingerprintKey', {}, 'fingerprint key');
  }

  /** The key that user tokens are signed with, still sealed. @returns {Promise<import('./user-token-service.js').TokenKey>} */
  tokenKey() {
    return this.#get('tokenKey', {}, 'token key');
  }

  /** An auth config with its credentials still sealed. @param {string} id @returns {Promise<import('./tables.js').ConfigRow | null>} */
  stored(id) {
    return this.#get('config', { id }, `config ${id}`);
  }

  /** An auth config as everybody may see it; its credentials stay closed. @param {string} id @returns {Promise<string | null>} */
  async configRecord(id) {
    return (await this.stored(id))?.record ?? null;
  }

  /**
   * @param {string} id
   * @returns {Promise<Config | null>}
   * @throws {import('./vault.js').UnreadableError}
   */
  async config(id) {
    const stored = await this.stored(id);
    return (
      stored && { record: stored.record, toolkit: stored.toolkit, credentials: await this.#credentials(id, stored) }
    );
  }

  /** @param {string} id @param {import('./tables.js').ConfigRow} stored @returns {Promise<string>} */
  async #credentials(id, { sealed, toolkit, managed }) {
    const { vault, toolkits } = this.#settings;
    const own = sealed === null ? '{}' : await vault.openText('auth-config', ['project', id], sealed);
    if (!managed) return own;
    // The client is the host's, and may change with a restart; what the config adds to it (scopes) is its own.
    return JSON.stringify({ ...JSON.parse(own), ...JSON.parse(toolkits.managed.get(toolkit) ?? '{}') });
  }
}
