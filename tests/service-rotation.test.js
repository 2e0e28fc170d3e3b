// Rotation of the master keys: nothing stays behind under an old key, and a lost key hides no more than it sealed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newApiKey } from '../js/local/keys.js';
import { startHostile } from './support/hostile-service.js';
import { call, startService } from './support/service.js';
import { copyWith } from './support/simulated.js';

const base = mkdtempSync(join(tmpdir(), 'devcaster-keys-'));
after(() => rmSync(base, { recursive: true, force: true }));

/** @typedef {Awaited<ReturnType<typeof startService>>} Service */

/** Data of its own, opened with one list of keys after the other. @param {string} name */
function data(name) {
  const dataDir = join(base, name, 'data');
  const apiKey = newApiKey();
  /** @param {string[]} keys @param {(own: Service) => Promise<void>} work */
  return async (keys, work) => {
    const env = { DEVCASTER_ENCRYPTION_KEYS: keys.join(','), DEVCASTER_API_KEY: apiKey };
    const own = await startService({ dataDir, env });
    try {
      await work(own);
    } finally {
      await own.close();
    }
  };
}

/** @param {string} id */
const newKey = (id) => `${id}:${randomBytes(32).toString('base64')}`;

/** @param {Service} own @param {string} user */
async function connect(own, user) {
  const [config] = (await call(own, 'GET', '/auth_configs?toolkit_slug=demokey')).body.items;
  const state = { authScheme: 'API_KEY', val: { api_key: `demo_of_${user}` } };
  const body = { auth_config: { id: config.id }, connection: { user_id: user, state } };
  const answer = await call(own, 'POST', '/connected_accounts', body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}

/** @param {Service} own */
async function ownConfig(own) {
  const credentials = { client_id: 'own', client_secret: 'client-secret-1' };
  const auth_config = { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials };
  return (await call(own, 'POST', '/auth_configs', { toolkit: { slug: 'demo' }, auth_config })).body.auth_config.id;
}

/** @param {Service} own */
const plain = (own) => call(own, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });

/** The line that says that a sweep has ended. @param {{ logs: () => string }} own */
async function swept(own) {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(100)) {
    const line = own
      .logs()
      .split('\n')
      .find((one) => one.includes('"rotation"'));
    if (line) return JSON.parse(line);
  }
  return assert.fail(`no sweep ended:\n${own.logs()}`);
}

test('after a rotation the sweep moves everything to the new key, and the old one can be dropped', async () => {
  const open = data('sweep');
  const [k1, k2] = [newKey('k1'), newKey('k2')];
  /** @type {string[]} */
  let ids = [];
  let config = '';
  await open([k1], async (own) => {
    await plain(own);
    ids = await Promise.all(Array.from({ length: 130 }, (_, i) => connect(own, `user${i}`)));
    config = await ownConfig(own);
    assert.ok(!own.logs().includes('"rotation"'), 'new data need no sweep');
  });
  await open([k2, k1], async (own) => {
    const { key, moved, unreadable } = await swept(own); // nobody has asked for any account
    assert.deepEqual([key, unreadable], ['k2', 0]);
    assert.ok(moved >= ids.length + 1, `${moved}`);
  });
  await open([k2], async (own) => {
    for (const [i, id] of ids.entries()) {
      const { status, body } = await call(own, 'GET', `/connected_accounts/${id}`);
      assert.deepEqual([status, body.state?.val.api_key], [200, `demo_of_user${i}`], JSON.stringify(body));
    }
    const shown = await call(own, 'GET', `/auth_configs/${config}`);
    assert.equal(shown.body.credentials?.client_secret, 'clie...', JSON.stringify(shown.body));
    assert.ok(!own.logs().includes('"rotation"'), 'a sweep that has ended does not begin again');
  });
});

