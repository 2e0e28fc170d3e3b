/**
 * Fingerprints of masked secrets. Which secrets get one, what is signed and how much of a digest is shown is the core's
 * to say; here are the key and the HMAC. The key is random, made by the project's object when it is first asked for,
 * sealed with the master key, and opened where a view is made; nothing answers it.
 */

import { fromBase64Url, randomName, toHex, utf8 } from './bytes.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./project.js').Office} Office */

/**
 * @typedef {object} FingerprintKey
 * @property {number} number 1, 2, ...: fingerprints of two keys cannot be compared, so a view says whose it has
 * @property {string} sealed
 */

const FACT = 'fingerprint key';
const PURPOSE = 'fingerprint-key';
const BINDING = ['project', 'fingerprints'];
const BYTES = 32;

/** @param {Office} office @returns {FingerprintKey | null} */
const kept = ({ tables }) => JSON.parse(tables.fact(FACT) ?? 'null');

/** @param {Office} office @param {FingerprintKey} key */
const keep = ({ tables }, key) => tables.putFact(FACT, JSON.stringify(key));

/** @param {import('./vault.js').Vault} vault @param {string} sealed @returns {Promise<boolean>} */
const opens = async (vault, sealed) => {
  try {
    await vault.openText(PURPOSE, BINDING, sealed);
    return true;
  } catch (error) {
    if (error instanceof UnreadableError) return false;
    throw error;
  }
};

/**
 * The project's key. One that no configured master key opens is given up: the accounts are worth more than a comparison
 * with what somebody wrote down.
 * @param {Office} office
 * @returns {Promise<FingerprintKey>}
 */
export const fingerprintKey = (office) =>
  office.lock(FACT, async () => {
    const old = kept(office);
    if (old && (await opens(office.vault, old.sealed))) return old;
    const sealed = await office.vault.sealText(PURPOSE, BINDING, randomName(BYTES));
    const key = { number: (old?.number ?? 0) + 1, sealed };
    keep(office, key);
    if (old) console.error(JSON.stringify({ fingerprints: 'the key was lost', number: key.number }));
    return key;
  });

/**
 * After a rotation: the same key, sealed by the active master key.
 * @param {Office} office
 * @returns {Promise<boolean>} false: there was nothing to do
 * @throws {UnreadableError}
 */
export const resealFingerprintKey = (office) =>
  office.lock(FACT, async () => {
    const old = kept(office);
    if (!old || office.vault.isCurrent(old.sealed)) return false;
    keep(office, { ...old, sealed: await office.vault.reseal(PURPOSE, BINDING, old.sealed) });
    return true;
  });

/** @param {import('./vault.js').Vault} vault @param {string} sealed @returns {Promise<CryptoKey>} */
const open = async (vault, sealed) => {
  const raw = fromBase64Url(await vault.openText(PURPOSE, BINDING, sealed));
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  raw.fill(0);
  return key;
};

/**
 * @param {import('./settings.js').Settings} settings
 * @param {FingerprintKey} key
 * @param {string} credential JSON text
 * @param {string[]} harmless names under which nothing is secret in it
 * @returns {Promise<string>} path in the credential -> fingerprint, JSON on one line
 * @throws {UnreadableError}
 */
export const fingerprintsOf = async ({ core, vault }, { sealed }, credential, harmless) => {
  const hmac = await open(vault, sealed);
  const listed = core.secrets(core.head({ harmless: harmless.join('\n') }, { val: credential }));
  /** @param {string} message @returns {Promise<string>} */
  const digest = async (message) => toHex(await crypto.subtle.sign('HMAC', hmac, utf8(message)));
  const digests = listed.ok ? await Promise.all(JSON.parse(listed.second).map(digest)) : [];
  const made = core.fingerprints(core.head({ digests }, { paths: listed.text }));
  if (!listed.ok || !made.ok) throw new TypeError('this credential cannot have fingerprints'); // nothing of it is said
  return made.text;
};
