// Bad input at the service's door: each is a clear error in the contract's shape, and nothing is changed by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHandler } from '../js/edge/index.js';
import { call, configsOf, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;
/** @type {string} */
let account;

const PLANTED = 'planted0secret0value';

before(async () => {
  service = await startService();
  configs = await configsOf(service);
  account = (await create({ user_id: 'ada' })).body.id;
});
after(() => service?.close());

/** @param {object} connection @param {object} [more] */
const create = (connection, more = {}) =>
  call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demokey },
    connection: { state: { authScheme: 'API_KEY', val: { api_key: 'demo_abcdef' } }, ...connection },
    ...more,
  });

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<{ status: number, body: any, headers: Headers }>}
 */
async function raw(path, init = {}) {
  const response = await fetch(service.origin + path, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
}

/** @param {{ status: number, body: any }} answer @param {number} expected @param {number} [code] */
function isError({ status, body }, expected, code) {
  assert.equal(status, expected, JSON.stringify(body));
  const { error } = body;
  for (const name of ['message', 'slug', 'request_id']) assert.equal(typeof error[name], 'string', name);
  assert.equal(error.status, status);
  if (code !== undefined) assert.equal(error.code, code, JSON.stringify(error));
  assert.ok(!JSON.stringify(body).includes(PLANTED), 'no secret in an error');
  return error;
}

test('unknown ids are 404 by the kind of thing that is not there', async () => {
  const table = [
    ['GET', '/connected_accounts/ca_00aaaaaaaaaaaaaaaaaaaaaa', 606],
    ['GET', '/connected_accounts/ca_zzaaaaaaaaaaaaaaaaaaaaaa', 606],
    ['DELETE', '/connected_accounts/ca_00aaaaaaaaaaaaaaaaaaaaaa', 606],
    ['POST', '/connected_accounts/ca_00aaaaaaaaaaaaaaaaaaaaaa/refresh', 606],
    ['POST', '/connected_accounts/ca_00aaaaaaaaaaaaaaaaaaaaaa/revoke', 606],
    ['PATCH', '/connected_accounts/ca_00aaaaaaaaaaaaaaaaaaaaaa/status', 606, { enabled: false }],
    ['PATCH', '/connected_accounts/ca_00aaaaaaaaaaaaaaaaaaaaaa', 606, { alias: 'x' }],
    ['GET', '/auth_configs/ac_aaaaaaaaaaaaaaaa', 302],
    ['PATCH', '/auth_configs/ac_aaaaaaaaaaaaaaaa/DISABLED', 302],
    ['DELETE', '/auth_configs/ac_aaaaaaaaaaaaaaaa', 302],
    ['GET', '/toolkits/nosuch', 401],
    ['GET', '/tools/NO_SUCH_TOOL', 2401],
    ['POST', '/tools/execute/NO_SUCH_TOOL', 2401, { user_id: 'ada', arguments: {} }],
    ['DELETE', '/api_keys/ak_aaaaaaaaaaaaaaaa', 10404],
    ['GET', '/nothing/here', 10404],
    ['POST', '/connected_accounts', 302, { auth_config: { id: 'ac_aaaaaaaaaaaaaaaa' }, connection: {} }],
    ['POST', '/connected_accounts/link', 302, { auth_config_id: 'ac_aaaaaaaaaaaaaaaa', user_id: 'ada' }],
  ];
  for (const [method, path, code, body] of table) {
    const answer = await call(service, String(method), String(path), body);
    isError(answer, 404, Number(code));
  }
});

test('wrong types, unknown filters and missing members are 400 and named', async () => {
  /** @type {[string, string, object | undefined, string | RegExp][]} */
  const table = [
    ['GET', '/connected_accounts?user_id=ada', undefined, 'user_id'],
    ['GET', '/connected_accounts?statuses=ACTIVE,SLEEPING', undefined, 'statuses'],
    ['GET', '/connected_accounts?limit=0', undefined, 'limit'],
    ['GET', '/connected_accounts?limit=1001', undefined, 'limit'],
    ['GET', '/connected_accounts?limit=ten', undefined, 'limit'],
    ['GET', '/connected_accounts?order_by=status', undefined, 'order_by'],
    ['GET', '/connected_accounts?user_ids=', undefined, 'user_ids'],
    ['GET', '/auth_configs?toolkit=demo', undefined, 'toolkit'],
    ['PATCH', `/connected_accounts/${account}/status`, {}, 'enabled'],
    ['PATCH', `/connected_accounts/${account}/status`, { enabled: 'no' }, 'enabled'],
    ['POST', '/connected_accounts', {}, 'auth_config.id'],
    ['POST', '/connected_accounts', { auth_config: { id: 7 } }, 'auth_config.id'],
    ['POST', '/connected_accounts/link', { auth_config_id: 'ac_aaaaaaaaaaaaaaaa' }, 'user_id'],
    ['POST', '/tools/execute/proxy', { connected_account_id: account, endpoint: '/x', method: 'TRACE' }, 'method'],
    ['PATCH', '/org/project/config', { mask_style: 'stars' }, 'mask_style'],
    ['PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: 'false' }, 'mask_secret_keys'],
    ['POST', '/api_keys', { name: 'x', scopes: ['root'] }, 'scopes'],
  ];
  for (const [method, path, body, named] of table) {
    const error = isError(await call(service, method, path, body), 400);
    assert.ok(JSON.stringify(error).includes(String(named)), `${method} ${path}: ${JSON.stringify(error)}`);
  }
});

test('bodies that are no JSON object, or no UTF-8, are 400', async () => {
  const headers = { 'x-api-key': service.apiKey, 'content-type': 'application/json' };
  for (const body of ['{', '[]', '"x"', 'null', '{"a":1}{', '{"a":01}', '\u0000', new Uint8Array([0x7b, 0xff, 0x7d])]) {
    isError(await raw('/api/v3/connected_accounts', { method: 'POST', headers, body }), 400, 10400);
  }
});

test('a body over 1 MiB is 413, with a length and without', async () => {
  const headers = { 'x-api-key': service.apiKey, 'content-type': 'application/json' };
  const body = JSON.stringify({ padding: 'x'.repeat(1024 * 1024) });
  isError(await raw('/api/v3/connected_accounts', { method: 'POST', headers, body }), 413);
  const stream = new Blob([body]).stream();
  const init = /** @type {RequestInit} */ ({ method: 'POST', headers, body: stream, duplex: 'half' });
  isError(await raw('/api/v3/connected_accounts', init), 413);
});

test('missing, wrong and doubled credentials are 401 and show at most eight characters', async () => {
  const paths = [
    '/api/v3/connected_accounts',
    '/api/v3.1/connected_accounts',
    '/api/v3/nothing',
    '/api/v3/api_keys?x=1',
  ];
  /** @type {Record<string, string>[]} */
  const wrong = [
    {},
    { 'x-api-key': '' },
    { 'x-api-key': `ak_${PLANTED}` },
    { 'x-api-key': service.apiKey.slice(0, -1) },
    { 'x-api-key': `${service.apiKey}, ${service.apiKey}` },
    { 'x-api-key': service.apiKey, authorization: `Bearer ${service.apiKey}` },
    { 'x-api-key': service.apiKey, cookie: `__Host-devcaster_session=${PLANTED}` },
    { authorization: `Bearer ${service.apiKey}` },
    { cookie: `__Host-devcaster_session=${PLANTED}` },
  ];
  for (const path of paths) {
    for (const headers of wrong) {
      const error = isError(await raw(path, { headers }), 401, 10401);
      assert.ok(!error.message.includes(service.apiKey.slice(0, 9)), error.message);
    }
  }
});

test('a key sees and does what its scopes say, and nothing after it was deleted', async () => {
  const made = await call(service, 'POST', '/api_keys', { name: 'reader', scopes: ['read'] });
  assert.equal(made.status, 201);
  const reader = { origin: service.origin, apiKey: made.body.key };
  assert.equal((await call(reader, 'GET', '/connected_accounts')).status, 200);
  isError(await call(reader, 'DELETE', `/connected_accounts/${account}`), 403, 10403);
  isError(await call(reader, 'GET', '/api_keys'), 403, 10403);
  assert.ok(!JSON.stringify((await call(service, 'GET', '/api_keys')).body).includes(made.body.key));
  assert.equal((await call(service, 'DELETE', `/api_keys/${made.body.id}`)).status, 200);
  isError(await call(reader, 'GET', '/connected_accounts'), 401, 10401);
});

test('a credential that the provider refuses, or that is masked, is not stored', async () => {
  const total = async () => (await call(service, 'GET', '/connected_accounts')).body.total_items;
  const before_ = await total();
  const bad = { state: { authScheme: 'API_KEY', val: { api_key: PLANTED } } };
  isError(await create(bad, { validate_credentials: true }), 400, 600);
  isError(await create({ state: { authScheme: 'API_KEY', val: { api_key: 'demo...' } } }), 400, 600);
  isError(await create({ state: { authScheme: 'API_KEY', val: {} } }), 400, 612);
  isError(await create({ state: { authScheme: 'OAUTH2', val: { access_token: 'x' } } }), 400, 600);
  isError(await call(service, 'PATCH', `/connected_accounts/${account}`, { connection: bad }), 400, 600);
  assert.equal(await total(), before_);
});

test('masked by default; plain only for a key that may reveal, when the project says so', async () => {
  const seen = async (/** @type {{ origin: string, apiKey: string }} */ who) => {
    const one = (await call(who, 'GET', `/connected_accounts/${account}`)).body;
    const list = (await call(who, 'GET', `/connected_accounts?connected_account_ids=${account}`)).body.items[0];
    return [one.state.val.api_key, one.data.api_key, one.params.api_key, list.state.val.api_key];
  };
  const { key } = (await call(service, 'POST', '/api_keys', { name: 'r', scopes: ['read'] })).body;
  const reader = { origin: service.origin, apiKey: key };
  assert.deepEqual(new Set(await seen(service)), new Set(['demo...']));
  await call(service, 'PATCH', '/org/project/config', { mask_style: 'full' });
  assert.deepEqual(new Set(await seen(service)), new Set(['REDACTED']));
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  assert.deepEqual(new Set(await seen(service)), new Set(['demo_abcdef']));
  assert.deepEqual(new Set(await seen(reader)), new Set(['REDACTED']));
  await call(service, 'PATCH', '/org/project/config', {
    mask_secret_keys_in_connected_account: true,
    mask_style: 'prefix',
  });
  assert.deepEqual(new Set(await seen(service)), new Set(['demo...']));
});

test('proxy goes to listed hosts alone, execute checks its arguments', async () => {
  for (const endpoint of ['http://127.0.0.1:1/', 'https://example.com/x', '//example.com', '/../x', '/a/%2e%2e/b']) {
    const body = { connected_account_id: account, endpoint, method: 'GET' };
    isError(await call(service, 'POST', '/tools/execute/proxy', body), 400);
  }
  isError(await call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', { arguments: {} }), 400, 1811);
  const other = { user_id: 'bob', connected_account_id: account, arguments: {} };
  isError(await call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', other), 400, 1812);
  isError(await call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', { user_id: 'bob' }), 404, 1810);
});

test('a cursor belongs to its list, and a walk sees every account once', async () => {
  await Promise.all(Array.from({ length: 25 }, (_, i) => create({ user_id: `walk-${i % 7}` })));
  const walk = async (/** @type {string} */ query) => {
    /** @type {string[]} */
    const ids = [];
    let cursor = '';
    do {
      const page = (await call(service, 'GET', `/connected_accounts?limit=4${query}${cursor}`)).body;
      ids.push(...page.items.map((/** @type {any} */ item) => item.id));
      cursor = page.next_cursor === null ? '' : `&cursor=${encodeURIComponent(page.next_cursor)}`;
    } while (cursor !== '');
    return ids;
  };
  for (const query of ['', '&order_direction=asc', '&order_by=updated_at', '&statuses=ACTIVE']) {
    const ids = await walk(query);
    const { total_items: total } = (await call(service, 'GET', `/connected_accounts?limit=1${query}`)).body;
    assert.equal(ids.length, total, query);
    assert.equal(new Set(ids).size, total, query);
  }
  assert.equal((await walk('&user_ids=walk-0,walk-1')).length, 8);
  const { next_cursor: cursor } = (await call(service, 'GET', '/connected_accounts?limit=4')).body;
  const other = `/connected_accounts?limit=4&statuses=ACTIVE&cursor=${encodeURIComponent(cursor)}`;
  isError(await call(service, 'GET', other), 400);
  isError(await call(service, 'GET', '/connected_accounts?cursor=abc'), 400);
});

test('of many initiates at once with allow_multiple: false, exactly one makes an account', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => create({ user_id: 'only' }, { allow_multiple: false })),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) isError(answer, 400, 607);
});

test('every answer has a request id and is never cached', async () => {
  for (const path of ['/api/v3/connected_accounts', '/health', '/api/v3/nothing', '/nothing', '/connect/lk_nothing']) {
    const { headers } = await fetch(service.origin + path, { headers: { 'x-api-key': service.apiKey } });
    assert.match(headers.get('x-request-id') ?? '', /^[\w-]{12,}$/, path);
    assert.equal(headers.get('cache-control'), 'no-store', path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  }
});

test('without a key to seal with, nothing is served', async () => {
  const handler = createHandler();
  for (const keys of [undefined, 'k1:short']) {
    const env = /** @type {any} */ ({ DEVCASTER_ENCRYPTION_KEYS: keys });
    for (const path of ['/', '/health', '/api/v3/connected_accounts']) {
      const response = await handler.fetch(new Request(`http://localhost${path}`), env);
      isError({ status: response.status, body: await response.json() }, 503);
    }
  }
});

test('nothing of what was sent stands in the log', () => {
  assert.ok(!service.logs().includes(PLANTED));
  assert.ok(!service.logs().includes(service.apiKey));
});
