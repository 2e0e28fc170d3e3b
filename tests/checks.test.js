// What a reader of the code relies on: formatting, lint, types, sizes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildNative, edgeWasmPath, maskWasmPath, nativeDir, root, wasmPath } from './support/build.js';

const LINES = 320;
const WASM_BYTES = 32 * 1024;
const GZIPPED = 14 * 1024;

/** Paths of a folder's files, at any depth. @param {string} folder @returns {string[]} */
function filesIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}

/** @param {string} command @param {string[]} words */
function succeeds(command, words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, `${command} ${words.slice(0, 3).join(' ')} ...\n${error ?? ''}${stdout}${stderr}`);
}

/** A program of the npm packages, without the detour over npx. @param {string} name */
const bin = (name) => join(root, 'node_modules/.bin', name);

const cFiles = [...filesIn('src'), ...filesIn('tests')].filter((path) => /\.[ch]$/.test(path));

test('C files are formatted', () => succeeds('clang-format', ['--dry-run', '-Werror', ...cFiles]));

test('clang-tidy finds nothing', async () => {
  await buildNative(); // it reads the compile commands
  succeeds('clang-tidy', ['-p', nativeDir, '--quiet', ...cFiles.filter((path) => path.endsWith('.c'))]);
});

test('the type checker finds nothing', () => succeeds(bin('tsc'), ['-p', root]));

test('the linter and formatter of JavaScript find nothing', () => succeeds(bin('biome'), ['ci', '--colors=off']));

/** A module's own exports, after checking that it needs nothing from its host. @param {string} path */
function exportsOf(path) {
  const module = new WebAssembly.Module(readFileSync(path));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  return names.filter((name) => name.startsWith('dc_')).sort();
}

test('the modules import nothing and export the public header, the small ones a part of it each', () => {
  const header = readFileSync(join(root, 'src/devcaster.h'), 'utf8');
  const wanted = [...header.matchAll(/^\w.*?\b(dc_\w+)\(/gm)].map(([, name]) => name).sort();
  assert.ok(wanted.length > 0);
  assert.deepEqual(exportsOf(edgeWasmPath), wanted);
  const sdk = ['dc_catalog', 'dc_delay', 'dc_request', 'dc_response'];
  const masker = ['dc_catalog_mask', 'dc_mask', 'dc_mask_begin', 'dc_mask_end', 'dc_mask_size', 'dc_webhook'];
  assert.deepEqual(exportsOf(wasmPath), [...sdk, 'dc_close', 'dc_open'].sort());
  assert.deepEqual(exportsOf(maskWasmPath), [...masker, 'dc_close', 'dc_open'].sort());
});

test('the small modules are small', () => {
  for (const path of [wasmPath, maskWasmPath]) {
    const bytes = readFileSync(path);
    const packed = gzipSync(bytes, { level: 9 }).length;
    assert.ok(bytes.length <= WASM_BYTES && packed <= GZIPPED, `${path}: ${bytes.length} bytes, ${packed} gzipped`);
  }
});

test(`no source file is longer than ${LINES} lines`, () => {
  const sources = ['src', 'js', 'web'].flatMap(filesIn).filter((path) => /\.(c|h|m?js|ts|css|html)$/.test(path));
  const long = sources.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length - 1 > LINES);
  assert.deepEqual(long, []);
});

test('the lock file names packages and hashes, no addresses', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const withAddress = Object.keys(packages).filter((path) => 'resolved' in packages[path]);
  assert.deepEqual(withAddress, []);
});
