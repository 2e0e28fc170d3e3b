// What keeps two services off the same files, and a service from outliving the program that started it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What flock answers when another process holds the lock. */
export const BUSY = 75;

/** @param {string} name @returns {boolean} */
const isInstalled = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

/** @param {string} dataDir */
const lock = (dataDir) =>
  isInstalled('flock') ? ['flock', '-n', '-F', '-E', String(BUSY), join(dataDir, 'lock')] : [];

/**
 * Words to put before a command: the first holds the data folder for exactly as long as the command lives (two of them
 * on the same files would lose writes), the second ends it together with this process, however that ends.
 * @param {string} dataDir
 */
export function guards(dataDir) {
  const leash = process.platform === 'linux' && isInstalled('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
  return [...lock(dataDir), ...leash];
}

/** Fails while a service runs on these data. @param {string} dataDir */
export function refuseWhenBusy(dataDir) {
  const [command, ...words] = lock(dataDir);
  if (command && spawnSync(command, [...words, 'true'], { stdio: 'ignore' }).status === BUSY) {
    throw new Error(`Another Devcaster runs on the data in ${dataDir}: stop it first`);
  }
}
