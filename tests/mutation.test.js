// `npm run mutate` breaks each rule once. Here only: can it still? It takes minutes, this takes none.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../js/local/wasm.js';
import { placeOf, readMutations, readTable } from './mutation/table.js';

const mutations = readMutations();

test('what a mutation replaces stands in its file exactly once', () => {
  assert.ok(mutations.length > 0);
  for (const { rule, file, find, put } of mutations) {
    assert.doesNotThrow(() => placeOf(readFileSync(join(root, 'src', file), 'utf8'), find), `${rule}, in ${file}`);
    assert.notEqual(find, put, rule);
  }
});

test('no rule is broken twice under one name, and each has tests', () => {
  const names = mutations.map(({ rule, tests }) => `${rule} (${tests})`);
  assert.deepEqual([...new Set(names)], names);
  for (const name of new Set(mutations.flatMap(({ tests }) => tests))) {
    assert.ok(existsSync(join(root, 'tests/c', `${name}.c`)), name);
  }
});

test('what is no mutation is an error', () => {
  for (const text of [
    'a\nin b.c\n- c',
    'tests t\n\na\nb.c\n- c',
    'tests t\n\na\nin b.c',
    'tests t\n\na\nin b.c\n- c\nd',
  ]) {
    assert.throws(() => readTable(text), /no/);
  }
  assert.deepEqual(readTable('tests t u\n\na rule\nin b.c\n-  x\n-\n- y\n+ z\n'), [
    { rule: 'a rule', file: 'b.c', find: ' x\n\ny', put: 'z', tests: ['t', 'u'] },
  ]);
  assert.throws(() => placeOf('abab', 'ab'), /several/);
  assert.throws(() => placeOf('abab', 'c'), /not there/);
});
