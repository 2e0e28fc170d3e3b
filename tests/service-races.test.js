// What happens while a provider is being asked: whoever was answered meanwhile was answered the truth.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdProvider } from './support/held.js';
import { call, configsOf, startService } from './support/service.js';

/** What the tool asks the provider for. */
const PROFILE = '/api/profile';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Awaited<ReturnType<typeof holdProvider>>} */
let provider;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService();
  configs = await configsOf(service);
  await service.stopDemo();
  provider = await holdProvider(service.demoOrigin, ['/me']);
});
after(async () => {
  provider?.close();
  await service?.close();
});

/** @param {string} user @param {number} [seconds] that its access token lives; else nobody knows */
async function connect(user, seconds) {
  const val = { access_token: `old-access-${user}`, refresh_token: `old-refresh-${user}` };
  const { body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demo },
    connection: { user_id: user, state: { authScheme: 'OAUTH2', val } },
  });
  assert.equal(body.status, 'ACTIVE', JSON.stringify(body));
  if (seconds === undefined) return body.id;
  const refreshing = call(service, 'POST', `/connected_accounts/${body.id}/refresh`);
  (await provider.next('/token')).answer(200, { ...tokens(user), expires_in: seconds });
  assert.equal((await refreshing).body.status, 'ACTIVE');
  await sleep(seconds * 300); // one that has just come is not refreshed again, however short it lives
  return body.id;
}

/** @param {string} id */
const execute = (id) =>
  call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: id, arguments: {} });

/** @param {string} user */
const tokens = (user) => ({
  access_token: `new-access-${user}`,
  refresh_token: `new-refresh-${user}`,
  token_type: 'bearer',
  expires_in: 3600,
});

test('an execution that waits for a refresh does not run after a disable was answered', async () => {
  const id = await connect('disable', 2);
  const running = execute(id);
  const refresh = await provider.next('/token');
  assert.equal((await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: false })).status, 200);
  refresh.answer(200, tokens('disable'));
  const { status, body } = await running;
  assert.deepEqual([status, body.error?.code], [422, 1821], JSON.stringify(body));
  assert.ok(!provider.seen.includes(PROFILE));
});

test('nor after the auth config was disabled', async () => {
  const id = await connect('config', 2);
  const running = execute(id);
  const refresh = await provider.next('/token');
  assert.equal((await call(service, 'PATCH', `/auth_configs/${configs.demo}/DISABLED`)).status, 200);
  refresh.answer(200, tokens('config'));
  const { status, body } = await running;
  await call(service, 'PATCH', `/auth_configs/${configs.demo}/ENABLED`);
  assert.equal(status, 400, JSON.stringify(body));
  assert.ok(!provider.seen.includes(PROFILE));
});

test('an account that is disabled while the provider refuses its token is not tried again', async () => {
  const id = await connect('again');
  const running = execute(id);
  (await provider.next(PROFILE)).answer(401, {});
  const refresh = await provider.next('/token');
  await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: false });
  refresh.answer(200, tokens('again'));
  assert.equal((await running).status, 422);
  assert.equal(provider.seen.filter((path) => path === PROFILE).length, 1);
});

test('a credential that came while the old one was being revoked is revoked as well', async () => {
  const id = await connect('revoke');
  const revoking = call(service, 'POST', `/connected_accounts/${id}/revoke`);
  const first = await provider.next('/token/revocation');
  assert.match(first.body, /old-(access|refresh)-revoke/);
  const refreshing = call(service, 'POST', `/connected_accounts/${id}/refresh`);
  (await provider.next('/token')).answer(200, tokens('revoke'));
  assert.equal((await refreshing).body.status, 'ACTIVE');
  first.answer(200, {});
  const second = await provider.next('/token/revocation');
  assert.match(second.body, /new-(access|refresh)-revoke/);
  second.answer(200, {});
  assert.equal((await revoking).status, 200);
  const { status } = (await call(service, 'GET', `/connected_accounts/${id}`)).body;
  assert.equal(status, 'EXPIRED'); // REVOKED, as older clients know it
  assert.equal((await execute(id)).status, 422);
});

test('an account that is being made while its auth config is deleted is not made', async () => {
  const made = await call(service, 'POST', '/auth_configs', { toolkit: { slug: 'demokey' } });
  const { id: config } = made.body.auth_config;
  const making = call(service, 'POST', '/connected_accounts', {
    auth_config: { id: config },
    connection: { user_id: 'late', state: { authScheme: 'API_KEY', val: { api_key: 'demo_late' } } },
    validate_credentials: true,
  });
  const question = await provider.next('/key/profile'); // the auth config was looked up before this
  assert.equal((await call(service, 'DELETE', `/auth_configs/${config}`)).status, 200);
  question.answer(200, { id: 'late', name: 'Late' });
  const { status, body } = await making;
  assert.deepEqual([status, body.error?.code], [404, 302], JSON.stringify(body));
  assert.equal((await call(service, 'GET', '/connected_accounts?user_ids=late')).body.total_items, 0);
});

test('an auth config whose deletion was refused takes accounts as before', async () => {
  const made = await call(service, 'POST', '/auth_configs', { toolkit: { slug: 'demo' } });
  const { id: config } = made.body.auth_config;
  const link = (/** @type {string} */ user_id) =>
    call(service, 'POST', '/connected_accounts/link', { auth_config_id: config, user_id });
  assert.equal((await link('one')).status, 201);
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => call(service, 'DELETE', `/auth_configs/${config}`)),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [400, 400, 400],
  );
  assert.equal((await link('one')).status, 201);
});
