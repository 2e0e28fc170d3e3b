// What `npm install @devcaster/core` brings: the packed tarball, installed elsewhere and used from there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from './support/build.js';

const folder = mkdtempSync(join(tmpdir(), 'devcaster-package-'));
/** @type {{ filename: string, files: { path: string }[] }} */
let packed;

/** @param {string} program @param {string[]} args @param {string} [cwd] */
const run = (program, args, cwd = folder) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

before(() => {
  const said = run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root);
  packed = JSON.parse(said.slice(said.indexOf('[\n')))[0];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--silent', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)]);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball holds the SDK, the edge handler, the modules and types, and nothing of our workshop', () => {
  const paths = packed.files.map(({ path }) => path);
  for (const path of [
    'js/index.js',
    'js/edge/index.js',
    'js/wasm/core.wasm',
    'js/wasm/mask.wasm',
    'js/wasm/edge.wasm',
    'types/index.d.ts',
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => /^(js\/local|tests|src|web|build)\//.test(path)),
    [],
  );
});

test('every file that package.json names is there', () => {
  const home = join(folder, 'node_modules/@devcaster/core');
  const { exports, imports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const named = JSON.stringify([exports, imports]).match(/\.\/[^"]+/g) ?? [];
  for (const path of named.filter((one) => one !== './edge' && one.includes('/', 2))) readFileSync(join(home, path));
});

const use = `const out = await mask('{"access_token":"gho_0123456789"}');
if (out !== '{"access_token":"gho_..."}') throw new Error(out);
new Devcaster({ apiKey: 'ak_0123456789' });`;

test('import works', () => {
  run('node', ['--input-type=module', '-e', `import { Devcaster, mask } from '@devcaster/core';\n${use}`]);
});

test('require works where Node can require modules', (t) => {
  if (!('require_module' in process.features)) return t.skip('this Node cannot require() a module');
  const wrapped = `const { Devcaster, mask } = require('@devcaster/core'); (async () => { ${use} })();`;
  run('node', ['--no-warnings', '-e', wrapped]);
});
