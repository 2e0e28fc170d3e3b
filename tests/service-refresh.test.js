// Refreshing against the real provider: once, ahead of time, and never against the provider's word.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** Seconds that an access token lives; in its last 30 it is as good as over, so it must be refreshed before use. */
const LIFE = 40;

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {string} */
let config;

before(async () => {
  service = await startService({ demo: { accessTokenSeconds: LIFE } });
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demo');
  config = body.items[0].id;
  // Plain, so that the test can compare tokens and speak to the provider with them.
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
});
after(() => service?.close());

/** @param {string} login */
async function connect(login) {
  const { body } = await call(service, 'POST', '/connected_accounts/link', { auth_config_id: config, user_id: login });
  await new Visitor(service).connect(body.redirect_url, login);
  return body.connected_account_id;
}

/** @param {string} id */
const account = async (id) => (await call(service, 'GET', `/connected_accounts/${id}`)).body;

/** @param {string} login @returns {Promise<number>} refreshes that the provider saw */
const refreshes = async (login) =>
  (await (await fetch(`${service.demoOrigin}/ledger`)).json()).accounts[login]?.refresh ?? 0;

/** @param {string} id */
const execute = (id) =>
  call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: id, arguments: {} });

/** At the provider, as its client. @param {string} path @param {string} token */
async function atProvider(path, token) {
  const { id, secret } = service.demoClient;
  const response = await fetch(service.demoOrigin + path, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  });
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

test('a refresh is one token request, and the new tokens are stored', async () => {
  const id = await connect('one');
  const old = (await account(id)).state.val;
  const answer = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.deepEqual(answer.body, { id, status: 'ACTIVE', redirect_url: null });
  const now = await account(id);
  assert.equal(await refreshes('one'), 1);
  assert.notEqual(now.state.val.access_token, old.access_token);
  assert.notEqual(now.state.val.refresh_token, old.refresh_token);
  assert.ok(now.last_refreshed_at > now.created_at);
  assert.equal((await atProvider('/token/introspection', now.state.val.access_token)).active, true);
});

test('many refreshes at once are one', async () => {
  const id = await connect('many');
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call(service, 'POST', `/connected_accounts/${id}/refresh`)),
  );
  // None of them is taken for one whose answer was lost, which would ask the user for a new consent.
  for (const { status, body } of answers) {
    assert.deepEqual([status, body.status, body.redirect_url], [200, 'ACTIVE', null]);
  }
  assert.equal((await account(id)).reconnect, null);
  assert.equal(await refreshes('many'), 1);
  assert.equal((await execute(id)).body.successful, true);
});

test('many executions at once of an account whose token is nearly over are one refresh', async () => {
  const id = await connect('burst');
  await sleep((LIFE - 29) * 1000);
  const answers = await Promise.all(Array.from({ length: 40 }, () => execute(id)));
  for (const { status, body } of answers)
    assert.deepEqual([status, body.successful], [200, true], JSON.stringify(body));
  assert.equal(await refreshes('burst'), 1);
});

test('ahead of its end a token is refreshed without anybody asking', async () => {
  const id = await connect('ahead');
  const old = (await account(id)).state.val.access_token;
  const { next_refresh_at: due } = await account(id);
  assert.ok(Date.parse(due) < Date.now() + LIFE * 1000, due);
  await sleep(Date.parse(due) - Date.now() + 1500);
  const end = Date.now() + 5000;
  while ((await refreshes('ahead')) === 0 && Date.now() < end) await sleep(200);
  assert.equal(await refreshes('ahead'), 1);
  assert.notEqual((await account(id)).state.val.access_token, old);
});

test('a token that the provider refuses is refreshed once, and the call repeated', async () => {
  const from = await connect('early');
  const { refresh_token } = (await account(from)).state.val;
  // Brought along by the caller: an access token that is no good with a refresh token that is.
  const val = { access_token: 'not-a-token', refresh_token };
  const { body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: config },
    connection: { user_id: 'import', state: { authScheme: 'OAUTH2', val } },
  });
  assert.equal(body.status, 'ACTIVE');
  const answer = await execute(body.id);
  assert.deepEqual([answer.body.successful, answer.body.data.login], [true, 'early'], JSON.stringify(answer.body));
  assert.equal(await refreshes('early'), 1);
});

test('a grant that is gone makes the account EXPIRED, no further call is made, and refresh then asks for a consent', async () => {
  const id = await connect('gone');
  await atProvider('/token/revocation', (await account(id)).state.val.refresh_token);
  const answer = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.status, 'INITIATED');
  const seen = await refreshes('gone');
  assert.equal((await execute(id)).status, 422);
  assert.equal(await refreshes('gone'), seen);
  await new Visitor(service).connect(answer.body.redirect_url, 'gone');
  assert.equal((await account(id)).status, 'ACTIVE');
});

test('delete revokes: the provider says the tokens are inactive', async () => {
  const id = await connect('bye');
  const { access_token: access, refresh_token: refresh } = (await account(id)).state.val;
  const answer = await call(service, 'DELETE', `/connected_accounts/${id}`);
  assert.deepEqual(answer.body, { success: true, revocation: 'revoked' });
  for (const token of [access, refresh]) {
    assert.equal((await atProvider('/token/introspection', token)).active, false);
  }
  assert.equal((await call(service, 'GET', `/connected_accounts/${id}`)).status, 404);
  assert.equal((await call(service, 'GET', '/connected_accounts?user_ids=bye')).body.total_items, 0);
});

test('deleting an auth config with cascade deletes and revokes its accounts', async () => {
  const { id: client_id, secret: client_secret } = service.demoClient;
  const made = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'demo' },
    auth_config: { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials: { client_id, client_secret } },
  });
  const own = made.body.auth_config.id;
  const { body } = await call(service, 'POST', '/connected_accounts/link', { auth_config_id: own, user_id: 'casc' });
  await new Visitor(service).connect(body.redirect_url, 'casc');
  const { access_token: token } = (await account(body.connected_account_id)).state.val;
  assert.equal((await call(service, 'DELETE', `/auth_configs/${own}`)).status, 400);
  assert.equal((await call(service, 'PATCH', `/auth_configs/${own}/DISABLED`)).status, 200);
  assert.equal((await execute(body.connected_account_id)).status, 400);
  assert.equal((await call(service, 'PATCH', `/auth_configs/${own}/ENABLED`)).status, 200);
  assert.equal((await execute(body.connected_account_id)).body.successful, true);
  assert.equal((await call(service, 'DELETE', `/auth_configs/${own}?cascade=true`)).status, 200);
  assert.equal((await call(service, 'GET', `/connected_accounts/${body.connected_account_id}`)).status, 404);
  // The provider is asked behind the answer, however many accounts there were.
  const until = Date.now() + 20_000;
  while ((await atProvider('/token/introspection', token)).active && Date.now() < until) await sleep(100);
  assert.equal((await atProvider('/token/introspection', token)).active, false);
});
