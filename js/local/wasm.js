// From C to what the package ships: the modules of the SDK, of the masker and of the service, each as a file and inside a
// JavaScript module.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { which } from './apt.js';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const wasmPath = join(root, 'js/wasm/core.wasm');
export const maskWasmPath = join(root, 'js/wasm/mask.wasm');
export const edgeWasmPath = join(root, 'js/wasm/edge.wasm');
export const cjsonDir = join(root, 'build/cjson');
/** What CMake makes, and where it goes. */
const MODULES = [
  { built: 'devcaster.wasm', wasm: wasmPath, inline: join(root, 'js/wasm/inline.js') },
  { built: 'devcaster-mask.wasm', wasm: maskWasmPath, inline: join(root, 'js/wasm/mask-inline.js') },
  { built: 'devcaster-edge.wasm', wasm: edgeWasmPath, inline: join(root, 'js/wasm/edge-inline.js') },
];
const stampPath = join(root, 'build/wasm.stamp');

/** Run a program in the repository; its output is shown only when it fails. @param {string[]} command */
export function run(command) {
  const result = spawnSync(command[0], command.slice(1), { cwd: root, encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command.join(' ')} failed:\n${result.stdout}${result.stderr}`);
}

/** Options of the first `cmake` run in a folder; a folder that has a generator keeps it. @param {string} folder */
export function generator(folder) {
  return existsSync(join(folder, 'CMakeCache.txt')) || !which('ninja') ? [] : ['-G', 'Ninja'];
}

/** A hash over everything that the wasm and the files made from it depend on. */
function fingerprint() {
  const sources = readdirSync(join(root, 'src')).filter((name) => /\.[ch]$/.test(name));
  const files = ['CMakeLists.txt', 'js/local/wasm.js', ...sources.sort().map((name) => `src/${name}`)];
  const hash = createHash('sha256');
  for (const path of [...files, 'build/cjson/cJSON.c', 'build/cjson/cJSON.h']) {
    const bytes = existsSync(join(root, path)) ? readFileSync(join(root, path)) : '';
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * The module for runtimes that compile bytes: the wasm deflated and as text. The plain wasm as text would be a fifth more
 * in a bundle, also in one that is sent compressed. Every browser with the SIMD that the wasm needs can inflate.
 * @param {string} name @param {Buffer} bytes
 */
function inlineModule(name, bytes) {
  return `// Made by js/local/wasm.js out of ${name}.
const deflated =
  '${deflateSync(bytes, { level: 9 }).toString('base64')}';

/** @returns {Promise<WebAssembly.Module>} */
export async function load() {
  const bytes = Uint8Array.from(atob(deflated), (character) => character.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return WebAssembly.compile(await new Response(inflated).arrayBuffer());
}
`;
}

/** Write so that nobody ever reads half a file. @param {string} path @param {string | Buffer} content */
function replaceFile(path, content) {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** Build all modules unless they are there and made from just these sources. Answers whether they were built. */
export function buildWasm() {
  const there = [stampPath, ...MODULES.flatMap(({ wasm, inline }) => [wasm, inline])].every((path) => existsSync(path));
  const wanted = fingerprint(); // before the build, so that a source that changes meanwhile is built the next time
  if (there && readFileSync(stampPath, 'utf8') === wanted) return false;
  console.log('building devcaster.wasm');
  const folder = join(root, 'build/wasm');
  rmSync(stampPath, { force: true });
  run(['emcmake', 'cmake', '-S', root, '-B', folder, ...generator(folder)]);
  run(['cmake', '--build', folder, '--parallel', '2']);
  mkdirSync(join(root, 'js/wasm'), { recursive: true });
  for (const { built, wasm, inline } of MODULES) {
    const bytes = readFileSync(join(folder, built));
    replaceFile(wasm, bytes);
    replaceFile(inline, inlineModule(built, bytes));
  }
  replaceFile(stampPath, wanted);
  return true;
}
