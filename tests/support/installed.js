// Packages that a single test needs: a folder of tests/ with a package.json and a lock of its own, installed below build/
// when that test first runs, so that nobody else has to, and so that no search through tests/ walks through them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { exclusively } from '../../js/local/lock.js';
import { root } from './build.js';

const FILES = ['package.json', 'package-lock.json'];

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Is every package that is named there, in the version of the lock? @param {string} from @param {string} to */
function isInstalled(from, to) {
  const { packages } = read(join(from, 'package-lock.json'));
  return Object.keys(read(join(from, 'package.json')).dependencies).every((name) => {
    const at = join(to, 'node_modules', name, 'package.json');
    return existsSync(at) && read(at).version === packages[`node_modules/${name}`].version;
  });
}

/**
 * @param {string} name of the folder in tests/
 * @returns {Promise<NodeJS.Require>} to take the packages from there
 * @throws {Error} that says what could not be installed, and by which command
 */
export async function installed(name) {
  const from = join(root, 'tests', name);
  const to = join(root, 'build/installed', name);
  mkdirSync(to, { recursive: true });
  await exclusively(`${to}.lock`, async () => {
    if (isInstalled(from, to)) return;
    for (const file of FILES) copyFileSync(join(from, file), join(to, file));
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    const { status, error, stderr } = spawnSync('npm', ['ci', ...options], { cwd: to, encoding: 'utf8' });
    if (status === 0) return;
    throw new Error(`This test needs the packages of tests/${name}, and \`npm ci\` failed: ${error ?? ''}${stderr}`);
  });
  return createRequire(join(to, 'package.json'));
}
