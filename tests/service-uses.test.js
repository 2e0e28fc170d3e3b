// Uses are written together, a moment after their answers: whoever looks sees them at once, a crash later takes none.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {string} */
let config;

before(async () => {
  service = await startService();
  const { body } = await call(service, 'GET', '/auth_configs');
  config = body.items.find((/** @type {any} */ item) => item.toolkit.slug === 'demokey').id;
});
after(() => service?.close());

/** @param {string} user */
async function account(user) {
  const connection = { user_id: user, state: { authScheme: 'API_KEY', val: { api_key: `demo_${user}_0123456789` } } };
  const { body } = await call(service, 'POST', '/connected_accounts', { auth_config: { id: config }, connection });
  return body.id;
}

/** @param {string} id */
const execute = (id) =>
  call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', { connected_account_id: id, arguments: {} });

/** @param {string} id */
const get = (id) => call(service, 'GET', `/connected_accounts/${id}`);

/** @param {string} id @returns {Promise<string[]>} newest first */
const events = async (id) => {
  const { body } = await call(service, 'GET', `/connected_accounts/${id}/activity?limit=1000`);
  return body.items.map((/** @type {any} */ { event }) => event);
};

test('a use is seen as soon as it is answered, in its order among what else happens', async () => {
  const id = await account('ada');
  const began = Date.now();
  assert.equal((await execute(id)).body.successful, true);
  const { body } = await get(id);
  assert.ok(Date.parse(body.last_used_at) >= began);
  await execute(id);
  await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: 'mine' });
  await execute(id);
  assert.deepEqual((await events(id)).slice(0, 4), ['used', 'updated', 'used', 'used']);
  const { body: list } = await call(service, 'GET', `/connected_accounts?connected_account_ids=${id}`);
  const { body: alone } = await get(id);
  assert.equal(list.items[0].last_used_at, alone.last_used_at);
});

test('many at once are all noted, each account by itself', async () => {
  const ids = await Promise.all(['b1', 'b2', 'b3', 'b4'].map(account));
  await Promise.all(ids.flatMap((id) => [id, id, id, id, id]).map(execute));
  for (const id of ids) assert.equal((await events(id)).filter((event) => event === 'used').length, 5);
});

test('an account that is deleted right after its use does not come back', async () => {
  const id = await account('eve');
  const using = [execute(id), execute(id)];
  await using[0];
  assert.equal((await call(service, 'DELETE', `/connected_accounts/${id}`)).status, 200);
  await Promise.all(using);
  await sleep(600);
  assert.equal((await get(id)).status, 404);
  assert.equal((await call(service, 'GET', '/connected_accounts?user_ids=eve')).body.total_items, 0);
  assert.equal((await execute(id)).status, 404);
});

test('what a moment has passed over survives a crash', async () => {
  const id = await account('grace');
  for (let n = 0; n < 3; n++) await execute(id);
  await sleep(1000);
  await service.kill();
  await service.restart();
  assert.deepEqual((await events(id)).slice(0, 3), ['used', 'used', 'used']);
  assert.ok((await get(id)).body.last_used_at);
  assert.doesNotMatch(service.logs(), /"uses":"lost"/);
});
