// The secrets that a local project needs: made once, kept outside the data folder, never printed twice.
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const KEY_BYTES = 32;

/** @param {string} list */
function areKeys(list) {
  return list.split(',').every((entry) => {
    const [id, value, ...more] = entry.trim().split(':');
    return (
      Boolean(id) &&
      Boolean(value) &&
      more.length === 0 &&
      /^[\w+/=-]+$/.test(value) &&
      Buffer.from(value, 'base64').length === KEY_BYTES
    );
  });
}

/**
 * The keys that seal the stored credentials, `id:base64,id:base64`. They stand beside the data, not in it: a copy of
 * the data folder alone opens nothing.
 * @param {string} file where the key lives when the environment does not bring one
 * @param {string | undefined} given DEVCASTER_ENCRYPTION_KEYS
 * @param {boolean} hasData whether something is sealed already; then a new key would be a silent loss
 * @returns {string}
 */
export function encryptionKeys(file, given, hasData) {
  if (given) {
    if (!areKeys(given)) {
      throw new Error('DEVCASTER_ENCRYPTION_KEYS must be id:base64 of 32 bytes, several with commas between them');
    }
    return given;
  }
  if (existsSync(file)) {
    chmodSync(file, 0o600); // a restored backup may have come back readable for everybody
    const kept = readFileSync(file, 'utf8').trim();
    if (!areKeys(kept)) throw new Error(`${file} does not hold an encryption key: restore it from a backup`);
    return kept;
  }
  if (hasData) {
    throw new Error(
      `The key file ${file} is gone, and the stored credentials cannot be opened without it.\n` +
        'Restore the file, or set DEVCASTER_ENCRYPTION_KEYS, or forget all data with: npm start -- --fresh',
    );
  }
  const made = `k1:${randomBytes(KEY_BYTES).toString('base64')}`;
  writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

/** An API key as the service takes them. */
export const newApiKey = () => `ak_${randomBytes(KEY_BYTES).toString('base64url')}`;

/** A sign-in token for one start, and the only thing about it that the service gets to see. */
export function newSignIn() {
  const token = randomBytes(KEY_BYTES).toString('base64url');
  return { token, hash: createHash('sha256').update(token).digest('hex') };
}
