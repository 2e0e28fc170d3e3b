// Small parts of the edge handler that need no service around them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openCore } from '../js/core/core.js';
import { callerOf, cookie, isSameOrigin } from '../js/edge/auth.js';
import { readBody } from '../js/edge/body.js';
import { Directory, forgetDirectory } from '../js/edge/directory.js';
import { html } from '../js/edge/html.js';
import { Locks } from '../js/edge/locks.js';
import { once } from '../js/edge/objects.js';
import { openSettings } from '../js/edge/settings.js';
import { newAccountId, newLinkToken, shardOfId, shardOfUser } from '../js/edge/shards.js';
import { Store } from '../js/edge/store.js';
import { tokenCaller } from '../js/edge/user-token-service.js';
import { Vault } from '../js/edge/vault.js';
import { edgeWasmPath } from '../js/local/wasm.js';

test('work under one name runs one after the other, failures too, and nothing is kept', async () => {
  const locks = new Locks();
  let running = 0;
  /** @type {number[]} */
  const order = [];
  const work = async (/** @type {number} */ i) => {
    running += 1;
    assert.equal(running, 1, 'alone');
    await turn();
    order.push(i);
    running -= 1;
    if (i % 3 === 0) throw new RangeError('planned');
  };
  const done = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => locks.run('a', () => work(i))));
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(
    done.map(({ status }) => status === 'rejected'),
    order.map((i) => i % 3 === 0),
  );
  assert.equal(locks.size, 0);
  const inner = () => locks.run('b', async () => 'done');
  assert.equal(await locks.run('a', inner), 'done', 'another name does not wait');
});

test('what could not be opened is tried again, what was opened is kept', async () => {
  let tries = 0;
  const open = once(async () => {
    tries += 1;
    if (tries === 1) throw new Error('planned');
    return tries;
  });
  await assert.rejects(open());
  assert.deepEqual([await open(), await open(), tries], [2, 2, 2]);
});

test('ids lead to their shard, and to none that is not there', async () => {
  for (const shard of [0, 15, 255]) {
    assert.equal(shardOfId(newAccountId(shard), 256), shard);
    assert.equal(shardOfId(newLinkToken(shard), 256), shard);
  }
  assert.equal(shardOfId(newAccountId(16), 16), null);
  for (const bad of ['', 'ca_', 'ca_zz', 'ca_0', 'CA_00x', null, undefined]) assert.equal(shardOfId(bad, 256), null);
  assert.match(newLinkToken(1), /^lk_01[\w-]{43}$/);
  const counts = new Array(16).fill(0);
  for (let i = 0; i < 1600; i++) counts[await shardOfUser(`user-${i}`, 16)] += 1;
  assert.ok(Math.min(...counts) > 60 && Math.max(...counts) < 150, `users spread: ${counts}`);
});

