import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openStore } from '../js/local/demo/adapter.js';

// The rules of the demo provider's store that no request can show for certain.

/** @param {import('node:test').TestContext} t @returns {string} a folder that goes with the test */
function folderFor(t) {
  const folder = mkdtempSync(join(tmpdir(), 'demo-store-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** @param {string} folder */
const open = (folder) => openStore(folder, () => new Error('used'));

test('a token is consumed once, also when two ask at the same moment', async (t) => {
  const tokens = open(folderFor(t)).adapter('RefreshToken');
  await tokens.upsert('a', { grantId: 'g' }, 60);
  const results = await Promise.allSettled([tokens.consume('a'), tokens.consume('a'), tokens.consume('missing')]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  );
});

test('records outlive a restart, expired and damaged ones do not', async (t) => {
  const folder = folderFor(t);
  const first = open(folder);
  const before = first.adapter('Session');
  await before.upsert('kept', { uid: 'u1', n: 1 }, 60);
  await before.upsert('kept', { uid: 'u1', n: 2 }, 60);
  await before.upsert('gone', { uid: 'u2' }, 60);
  await before.destroy('gone');
  await before.upsert('old', { uid: 'u3' }, -1);
  writeFileSync(join(folder, 'Session', 'half.json'), '{"id":"half","exp":');
  const after = open(folder).adapter('Session');
  assert.deepEqual(await after.find('kept'), { uid: 'u1', n: 2 });
  assert.deepEqual(await after.findByUid('u1'), { uid: 'u1', n: 2 });
  for (const id of ['gone', 'old', 'half']) assert.equal(await after.find(id), undefined, id);
  assert.equal(readdirSync(join(folder, 'Session')).length, 1);
});

test('revoking a grant takes its own tokens only, in memory and on disk', async (t) => {
  const folder = folderFor(t);
  const tokens = open(folder).adapter('AccessToken');
  for (const [id, grantId] of [
    ['a', 'g1'],
    ['b', 'g1'],
    ['c', 'g2'],
  ]) {
    await tokens.upsert(id, { grantId }, 60);
  }
  await tokens.revokeByGrantId('g1');
  for (const shelf of [tokens, open(folder).adapter('AccessToken')]) {
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((id) => shelf.find(id))), [
      undefined,
      undefined,
      { grantId: 'g2' },
    ]);
  }
});

test('sweeping removes the files of what has expired', async (t) => {
  const folder = folderFor(t);
  const store = open(folder);
  const sessions = store.adapter('Session');
  await sessions.upsert('old', { uid: 'u' }, -1);
  await sessions.upsert('new', { uid: 'v' }, 60);
  assert.equal(await sessions.find('old'), undefined);
  await store.sweep();
  assert.equal(readdirSync(join(folder, 'Session')).length, 1);
});
