// The npm packages of the lock file.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, run } from './wasm.js';

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean }>} */
function lockedPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

/** Is what npm says it has installed the same as what the lock file wants? */
function areInstalled() {
  const installed = lockedPackages(join(root, 'node_modules/.package-lock.json'));
  return Object.entries(lockedPackages(join(root, 'package-lock.json'))).every(([path, { version, optional }]) => {
    if (path === '') return true; // this package itself
    return installed[path] ? installed[path].version === version && existsSync(join(root, path)) : optional === true;
  });
}

/** Install the packages of the lock file where they are missing or others. Answers whether it did. */
export function installPackages() {
  if (areInstalled()) return false;
  console.log('installing the npm packages of package-lock.json');
  const npm = process.env.npm_execpath;
  const command = npm && basename(npm) === 'npm-cli.js' ? [process.execPath, npm] : ['npm'];
  // No package needs a script of its own to be installed, so none may run one.
  run([...command, 'ci', '--no-audit', '--no-fund', '--ignore-scripts']);
  return true;
}
