import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { same } from '../js/edge/bytes.js';
import { KeysError, UnreadableError, Vault } from '../js/edge/vault.js';

// The vault by itself: what is sealed opens only where it belongs.

const newKey = () => randomBytes(32).toString('base64');
const old = newKey();
const binding = ['project', 'user_1', 'ca_1', 'credential', '1'];
const SECRET = '{"access_token":"gho_planted","note":"ä€😀"}';

test('a credential opens with its own key and binding, and with no other', async () => {
  const vault = await Vault.open(`k1:${old}`);
  const { key, wrapped } = await vault.newKey(binding.slice(0, 3));
  const sealed = await vault.seal(key, binding, SECRET);
  const again = await vault.openKey(binding.slice(0, 3), wrapped);
  assert.equal(await vault.open(again, binding, sealed), SECRET);
  assert.ok(!Buffer.from(sealed).includes('gho_planted'));
  for (const [at, other] of [
    [0, 'project2'],
    [1, 'user_2'],
    [2, 'ca_2'],
    [3, 'view'],
    [4, '2'],
  ]) {
    const moved = binding.with(Number(at), String(other));
    await assert.rejects(vault.open(again, moved, sealed), UnreadableError, `bound to ${other}`);
  }
  const { key: foreign } = await vault.newKey(binding.slice(0, 3));
  await assert.rejects(vault.open(foreign, binding, sealed), UnreadableError);
  await assert.rejects(vault.openKey(['project', 'user_2', 'ca_1'], wrapped), UnreadableError);
});

test('parts of a binding cannot slide into each other', async () => {
  const vault = await Vault.open(`k1:${old}`);
  const sealed = await vault.sealText('x', ['a', 'bc'], SECRET);
  await assert.rejects(vault.openText('x', ['ab', 'c'], sealed), UnreadableError);
  await assert.rejects(vault.openText('x', ['a,bc'], sealed), UnreadableError);
  await assert.rejects(vault.openText('y', ['a', 'bc'], sealed), UnreadableError, 'another purpose');
  assert.equal(await vault.openText('x', ['a', 'bc'], sealed), SECRET);
});

test('one changed bit anywhere makes it unreadable', async () => {
  const vault = await Vault.open(`k1:${old}`);
  const { key } = await vault.newKey(['p']);
  const sealed = await vault.seal(key, ['p'], 'secret');
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] ^= 1;
    await assert.rejects(vault.open(key, ['p'], changed), UnreadableError);
  }
  await assert.rejects(vault.open(key, ['p'], sealed.subarray(0, 10)), UnreadableError);
});

test('sealing twice gives two texts', async () => {
  const vault = await Vault.open(`k1:${old}`);
  assert.notEqual(await vault.sealText('x', [], SECRET), await vault.sealText('x', [], SECRET));
});

test('after a rotation the old key still opens, and the new one seals', async () => {
  const before = await Vault.open(`k1:${old}`);
  const sealed = await before.sealText('x', ['a'], SECRET);
  const { wrapped } = await before.newKey(['a']);
  const after = await Vault.open(`k2:${newKey()},k1:${old}`);
  assert.equal(after.active, 'k2');
  assert.equal(await after.openText('x', ['a'], sealed), SECRET);
  await after.openKey(['a'], wrapped);
  assert.match(await after.sealText('x', ['a'], SECRET), /^k2\./);
  const lost = await Vault.open(`k2:${newKey()}`);
  await assert.rejects(lost.openText('x', ['a'], sealed), UnreadableError);
  await assert.rejects(lost.openKey(['a'], wrapped), UnreadableError);
});

test('what is no sealed text is unreadable, never another error', async () => {
  const vault = await Vault.open(`k1:${old}`);
  for (const bad of [
    '',
    '.',
    'k1',
    'k1.',
    `k1.${'A'.repeat(38)}`,
    `k9.${'A'.repeat(60)}`,
    `k1.${'=/+'.repeat(20)}`,
    '\u0000',
  ]) {
    await assert.rejects(vault.openText('x', [], bad), UnreadableError, JSON.stringify(bad));
  }
});

test('keys that are absent or malformed are refused without being shown', async () => {
  const secret = newKey();
  for (const bad of [
    undefined,
    '',
    ' ',
    secret,
    `k1:${secret.slice(4)}`,
    `k1:${secret},k1:${secret}`,
    `k 1:${secret}`,
    `:${secret}`,
  ]) {
    await assert.rejects(
      Vault.open(bad),
      (/** @type {Error} */ error) => error instanceof KeysError && !error.message.includes(secret.slice(4, 20)),
    );
  }
});

test('texts are compared as they are', () => {
  assert.ok(same('abc', 'abc'));
  for (const other of ['abd', 'ab', 'abcd', '']) assert.ok(!same('abc', other));
});
