// The data folder: what marks it as ours, what it remembers from start to start, and how it is forgotten.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Memory
 * @property {number} [demoPort] the demo provider's address is in every grant it gave, so it must stay
 * @property {boolean} [settled] the service has its first API key
 */

const MARK = 'devcaster.json';

export const keyFileOf = (/** @type {string} */ dataDir) => `${dataDir}.key`;

/** Whether a project lives there. @param {string} dataDir */
export const isOurs = (dataDir) => existsSync(join(dataDir, MARK));

/**
 * Make the folder on the first start; refuse one that holds somebody else's files.
 * @param {string} dataDir
 * @returns {Memory}
 */
export function openFolder(dataDir) {
  if (isOurs(dataDir)) return JSON.parse(readFileSync(join(dataDir, MARK), 'utf8'));
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new Error(`${dataDir} holds other files: choose an empty or a new folder with DEVCASTER_DATA_DIR`);
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  remember(dataDir, {}); // from here on it is ours, also when this start goes no further
  return {};
}

/** @param {string} dataDir @param {Memory} memory */
export function remember(dataDir, memory) {
  const file = join(dataDir, MARK);
  writeFileSync(`${file}.new`, `${JSON.stringify(memory)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Delete the project and the key that opens it, so that no copy of the data can be read again. @param {string} dataDir */
export function forget(dataDir) {
  if (!isOurs(dataDir)) throw new Error(`${dataDir} is not a data folder of Devcaster; nothing was deleted`);
  rmSync(dataDir, { recursive: true });
  rmSync(keyFileOf(dataDir), { force: true });
}

/** The demo provider's client secret, kept with that provider's data. @param {string} demoDir */
export function demoSecret(demoDir) {
  const file = join(demoDir, 'client-secret');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const made = randomBytes(32).toString('base64url');
  mkdirSync(demoDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}
