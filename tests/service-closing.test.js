// Deleting an auth config with its accounts: whatever else happens meanwhile and however long it takes, no account of it
// is left or made, no provider is waited for, and what a crash broke off is finished.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHostile } from './support/hostile-service.js';
import { copyWith, startSimulated } from './support/simulated.js';

/** @typedef {Awaited<ReturnType<typeof startHostile>>} Service */

const FAR = 15_000; // less than the service's patience with a provider, and much more than it should take

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
const inTime = (work) =>
  Promise.race([work, sleep(FAR, null, { ref: false }).then(() => assert.fail('it waited for the provider'))]);

/** @param {() => Promise<boolean> | boolean} done @param {string} what */
async function until(done, what) {
  for (const end = Date.now() + FAR; Date.now() < end; await sleep(50)) if (await done()) return;
  assert.fail(what);
}

/** @param {Service} service */
async function ownConfig(service) {
  const credentials = { client_id: 'own', client_secret: service.secret };
  const auth_config = { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials };
  const made = await service.call('POST', '/auth_configs', { toolkit: { slug: 'demo' }, auth_config });
  return /** @type {string} */ (made.body.auth_config.id);
}

/** @param {Service} service @param {string} config */
const left = async (service, config) =>
  (await service.call('GET', `/connected_accounts?auth_config_ids=${config}`)).body.total_items;

test('the accounts go at once; the provider is told behind it', async (t) => {
  const service = await startHostile({ shards: 2 });
  t.after(() => service.close());
  const { provider } = service;
  const config = await ownConfig(service);
  const users = Array.from({ length: 24 }, (_, i) => `u${i}`);
  const ids = await Promise.all(users.map((user) => service.bring(user, config)));
  const other = await service.bring('other');
  const { release } = provider.hold('revoking');
  assert.equal((await service.call('DELETE', `/auth_configs/${config}`)).status, 400, 'it has accounts');
  const gone = await inTime(service.call('DELETE', `/auth_configs/${config}?cascade=true`));
  assert.deepEqual([gone.status, gone.body], [200, { success: true }]);
  assert.equal((await service.call('GET', `/auth_configs/${config}`)).status, 404);
  assert.equal(await left(service, config), 0);
  assert.equal((await service.call('GET', `/connected_accounts/${ids[0]}`)).status, 404);
  assert.equal((await service.account(other)).status, 'ACTIVE');
  release();
  await until(() => users.every((user) => provider.isDead(user)), 'every grant is taken back');
  assert.equal(provider.isDead('other'), false);
});

test('an account that was begun before is not made, however much later it comes', async (t) => {
  const service = await startSimulated({ shards: 1 });
  t.after(() => service.close());
  const { provider } = service;
  const config = await ownConfig(service);
  const { reached, release } = provider.hold('resource');
  const { access_token, refresh_token } = provider.consent('late');
  const state = { authScheme: 'OAUTH2', val: { access_token, refresh_token } };
  const making = service.call('POST', '/connected_accounts', {
    auth_config: { id: config },
    connection: { user_id: 'late', state },
    validate_credentials: true,
  });
  await reached();
  assert.equal((await service.call('DELETE', `/auth_configs/${config}?cascade=true`)).status, 200);
  await service.jump(10 * 60_000);
  release();
  const { status, body } = await making;
  assert.deepEqual([status, body.error?.code], [404, 302], JSON.stringify(body));
  assert.equal(await left(service, config), 0);
});

test('a deletion that a crash broke off lets nothing begin, and is finished', async (t) => {
  const root = copyWith('slow-crypto-worker.js'); // so that a deletion has a middle
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const service = await startHostile({ shards: 2, root });
  t.after(() => service.close());
  let halves = 0;
  for (const wait of [20, 120, 240, 360]) {
    const config = await ownConfig(service);
    const users = Array.from({ length: 80 }, (_, i) => `w${wait}u${i}`);
    for (let at = 0; at < users.length; at += 20)
      await Promise.all(users.slice(at, at + 20).map((user) => service.bring(user, config)));
    const deleting = service.call('DELETE', `/auth_configs/${config}?cascade=true`).catch(() => null);
    await sleep(wait);
    service.kill();
    const answer = await deleting;
    await service.restart();
    const shown = await service.call('GET', `/auth_configs/${config}`);
    const create = await service.call('POST', '/connected_accounts/link', { auth_config_id: config, user_id: 'late' });
    if (answer?.status === 200) assert.equal(shown.status, 404, 'what was answered is so');
    if (shown.status === 200 && shown.body.status === 'ENABLED') {
      assert.equal(await left(service, config), users.length + 1, 'it had not begun');
      continue;
    }
    halves += shown.status === 200 ? 1 : 0;
    assert.ok([400, 404].includes(create.status), JSON.stringify(create.body));
    if (shown.status === 200 && wait % 240 === 0) {
      const { status } = await service.call('PATCH', `/auth_configs/${config}/ENABLED`);
      assert.ok([400, 404].includes(status), `${status}`);
      await service.call('DELETE', `/auth_configs/${config}`); // asked for again, or the alarm's work
    }
    const gone = async () => (await service.call('GET', `/auth_configs/${config}`)).status === 404;
    await until(gone, 'the deletion is finished');
    assert.equal(await left(service, config), 0);
    await until(() => users.every((user) => service.provider.isDead(user)), 'every grant is taken back');
  }
  assert.ok(halves > 0, 'one at least was broken off in the middle');
});
