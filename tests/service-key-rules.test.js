// What API keys are: several by name, each with scopes that are kept, shown once, hashed, with their last use, revocable.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, configsOf, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;
before(async () => {
  service = await startService();
  configs = await configsOf(service);
});
after(() => service?.close());

/** @param {string} name @param {string[]} scopes */
async function newKey(name, scopes) {
  const { status, body } = await call(service, 'POST', '/api_keys', { name, scopes });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, origin: service.origin, apiKey: body.key };
}

/** @param {string} id @returns {Promise<any>} */
const listed = async (id) =>
  (await call(service, 'GET', '/api_keys')).body.items.find((/** @type {any} */ key) => key.id === id);

/** The service's own files. @returns {Buffer[]} */
const files = () =>
  readdirSync(join(service.dataDir, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name)));

test('there are several, by name, and each is shown once', async () => {
  const keys = await Promise.all(['one', 'two', 'two'].map((name) => newKey(name, ['read'])));
  assert.equal(new Set(keys.flatMap(({ id, key }) => [id, key])).size, 6, 'a name is no identity');
  const text = JSON.stringify((await call(service, 'GET', '/api_keys')).body);
  for (const { id, name, key } of keys) {
    assert.match(key, /^ak_[\w-]{43}$/, '256 random bits');
    assert.ok(text.includes(id) && text.includes(name));
    assert.ok(!text.includes(key) && !text.includes(key.slice(0, 12)), 'nothing of it is listed');
    assert.equal((await call({ ...service, apiKey: key }, 'GET', '/connected_accounts')).status, 200);
  }
});

test('on the disk there is its hash and nothing else of it', async () => {
  const { key } = await newKey('hashed', ['read']);
  const hash = createHash('sha256').update(key).digest();
  const stored = files();
  assert.ok(stored.some((file) => file.includes(hash.toString('hex')) || file.includes(hash)));
  assert.ok(!stored.some((file) => file.includes(key) || file.includes(key.slice(3))));
});

test('a scope is what a key may do, and no other scope comes with it', async () => {
  const create = { auth_config_id: configs.demo, user_id: 'scoped' };
  /** @type {[string, () => [string, string, object?]][]} */
  const needs = [
    ['read', () => ['GET', '/connected_accounts']],
    ['write', () => ['POST', '/connected_accounts/link', create]],
    ['admin', () => ['GET', '/api_keys']],
    ['admin', () => ['PATCH', '/org/project/config', { display_name: 'x' }]],
    ['admin', () => ['PATCH', `/auth_configs/${configs.demokey}/ENABLED`]],
  ];
  for (const scope of ['read', 'write', 'reveal', 'admin']) {
    const key = await newKey(scope, [scope]);
    for (const [need, request] of needs) {
      const { status } = await call(key, ...request());
      assert.equal(status < 400, need === scope, `${scope} asks ${request().slice(0, 2).join(' ')}: ${status}`);
      if (need !== scope) assert.equal(status, 403);
    }
  }
});

test('plain credentials need reveal, even for who may do all else', async () => {
  const state = { authScheme: 'API_KEY', val: { api_key: 'demo_key_in_plain' } };
  const connection = { user_id: 'plain', state };
  const made = await call(service, 'POST', '/connected_accounts', { auth_config: { id: configs.demokey }, connection });
  const rest = await newKey('all but one', ['read', 'write', 'admin']);
  const reveal = await newKey('that one too', ['read', 'reveal']);
  /** @param {{ origin: string, apiKey: string }} who */
  const seen = async (who) => (await call(who, 'GET', `/connected_accounts/${made.body.id}`)).body.state.val.api_key;
  await call(rest, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  assert.equal(await seen(rest), 'demo...');
  assert.equal(await seen(reveal), 'demo_key_in_plain');
  await call(rest, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: true });
  assert.equal(await seen(reveal), 'demo...');
});

test('its last use is told, and a key that is deleted is of no more use', async () => {
  const key = await newKey('used', ['read']);
  assert.equal((await listed(key.id)).last_used_at, null);
  const began = Date.now();
  assert.equal((await call(key, 'GET', '/connected_accounts')).status, 200);
  const at = Date.parse((await listed(key.id)).last_used_at);
  assert.ok(at >= began && at <= Date.now());
  assert.equal((await call(service, 'DELETE', `/api_keys/${key.id}`)).status, 200);
  assert.equal((await call(service, 'DELETE', `/api_keys/${key.id}`)).status, 404);
  for (const end = Date.now() + 6000; Date.now() < end; await sleep(200)) {
    if ((await call(key, 'GET', '/connected_accounts')).status === 401) break;
  }
  assert.equal((await call(key, 'GET', '/connected_accounts')).status, 401);
  assert.equal(await listed(key.id), undefined);
});
