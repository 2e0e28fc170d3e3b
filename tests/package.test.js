// What `npm install @devcaster/core` brings: the packed tarball, installed elsewhere and judged from there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from './support/build.js';
import { installed } from './support/installed.js';
import { installPacked } from './support/packed.js';

/** @type {Awaited<ReturnType<typeof installPacked>>} */
let packed;
/** @type {any} package.json as it was packed */
let manifest;

before(async () => {
  packed = await installPacked();
  manifest = JSON.parse(readFileSync(join(packed.home, 'package.json'), 'utf8'));
});
after(() => packed?.remove());

/** @param {string[]} command */
function succeeds(command) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, command, {
    cwd: packed.folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, `${error ?? ''}${stdout}${stderr}`);
}

test('the tarball holds the SDK, the edge handler, the modules and types, and nothing of our workshop', () => {
  const packedPaths = packed.files.map(({ path }) => path);
  const folders = /^(js\/(core\/|edge\/|wasm\/)?|types\/)|^(LICENSE|README\.md|package\.json)$/;
  const strange = packedPaths.filter(
    (path) => !folders.test(path) || /^js\/local\/|\.(c|h|tgz|log)$|tsconfig/.test(path),
  );
  assert.deepEqual(strange, []);
  const entries = ['js/index.js', 'js/edge/index.js', 'types/index.d.ts', 'types/edge/index.d.ts'];
  const modules = ['js/wasm/core.wasm', 'js/wasm/mask.wasm', 'js/wasm/edge.wasm'];
  for (const path of [...entries, ...modules, 'LICENSE', 'README.md']) assert.ok(packedPaths.includes(path), path);
});

/** Every path that an entry of package.json leads to. @param {any} target @returns {string[]} */
const paths = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(paths));

test('every file that package.json names is there', () => {
  const named = [...Object.values(manifest.exports), ...Object.values(manifest.imports)].flatMap(paths);
  assert.ok(named.length > 5);
  for (const path of named) assert.ok(existsSync(join(packed.home, path)), path);
});

/** Every object of conditions in package.json. @param {any} target @returns {string[][]} */
const conditions = (target) =>
  typeof target === 'string' ? [] : [Object.keys(target), ...Object.values(target).flatMap(conditions)];

test('the narrower condition stands first: types, then workers, then browsers and Node, then everything else', () => {
  const ranks = ['types', 'workerd', 'edge-light', 'browser', 'node', 'import', 'require', 'default'];
  const all = [...Object.values(manifest.exports), ...Object.values(manifest.imports)].flatMap(conditions);
  assert.ok(all.some((names) => names.includes('workerd')));
  for (const names of all) {
    const places = names.map((name) => ranks.indexOf(name));
    assert.ok(!places.includes(-1), `a condition without a rank: ${names}`);
    assert.deepEqual(
      places,
      [...places].sort((one, other) => one - other),
      String(names),
    );
    assert.equal(names.at(-1), 'default');
  }
});

test('what npm and bundlers read is said: licence, engines, no side effects, no dependencies, provenance', () => {
  const { license, type, sideEffects, dependencies, peerDependencies, publishConfig, engines, keywords } = manifest;
  assert.deepEqual(
    [license, type, sideEffects, dependencies, peerDependencies],
    ['MIT', 'module', false, undefined, undefined],
  );
  assert.deepEqual(publishConfig, { access: 'public', provenance: true });
  assert.match(engines.node, /^>=20/);
  assert.ok(keywords.length > 4);
});

test('the edge handler is imported, and required where Node can', () => {
  const has = "if (typeof createHandler !== 'function') throw new Error('no createHandler');";
  succeeds(['--input-type=module', '-e', `import { createHandler } from '@devcaster/core/edge'; ${has}`]);
  if (!('require_module' in process.features)) return;
  const words = ['--no-warnings', '--input-type=commonjs', '-e'];
  succeeds([...words, `const { createHandler } = require('@devcaster/core/edge'); ${has}`]);
});

test('publint --strict finds nothing', async () => {
  const { publint } = await import(pathToFileURL((await installed('package')).resolve('publint')).href);
  const { buffer, byteOffset, byteLength } = readFileSync(packed.tarball);
  const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
  const { messages } = await publint({ strict: true, pack: { tarball } });
  assert.deepEqual(messages, []);
});

test('are the types wrong? No', async () => {
  const packages = await installed('package');
  const at = packages.resolve('@arethetypeswrong/cli/package.json');
  // ESM alone is meant: Node require()s it, and what types CommonJS programs see is tested below.
  const words = ['--profile', 'esm-only', '--no-color', '--no-emoji'];
  succeeds([join(at, '..', packages(at).bin.attw), packed.tarball, ...words]);
});

/** Type checks tests/types in the project that has the package installed. @param {string} config */
function compiles(config) {
  cpSync(join(root, 'tests/types'), join(packed.folder, 'types'), { recursive: true });
  const types = ['--typeRoots', join(root, 'node_modules/@types')];
  succeeds([join(root, 'node_modules/typescript/bin/tsc'), '-p', join('types', config), ...types]);
}

for (const [config, whose] of Object.entries({
  'tsconfig.json': 'a program of modules that Node resolves',
  'tsconfig.bundler.json': 'a program that is bundled',
  'tsconfig.node.json': 'a program that knows no type of browsers',
})) {
  test(`what must compile does, and what must not does not, in ${whose}`, () => compiles(config));
}
