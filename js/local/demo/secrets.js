import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ jwks: { keys: object[] }, cookieKeys: string[] }} Secrets */

/** @returns {Secrets} */
function generate() {
  // By way of PEM, since Node 20 can hang otherwise: export takes the key's lock, and a collection of garbage during
  // it takes the same lock again to drop the job that made the key. A key that was read has a lock of its own.
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = {
    ...createPrivateKey(privateKey).export({ format: 'jwk' }),
    kid: randomBytes(8).toString('hex'),
    use: 'sig',
    alg: 'RS256',
  };
  return { jwks: { keys: [key] }, cookieKeys: [randomBytes(32).toString('base64url')] };
}

/**
 * The provider's signing key and cookie key: made on the first run, kept in a file that only its owner can read.
 *
 * @param {string} dataDir made, and closed to others, when needed
 * @returns {Secrets}
 */
export function loadSecrets(dataDir) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // A folder that was there before may be open to others; the mode above only counts for a new one.
  chmodSync(dataDir, 0o700);
  const path = join(dataDir, 'secrets.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const secrets = generate();
  writeFileSync(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return secrets;
}