test('inserted text never becomes markup', () => {
  const { text } = html`<p title="${`"'><`}">${['&', html`<b>${'<i>'}</b>`]}${null}${false}${0}</p>`;
  assert.equal(text, '<p title="&quot;&#39;&gt;&lt;">&amp;<b>&lt;i&gt;</b>0</p>');
});

test('a cookie is found by its whole name', () => {
  const request = new Request('http://x/', { headers: { cookie: 'a=1; __Host-s=2=3; x__Host-s=4; empty' } });
  assert.deepEqual(
    ['a', '__Host-s', 'Host-s', 'empty', 'none'].map((name) => cookie(request, name)),
    ['1', '2=3', null, null, null],
  );
});

test('same origin is what the browser says, and our origin for everybody else', () => {
  const says = (/** @type {Record<string, string>} */ headers) =>
    isSameOrigin(new Request('http://own/', { headers }), ['http://own', 'https://public']);
  assert.ok(says({ 'sec-fetch-site': 'same-origin' }));
  assert.ok(says({ origin: 'https://public' }));
  for (const headers of [
    {},
    { origin: 'null' },
    { origin: 'http://own.evil' },
    { 'sec-fetch-site': 'none', origin: 'http://own' },
  ]) {
    assert.ok(!says(/** @type {any} */ (headers)), JSON.stringify(headers));
  }
});

test('credentials count, and only a known one has scopes', async () => {
  const known = { kind: 'key', scopes: ['read'] };
  const directory = /** @type {any} */ ({ key: async () => known, session: async () => null });
  const kind = async (/** @type {Record<string, string>} */ headers) =>
    (await callerOf(new Request('http://x/', { headers }), directory)).kind;
  assert.equal(await kind({}), 'none');
  assert.equal(await kind({ 'x-api-key': 'k' }), 'key');
  assert.equal(await kind({ 'x-api-key': 'k,k' }), 'many');
  assert.equal(await kind({ 'x-api-key': 'k', authorization: 'Bearer t' }), 'many');
  assert.equal(await kind({ cookie: '__Host-devcaster_session=s', 'x-api-key': 'k' }), 'many');
  assert.equal(await kind({ cookie: '__Host-devcaster_session=s' }), 'unknown');
  assert.equal(await kind({ authorization: 'Bearer t' }), 'unknown');
  assert.equal(await kind({ cookie: 'other=1', 'x-api-key': 'k' }), 'key');
});

test('whoever guesses drives nobody out, and without a guess left asks nothing', async () => {
  /** @type {string[]} */
  const asked = [];
  const answer = async (/** @type {string} */ question, /** @type {any} */ message) => {
    asked.push(`${question} ${message.hash ?? ''}`);
    return { value: message.hash?.startsWith('good') || question === 'project' ? { kind: 'key', scopes: [] } : null };
  };
  const PROJECT = { idFromName: () => 'project', get: () => ({ answer }) };
  const directory = new Directory(/** @type {any} */ ({ env: { PROJECT } }));
  await directory.project();
  await directory.key('good');
  for (let i = 0; i < 1500; i++) assert.equal(await directory.key(`guess-${i}`), null);
  assert.equal(asked.splice(0).length, 1502);
  await directory.project();
  assert.equal((await directory.key('good'))?.kind, 'key');
  assert.equal(await directory.key('guess-1499'), null);
  assert.deepEqual(asked, [], 'all of that is still known');
  assert.equal(await directory.key('guess-x', true), null);
  assert.equal(await directory.session('good', true), null, 'a session is no key');
  assert.equal(await directory.key('good-too', true), null, 'it was not shown before');
  assert.deepEqual(asked, []);
  forgetDirectory();
  assert.equal((await directory.key('good', true))?.kind, 'key');
  assert.deepEqual(asked, ['key good'], 'what was good is asked for again');
});

test('an account is found by its identity without a walk through all of them', async () => {
  const core = await openCore(readFileSync(edgeWasmPath));
  /** @type {string[]} */
  const queries = [];
  const exec = (/** @type {string} */ query) => {
    queries.push(query);
    return [];
  };
  const { keys } = new Store(/** @type {any} */ ({ sql: { exec } }), core.catalog);
  assert.ok(
    queries.some((query) => query.includes(`INDEX`) && query.endsWith(`("${keys.identity}", "${keys.toolkit}")`)),
  );
});

/** The first call of one of these never ends, as in a request that was cancelled. @param {'importKey' | 'decrypt'} name @param {() => Promise<unknown>} work */
async function stuck(name, work) {
  const real = crypto.subtle[name];
  const restore = () => void Object.defineProperty(crypto.subtle, name, { value: real, configurable: true });
  const begun = new Promise((resolve) => {
    const value = () => {
      restore();
      resolve(undefined);
      return new Promise(() => {});
    };
    Object.defineProperty(crypto.subtle, name, { value, configurable: true });
  });
  void work();
  await begun;
}

const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

test('settings that a cancelled request began to read are read by the next, and then kept', async () => {
  const env = /** @type {any} */ ({ DEVCASTER_ENCRYPTION_KEYS: KEYS });
  await stuck('importKey', () => openSettings(env));
  const [one, two] = await Promise.all([openSettings(env), openSettings(env)]);
  assert.equal(one, two, 'there is one, with one count of requests');
  assert.equal(await openSettings(env), one);
});

test('settings that cannot be read are told of once', async (t) => {
  const { mock } = t.mock.method(console, 'error', () => {});
  const env = /** @type {any} */ ({ DEVCASTER_ENCRYPTION_KEYS: 'no key' });
  const asked = await Promise.allSettled([openSettings(env), openSettings(env)]);
  await assert.rejects(openSettings(env), { name: 'KeysError' });
  assert.deepEqual([...asked.map(({ status }) => status), mock.callCount()], ['rejected', 'rejected', 1]);
});

test('a key of user tokens that a cancelled request began to open is opened by the next', async () => {
  const { core } = await openSettings(/** @type {any} */ ({ DEVCASTER_ENCRYPTION_KEYS: KEYS }));
  const vault = await Vault.open(KEYS);
  const sealed = await vault.sealText('user-token-key', ['project', 'user-tokens'], 'A'.repeat(43));
  const tokenKey = async () => ({ number: 1, sealed, makers: [] });
  const directory = /** @type {any} */ ({ settings: { core, vault }, tokenKey });
  await stuck('decrypt', () => tokenCaller(directory, 'none'));
  assert.equal(await tokenCaller(directory, 'none'), null);
});

test('a body is read up to its limit and must be UTF-8', async () => {
  const post = (/** @type {BodyInit} */ body) => new Request('http://x/', { method: 'POST', body });
  assert.deepEqual(await readBody(post('abcd'), 4), { body: 'abcd', fault: null });
  assert.deepEqual(await readBody(post('abcde'), 4), { body: null, fault: 'body_too_large' });
  assert.deepEqual(await readBody(post(new Uint8Array([0xc3, 0x28])), 4), { body: null, fault: 'bad_body' });
  assert.deepEqual(await readBody(new Request('http://x/'), 4), { body: '', fault: null });
});