test('what is changed while the sweep goes on is not put back under the old key', async (t) => {
  const root = copyWith('slow-crypto-worker.js');
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const own = await startHostile({ root, shards: 1 });
  t.after(() => own.close());
  const credentials = { client_id: 'own', client_secret: 'client-secret-1' };
  const auth_config = { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials };
  const make = async () => (await own.call('POST', '/auth_configs', { toolkit: { slug: 'demo' }, auth_config })).body;
  const made = await Promise.all(Array.from({ length: 10 }, make));
  /** @type {string[]} */
  const configs = made.map(({ auth_config: { id } }) => id);
  const fresh = newKey('k2');
  own.kill();
  await own.restart(`${fresh},${own.encryptionKeys}`);
  let going = true;
  const rename = async (/** @type {string} */ id) => {
    while (going) {
      const { status } = await own.call('PATCH', `/auth_configs/${id}`, { type: 'custom', name: 'again' });
      assert.equal(status, 200);
    }
  };
  const renaming = Promise.all(configs.map(rename));
  const { unreadable } = await swept(own);
  going = false;
  await renaming;
  assert.equal(unreadable, 0);
  own.kill();
  await own.restart(fresh);
  for (const id of configs) assert.equal((await own.call('GET', `/auth_configs/${id}`)).status, 200);
});

test('an account that was read is moved at once', async () => {
  const open = data('lazy');
  const [k1, k2] = [newKey('k1'), newKey('k2')];
  let id = '';
  await open([k1], async (own) => {
    id = await connect(own, 'ada');
  });
  await open([k2, k1], async (own) => {
    assert.equal((await call(own, 'GET', `/connected_accounts/${id}`)).status, 200);
  });
  await open([k2], async (own) => {
    assert.equal((await call(own, 'GET', `/connected_accounts/${id}`)).status, 200);
  });
});

test('an account whose key is lost is listed without its credential, and can be connected anew or deleted', async () => {
  const open = data('lost');
  const [k1, k2] = [newKey('k1'), newKey('k2')];
  let lost = '';
  let config = '';
  await open([k1], async (own) => {
    lost = await connect(own, 'ada');
    config = await ownConfig(own);
  });
  await open([k2], async (own) => {
    await plain(own);
    const good = await connect(own, 'bob');
    /** Lines that were logged for the requests since. @param {() => Promise<any>} work @returns {Promise<[any, any[]]>} */
    const noted = async (work) => {
      const before = own.logs().length;
      const answer = await work();
      const lines = own
        .logs()
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('"request_id"'));
      return [answer, lines.map((line) => JSON.parse(line).unreadable)];
    };
    const [{ status, body }, lines] = await noted(() => call(own, 'GET', '/connected_accounts'));
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(lines, [1]);
    const items = Object.fromEntries(body.items.map((/** @type {any} */ item) => [item.id, item]));
    assert.equal(items[good].state.val.api_key, 'demo_of_bob');
    assert.deepEqual([items[lost].user_id, items[lost].state.val.api_key], ['ada', undefined]);
    const [configs, more] = await noted(() => call(own, 'GET', '/auth_configs'));
    assert.ok(
      configs.body.items.some((/** @type {any} */ item) => item.id === config),
      JSON.stringify(configs.body),
    );
    assert.equal(more.length, 1);

    for (const path of [`/connected_accounts/${lost}`, `/auth_configs/${config}`]) {
      const alone = await call(own, 'GET', path);
      assert.equal(alone.status, 500);
      assert.match(alone.body.error.message, /could not be opened/);
    }
    assert.ok((await swept(own)).unreadable >= 2);

    const state = { authScheme: 'API_KEY', val: { api_key: 'demo_typed_again' } };
    const patched = await call(own, 'PATCH', `/connected_accounts/${lost}`, { connection: { state } });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    const again = await call(own, 'GET', `/connected_accounts/${lost}`);
    assert.equal(again.body.state.val.api_key, 'demo_typed_again');
    assert.equal((await call(own, 'DELETE', `/auth_configs/${config}`)).status, 200);
  });
  await open([newKey('k3')], async (own) => {
    assert.equal((await call(own, 'DELETE', `/connected_accounts/${lost}`)).status, 200);
    assert.equal((await call(own, 'GET', `/connected_accounts/${lost}`)).status, 404);
  });
});
