// A gateway in front of our own service whose masking is switched off: no secret of its accounts crosses, and our SDK works
// through it as a browser would use it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Devcaster } from '../js/index.js';
import { startGateway } from './support/gateway.js';
import { call, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Record<'ada' | 'eve', string>} */
const accounts = { ada: '', eve: '' };
/** @type {string} */
let config;
/** Everything that the service holds and a browser must not. @type {Set<string>} */
const secrets = new Set();

const operations = [
  'connected_accounts.list',
  'connected_accounts.get',
  'connected_accounts.link',
  'connected_accounts.create',
  'connected_accounts.refresh',
  'connected_accounts.set_status',
  'connected_accounts.update',
  'connected_accounts.revoke',
  'connected_accounts.delete',
  'connected_accounts.activity',
  'auth_configs.list',
  'auth_configs.get',
  'toolkits.list',
  'toolkits.get',
  'tools.list',
  'tools.get',
  'tools.execute',
  'tools.proxy',
];

before(async () => {
  service = await startService();
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demo');
  config = body.items[0].id;
  for (const user of /** @type {const} */ (['ada', 'eve'])) {
    const link = await call(service, 'POST', '/connected_accounts/link', { auth_config_id: config, user_id: user });
    await new Visitor(service).connect(link.body.redirect_url, user);
    accounts[user] = link.body.connected_account_id;
    const { state } = (await call(service, 'GET', `/connected_accounts/${accounts[user]}`)).body;
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      const value = state.val[name];
      if (value) secrets.add(value.slice(5));
    }
  }
  assert.ok(secrets.size >= 4, 'the service shows its secrets to the gateway');
  const { secret } = service.demoClient;
  secrets.add(secret.slice(5)).add(service.apiKey.slice(8));
  gateway = await startGateway(service.origin, { apiKey: service.apiKey, operations, timeout: 10_000 });
});
after(async () => {
  await gateway?.close();
  await service?.close();
});

/** @param {string} text @param {string} where */
const holdsNone = (text, where) => {
  for (const secret of secrets) assert.ok(!text.includes(secret), `${where}: ${secret}`);
};

/** @param {string} path @param {RequestInit & { user?: string }} [init] */
const ask = async (path, init) => {
  const answer = await gateway.ask(path, init);
  holdsNone(answer.text + JSON.stringify([...answer.headers]), path);
  return answer;
};

/** @param {unknown} body */
const post = (body) => ({ method: 'POST', body: JSON.stringify(body) });

test('no answer shows a secret that the service shows the gateway', async () => {
  const own = `/connected_accounts/${accounts.ada}`;
  const { body: list } = await ask('/connected_accounts');
  assert.deepEqual(
    list.items.map((/** @type {any} */ one) => one.id),
    [accounts.ada],
  );
  assert.match(list.items[0].state.val.access_token, /^.{4}\.\.\.$/);
  assert.equal((await ask(own)).body.user_id, 'ada');
  for (const [path, init, status] of /** @type {[string, object, number][]} */ ([
    [`${own}/activity`, {}, 200],
    ['/auth_configs', {}, 200],
    [`/auth_configs/${config}`, {}, 200],
    ['/toolkits', {}, 200],
    ['/toolkits/demo', {}, 200],
    ['/tools?toolkit_slug=demo', {}, 200],
    ['/tools/DEMO_GET_PROFILE', {}, 200],
    [own, { method: 'PATCH', body: '{"alias":"work"}' }, 200],
    [`${own}/status`, { method: 'PATCH', body: '{"enabled":false}' }, 200],
    [`${own}/status`, { method: 'PATCH', body: '{"enabled":true}' }, 200],
    ['/connected_accounts/link', post({ auth_config_id: config, user_id: 'ada' }), 201],
    ['/tools/execute/DEMO_GET_PROFILE', post({ connected_account_id: accounts.ada, arguments: {} }), 200],
    ['/tools/execute/proxy', post({ connected_account_id: accounts.ada, endpoint: '/api/echo', method: 'GET' }), 200],
    ['/connected_accounts/ca_00nothing', {}, 404],
    ['/connected_accounts?limit=0', {}, 400],
    ['/api_keys', {}, 403],
  ])) {
    const answer = await ask(path, init);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
  }
});

test('another user of the same gateway sees and changes nothing', async () => {
  const theirs = `/connected_accounts/${accounts.eve}`;
  for (const [path, init] of /** @type {[string, object][]} */ ([
    [theirs, {}],
    [`${theirs}/activity`, {}],
    [theirs, { method: 'DELETE' }],
    [`${theirs}/revoke`, { method: 'POST' }],
    [`${theirs}/status`, { method: 'PATCH', body: '{"enabled":false}' }],
    ['/tools/execute/DEMO_GET_PROFILE', post({ connected_account_id: accounts.eve, arguments: {} })],
    ['/tools/execute/proxy', post({ connected_account_id: accounts.eve, endpoint: '/api/echo', method: 'GET' })],
  ]))
    assert.equal((await ask(path, init)).status, 404, path);
  const named = await ask('/tools/execute/DEMO_GET_PROFILE', post({ user_id: 'eve', arguments: {} }));
  assert.equal(named.status, 403);
  assert.equal((await call(service, 'GET', theirs)).body.status, 'ACTIVE');
});

test('a new token is masked from its first answer on', async () => {
  const { body } = await ask(`/connected_accounts/${accounts.ada}/refresh`, { method: 'POST' });
  assert.deepEqual([body.status, body.redirect_url], ['ACTIVE', null]);
  const { state } = (await call(service, 'GET', `/connected_accounts/${accounts.ada}`)).body;
  secrets.add(state.val.access_token.slice(5));
  await ask(`/connected_accounts/${accounts.ada}`);
  const typed = 'demo_typed-0123456789abcdef';
  secrets.add(typed.slice(5));
  const { body: configs } = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  const connection = { state: { authScheme: 'API_KEY', val: { api_key: typed } } };
  const made = await ask('/connected_accounts', post({ auth_config: { id: configs.items[0].id }, connection }));
  assert.equal(made.status, 201, made.text);
  const { user_id } = (await call(service, 'GET', `/connected_accounts/${made.body.id}`)).body;
  assert.equal(user_id, 'ada', 'nobody was named, so it is the session’s user');
});

test('the SDK works through it', async () => {
  const session = JSON.stringify({ userId: 'ada' });
  const devcaster = new Devcaster({
    baseURL: gateway.origin,
    userToken: 'a-token-of-the-host',
    defaultHeaders: { 'x-session': session },
  });
  const { items } = await devcaster.connectedAccounts.list({ statuses: ['ACTIVE'] });
  assert.ok(items.length >= 2 && items.every(({ userId }) => userId === 'ada'));
  const account = await devcaster.connectedAccounts.get(accounts.ada);
  assert.equal(account.alias, 'work');
  await assert.rejects(devcaster.connectedAccounts.get(accounts.eve), { status: 404 });
  await assert.rejects(devcaster.connectedAccounts.list({ userIds: ['eve'] }), { status: 403 });
  const request = await devcaster.connectedAccounts.link('ada', config);
  assert.match(request.redirectUrl ?? '', /\/connect\/lk_/);
  holdsNone(JSON.stringify([items, account, request]), 'the SDK');
});

test('nothing secret stands in the log of the gateway', () => {
  assert.match(gateway.logs(), /"audit":"connected_accounts.list".*"actor":"ada"/);
  holdsNone(gateway.logs(), 'log');
});
