// The folder that the service hands out as static files: the page, and below sdk/ what a browser needs of the package.
// Links, not copies: an edit of the page shows at the next reload.
import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const NOT_FOR_BROWSERS = ['edge', 'local'];

/**
 * Bring the folder up to date. Several starts may do this at once, so what is right already stays untouched.
 * @param {string} root of the repository
 * @param {string} folder
 */
export function assembleSite(root, folder) {
  const wanted = new Map([
    ...filesOf(join(root, 'web')).map((path) => /** @type {const} */ ([path, join(root, 'web', path)])),
    ...filesOf(join(root, 'js'))
      .filter(isForBrowsers)
      .map((path) => /** @type {const} */ ([join('sdk', path), join(root, 'js', path)])),
  ]);
  mkdirSync(folder, { recursive: true });
  for (const path of filesOf(folder)) {
    if (!wanted.has(path)) rmSync(join(folder, path), { force: true });
  }
  for (const [path, source] of wanted) link(join(folder, path), source);
}

/** @param {string} path */
function isForBrowsers(path) {
  const [top] = path.split(sep);
  if (NOT_FOR_BROWSERS.includes(top)) return false;
  return top === 'wasm' ? path === join('wasm', 'core.wasm') : path.endsWith('.js');
}

/** Paths of everything below a folder that is not itself a folder. @param {string} folder */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.path, entry.name)));
}

/** @param {string} path @param {string} source */
function link(path, source) {
  const target = relative(dirname(path), source);
  const now = lstatSync(path, { throwIfNoEntry: false });
  if (now?.isSymbolicLink() && readlinkSync(path) === target) return;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error; // another start was faster
  }
}
