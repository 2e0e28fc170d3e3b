// The package as people get it: packed, and installed from the tarball into a folder elsewhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { exclusively } from '../../js/local/lock.js';
import { collectModules } from '../../js/local/modules.js';
import { root } from './build.js';

/** @typedef {{ path: string, size: number }} PackedFile */

/** @param {string} program @param {string[]} args @param {string} cwd */
const run = (program, args, cwd) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });

/**
 * @returns {Promise<{ folder: string, home: string, tarball: string, files: PackedFile[], remove: () => void }>}
 *   `folder`: a project that has the package installed; `home`: where the package is in it
 */
export async function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-packed-'));
  // One at a time: packing writes the types anew, and another tarball must not be made of halves.
  const said = await exclusively(join(root, 'build/packed.lock'), () =>
    run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root),
  );
  /** @type {{ filename: string, files: PackedFile[] }} */
  const { filename, files } = JSON.parse(said.slice(said.indexOf('[\n')))[0];
  const tarball = join(folder, filename);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', '--silent', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], folder);
  return {
    folder,
    tarball,
    files,
    home: join(folder, 'node_modules/@devcaster/core'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param {unknown} target of an entry in package.json @param {string[]} conditions @returns {string | undefined} */
function chosen(target, conditions) {
  if (typeof target === 'string') return target;
  const entries = Object.entries(target ?? {}).filter(([name]) => name === 'default' || conditions.includes(name));
  for (const [, inner] of entries) {
    const found = chosen(inner, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What each name of the package leads to in a runtime with these conditions, where nothing else resolves names: its
 * exports as the world writes them, and the names that it uses itself (`#wasm`).
 * @param {string} home of the package
 * @param {string[]} conditions
 * @returns {Record<string, string>} paths inside the package
 */
export function namesOf(home, conditions) {
  const { name, exports, imports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const outer = Object.entries(exports).map(([path, target]) => [join(name, path), target]);
  return Object.fromEntries(
    [...outer, ...Object.entries(imports)].flatMap(([specifier, target]) => {
      const path = chosen(target, conditions);
      return path === undefined ? [] : [[specifier, path.replace(/^\.\//, '')]];
    }),
  );
}

/**
 * The modules of a Worker that uses the package, for the configuration of a bare workerd, which has no bundler.
 * @param {{ folder: string, home: string }} installed
 * @param {string} entry path below the folder
 * @returns {string}
 */
export function workerModules({ folder, home }, entry) {
  const inside = relative(folder, home);
  const names = Object.entries(namesOf(home, ['workerd', 'worker', 'import']));
  const leaves = Object.fromEntries(names.map(([name, path]) => [name, join(inside, path)]));
  const modules = collectModules(folder, entry, leaves).map(({ name, kind, file, text }) => {
    const content = file ? `embed ${JSON.stringify(file)}` : JSON.stringify(text);
    return `(name = ${JSON.stringify(name)}, ${kind} = ${content})`;
  });
  return modules.join(', ');
}
