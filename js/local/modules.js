// The worker's modules for a bare `workerd`, which has no bundler: found by following the imports from the entry.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path';

/** @typedef {{ name: string, kind: 'esModule' | 'wasm', file?: string, text?: string }} WorkerModule */

const IMPORT = /^[ \t]*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
/** @type {Record<string, WorkerModule['kind']>} */
const KINDS = { '.js': 'esModule', '.wasm': 'wasm' };
const WASM = '#wasm'; // the one leaf that differs per runtime (package.json, "imports")

/**
 * Every module that `entry` needs, itself first.
 * @param {string} root folder that module names are relative to
 * @param {string} entry path of the main module inside `root`
 * @param {string} wasmLeaf path inside `root` of what `#wasm` stands for here
 * @returns {WorkerModule[]}
 */
export function collectModules(root, entry, wasmLeaf) {
  /** @type {Map<string, WorkerModule>} */
  const found = new Map();
  const waiting = [entry];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (found.has(name)) continue;
    const module = readModule(root, name, wasmLeaf);
    found.set(name, module);
    if (module.kind === 'esModule') waiting.push(...importsOf(root, name, module));
  }
  return [...found.values()];
}

/** @param {string} root @param {string} name @param {string} wasmLeaf @returns {WorkerModule} */
function readModule(root, name, wasmLeaf) {
  if (name.endsWith(`/${WASM}`)) {
    // workerd looks a bare specifier up beside its importer, so the leaf gets a second name there.
    return { name, kind: 'esModule', text: `export * from '${relative(dirname(name), wasmLeaf)}';\n` };
  }
  const kind = KINDS[extname(name)];
  const file = join(root, name);
  if (!kind || !existsSync(file)) throw new Error(`the worker imports ${name}, which is not there`);
  return { name, kind, file };
}

/** @param {string} root @param {string} name @param {WorkerModule} module @returns {string[]} */
function importsOf(root, name, module) {
  const source = module.text ?? readFileSync(join(root, name), 'utf8');
  return [...source.matchAll(IMPORT)]
    .map((match) => match[1])
    .filter((specifier) => specifier === WASM || specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(name), specifier)));
}
