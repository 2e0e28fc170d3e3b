// API keys: a revoked one stays revoked, a new one is never mightier than who made it, and both leave a trace.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

/** @param {string[]} scopes @param {{ origin: string, apiKey: string }} [by] */
async function newKey(scopes, by = service) {
  const { status, body } = await call(by, 'POST', '/api_keys', { name: scopes.join(' '), scopes });
  return { status, id: body.id, origin: service.origin, apiKey: body.key };
}

/** Lines of the audit so far. @param {string} op @returns {any[]} */
const audits = (op) =>
  service
    .logs()
    .split('\n')
    .filter((line) => line.includes(`"audit":"${op}"`))
    .map((line) => JSON.parse(line));

test('a new key has no scope that its maker has not', async () => {
  const admin = await newKey(['read', 'admin']);
  assert.equal(admin.status, 201);
  assert.equal((await newKey(['read'], admin)).status, 201);
  for (const scopes of [['reveal'], ['read', 'write'], ['read', 'write', 'reveal', 'admin']]) {
    assert.equal((await newKey(scopes, admin)).status, 403, scopes.join());
  }
});

test('who may only read sees no link by which an account could be connected', async () => {
  const body = { auth_config_id: configs.demo, user_id: 'ada' };
  const made = await call(service, 'POST', '/connected_accounts/link', body);
  const id = made.body.connected_account_id;
  const reader = await newKey(['read']);
  const seen = async (/** @type {{ origin: string, apiKey: string }} */ who) => [
    JSON.stringify((await call(who, 'GET', `/connected_accounts/${id}`)).body),
    JSON.stringify((await call(who, 'GET', '/connected_accounts')).body),
  ];
  for (const text of await seen(reader)) {
    assert.ok(!text.includes(made.body.link_token), text);
    assert.ok(text.includes('REDACTED'), text);
  }
  for (const text of await seen(service)) assert.ok(text.includes(made.body.link_token), text);
});

test('changes of keys, auth configs and the project are in the log: who and what, but no value', async () => {
  const me = (await call(service, 'GET', '/api_keys')).body.items.find((/** @type {any} */ key) => key.last_used_at);
  const key = await newKey(['read']);
  await call(service, 'DELETE', `/api_keys/${key.id}`);
  await call(service, 'PATCH', '/org/project/config', { display_name: 'planted name', account_selection: 'latest' });
  const credentials = { client_id: 'planted-id', client_secret: 'planted-secret' };
  const auth_config = { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials };
  const made = await call(service, 'POST', '/auth_configs', { toolkit: { slug: 'demo' }, auth_config });
  const { id } = made.body.auth_config;
  await call(service, 'PATCH', `/auth_configs/${id}`, { type: 'custom', credentials: { client_id: 'planted-2' } });
  await call(service, 'PATCH', `/auth_configs/${id}/DISABLED`);
  await call(service, 'DELETE', `/auth_configs/${id}`);
  /** @type {[string, string | undefined][]} */
  const expected = [
    ['api_keys.create', key.id],
    ['api_keys.delete', key.id],
    ['project_config.update', undefined],
    ['auth_configs.create', id],
    ['auth_configs.update', id],
    ['auth_configs.set_status', id],
    ['auth_configs.delete', id],
  ];
  for (const [op, target] of expected) {
    const line = audits(op).at(-1);
    assert.deepEqual([line?.target, line?.actor], [target, me.id], `${op}: ${JSON.stringify(line)}`);
    assert.match(line.request_id, /^[\w-]{12,}$/);
  }
  const { changed } = audits('project_config.update').at(-1);
  for (const name of ['display_name', 'account_selection']) assert.ok(changed.includes(name), changed.join());
  assert.ok(!changed.includes('mask_style'), 'only what changed');
  assert.doesNotMatch(service.logs(), /planted|latest/);
});

test('a revoked first key stays revoked, although the environment still names it', async () => {
  const other = await newKey(['read', 'write', 'reveal', 'admin']);
  const { items } = (await call(service, 'GET', '/api_keys')).body;
  const first = items.find((/** @type {any} */ key) => key.scopes.length === 4 && key.id !== other.id);
  assert.equal((await call(service, 'GET', '/connected_accounts')).status, 200);
  assert.equal((await call(other, 'DELETE', `/api_keys/${first.id}`)).status, 200);
  await service.restart();
  assert.equal((await call(service, 'GET', '/connected_accounts')).status, 401);
  assert.equal((await call(other, 'GET', '/connected_accounts')).status, 200);
  const lines = service
    .logs()
    .split('\n')
    .filter((line) => line.includes('revoked'));
  assert.equal(lines.length, 1, service.logs());
  assert.ok(!service.logs().includes(service.apiKey));
});
