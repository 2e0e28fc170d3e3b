/**
 * Fingerprints of masked secrets. Which secrets get one, what is signed and how much of a digest is shown is the core's
 * to say; here are the key and the HMAC. The key is random, made by the project's object when it is first asked for,
 * sealed with the master key, and opened where a view is made; nothing answers it.
 */

import { toHex, utf8 } from './bytes.js';
import { FINGERPRINTS, openProjectKey, projectKey } from './project-keys.js';

/** @typedef {import('./project-keys.js').ProjectKey} FingerprintKey fingerprints of two keys cannot be compared, so a view says whose it has */

/** The project's key. @param {import('./project.js').Office} office @returns {Promise<FingerprintKey>} */
export const fingerprintKey = (office) => projectKey(office, FINGERPRINTS);

/** @param {import('./vault.js').Vault} vault @param {string} sealed @returns {Promise<CryptoKey>} */
const open = async (vault, sealed) => {
  const raw = await openProjectKey(vault, FINGERPRINTS, sealed);
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
