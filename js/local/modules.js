// The worker's modules for a bare `workerd`, which has no bundler: found by following the imports from the entry.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path';

/** @typedef {{ name: string, kind: 'esModule' | 'wasm' | 'json', file?: string, text?: string }} WorkerModule */

const IMPORT = /^[ \t]*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
/** @type {Record<string, WorkerModule['kind']>} */
const KINDS = { '.js': 'esModule', '.wasm': 'wasm' };

/**
 * Every module that `entry` needs, itself first.
 * @param {string} root folder that module names are relative to
 * @param {string} entry path of the main module inside `root`
 * @param {Record<string, string>} leaves what differs per runtime: specifier to path inside `root`
 * @returns {WorkerModule[]}
 */
export function collectModules(root, entry, leaves) {
  /** @type {Map<string, WorkerModule>} */
  const found = new Map();
  const waiting = [entry];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (found.has(name)) continue;
    const module = readModule(root, name, leaves);
    found.set(name, module);
    if (module.kind === 'esModule') waiting.push(...importsOf(root, name, module, leaves));
  }
  return [...found.values()];
}

/** @param {string} root @param {string} name @param {Record<string, string>} leaves @returns {WorkerModule} */
function readModule(root, name, leaves) {
  // A package's own name has a slash in it, so the last part of a path is not always the whole specifier.
  const specifier = Object.keys(leaves).find((one) => name === one || name.endsWith(`/${one}`));
  const leaf = specifier && leaves[specifier];
  if (leaf) {
    // workerd looks a bare specifier up beside its importer, so the leaf gets a second name there.
    const all = extname(leaf) === '.wasm' ? '{ default }' : '*';
    return { name, kind: 'esModule', text: `export ${all} from './${relative(dirname(name), leaf)}';\n` };
  }
  const kind = KINDS[extname(name)];
  const file = join(root, name);
  if (!kind || !existsSync(file)) throw new Error(`the worker imports ${name}, which is not there`);
  return { name, kind, file };
}

/**
 * @param {string} root @param {string} name @param {WorkerModule} module @param {Record<string, string>} leaves
 * @returns {string[]}
 */
function importsOf(root, name, module, leaves) {
  const source = module.text ?? readFileSync(join(root, name), 'utf8');
  return [...source.matchAll(IMPORT)]
    .map((match) => match[1])
    .filter((specifier) => specifier in leaves || specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(name), specifier)));
}
