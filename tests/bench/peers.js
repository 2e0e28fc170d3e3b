// The packages that the core is measured against. They are no dependencies of the repository: the bench installs them
// into its own folder when it first runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
export const require = createRequire(import.meta.url);

/** What the folder's lock file and what is installed say about a package. @param {string} name */
function upToDate(name) {
  const at = `${folder}node_modules/${name}/package.json`;
  const lock = JSON.parse(readFileSync(`${folder}package-lock.json`, 'utf8'));
  return (
    existsSync(at) && JSON.parse(readFileSync(at, 'utf8')).version === lock.packages[`node_modules/${name}`].version
  );
}

/** @returns {string | undefined} why they are not there */
export function installPeers() {
  const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  if (Object.keys(dependencies).every(upToDate)) return undefined;
  console.error('installing the packages to compare with into tests/bench/node_modules');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const { status, error, stderr } = spawnSync('npm', ['ci', ...options], { cwd: folder, encoding: 'utf8' });
  return status === 0 ? undefined : `npm ci in tests/bench failed ${error ?? ''}${stderr}`.trim();
}

/** A package by name, or undefined where it is not installed. @param {string} name @returns {any} */
export function peer(name) {
  try {
    return require(name);
  } catch (error) {
    if (/** @type {any} */ (error).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
