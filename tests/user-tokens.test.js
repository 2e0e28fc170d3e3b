// User tokens against the real service: who is given one, whose accounts it reaches, and what is not one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, configsOf, startService } from './support/service.js';
import { asToken, claimsOf, mint, refuses } from './support/tokens.js';

const APP = 'https://app.example';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService({ env: { DEVCASTER_SHARDS: '3' } });
  configs = await configsOf(service);
});
after(() => service?.close());

/** @param {string} user_id @returns {Promise<string>} id of an ACTIVE account */
async function connect(user_id) {
  const { status, body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demokey },
    connection: { user_id, state: { val: { api_key: 'demo_abcdefghijk' } } },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

/** @param {string[]} scopes @returns {Promise<{ origin: string, apiKey: string, id: string }>} the service by another key */
async function withKey(...scopes) {
  const { body } = await call(service, 'POST', '/api_keys', { name: scopes.join(' '), scopes });
  return { origin: service.origin, apiKey: body.key, id: body.id };
}

/** @param {string} id */
const operationsOn = (id) =>
  /** @type {[string, string, unknown?][]} */ ([
    ['GET', `/connected_accounts/${id}`],
    ['GET', `/connected_accounts/${id}?min_valid=60`],
    ['GET', `/connected_accounts/${id}/activity`],
    ['PATCH', `/connected_accounts/${id}/status`, { enabled: false }],
    ['PATCH', `/connected_accounts/${id}/status`, { enabled: true }],
    ['PATCH', `/connected_accounts/${id}`, { alias: 'mine' }],
    ['PATCH', `/connected_accounts/${id}`, { connection: { state: { val: { api_key: 'demo_zzzzzzzzzzz' } } } }],
    ['POST', `/connected_accounts/${id}/refresh`],
    ['POST', `/connected_accounts/${id}/refresh`, { redirect_url: `${APP}/done` }],
    ['POST', `/connected_accounts/${id}/revoke`],
    ['POST', '/tools/execute/DEMOKEY_GET_PROFILE', { connected_account_id: id, arguments: {} }],
    ['POST', '/tools/execute/DEMOKEY_GET_PROFILE', { connected_account_id: id, user_id: 'ada', arguments: {} }],
    ['POST', '/tools/execute/proxy', { connected_account_id: id, endpoint: '/key/profile', method: 'GET' }],
    ['DELETE', `/connected_accounts/${id}`],
  ]);

/** Everything that a token can have. */
const EVERYTHING = {
  operations: [
    'connected_accounts.list',
    'connected_accounts.get',
    'connected_accounts.link',
    'connected_accounts.create',
    'connected_accounts.refresh',
    'connected_accounts.set_status',
    'connected_accounts.update',
    'connected_accounts.delete',
    'connected_accounts.revoke',
    'connected_accounts.activity',
    'auth_configs.list',
    'auth_configs.get',
    'toolkits.list',
    'toolkits.get',
    'toolkits.categories',
    'tools.list',
    'tools.get',
    'tools.execute',
    'tools.proxy',
  ],
  tools: ['DEMOKEY_GET_PROFILE', 'DEMO_GET_PROFILE', { methods: ['GET', 'POST'] }],
};

test('a token is short-lived, says whose it is, and its answer is never stored', async () => {
  const { status, body } = await call(service, 'POST', '/user_tokens', { user_id: 'ada' });
  assert.equal(status, 201);
  assert.deepEqual(Object.keys(body), ['token', 'expires_at', 'user_id']);
  const claims = claimsOf(body.token);
  assert.equal(claims.expires - claims.issued, 900_000);
  assert.equal(new Date(claims.expires).toISOString(), body.expires_at);
  assert.match(body.token, /^ut_[\w-]+\.[\w-]{43}$/);
  const again = await call(service, 'POST', '/user_tokens', { user_id: 'ada' });
  assert.notEqual(claimsOf(again.body.token).id, claims.id);
  const response = await fetch(`${service.origin}/api/v3.1/user_tokens`, {
    method: 'POST',
    headers: { 'x-api-key': service.apiKey },
    body: JSON.stringify({ user_id: 'ada', expires_in: 1800 }),
  });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('what cannot be given is refused by name', async () => {
  /** @type {[object, RegExp][]} */
  const rows = [
    [{}, /^user_id: is required/],
    [{ user_id: '' }, /^user_id: /],
    [{ user_id: 'a\u0000b' }, /^user_id: /],
    [{ user_id: 'x'.repeat(513) }, /^user_id: is too long/],
    [{ user_id: 'ada', expires_in: 1801 }, /^expires_in: /],
    [{ user_id: 'ada', expires_in: '60' }, /^expires_in: /],
    [{ user_id: 'ada', operations: ['api_keys.create'] }, /^operations: /],
    [{ user_id: 'ada', origins: ['https://app.example/'] }, /^origins: /],
    [{ user_id: 'ada', toolkits: [] }, /^toolkits: /],
    [{ user_id: 'ada', operations: ['tools.execute'] }, /^tools: /],
  ];
  for (const [request, wanted] of rows) {
    const { status, body } = await call(service, 'POST', '/user_tokens', request);
    assert.equal(status, 400, JSON.stringify(request));
    assert.match(body.error.errors[0], wanted);
  }
});

test('a key gives no more than it may do itself; a session and a token give nothing', async () => {
  const reader = await withKey('read');
  const writer = await withKey('read', 'write');
  const onlyWrites = await withKey('write');
  assert.equal((await call(reader, 'POST', '/user_tokens', { user_id: 'ada' })).status, 403);
  assert.equal((await call(onlyWrites, 'POST', '/user_tokens', { user_id: 'ada' })).status, 403);
  assert.equal((await call(reader, 'DELETE', '/user_tokens?user_id=ada')).status, 403);
  const token = await mint(writer, { user_id: 'ada' });
  refuses(await asToken(service, token, 'POST', '/user_tokens', { user_id: 'ada' }), 403, 10403);
  refuses(await asToken(service, token, 'DELETE', '/user_tokens?user_id=ada'), 403, 10403);
  const signIn = await fetch(`${service.origin}/auth/session`, {
    method: 'POST',
    body: JSON.stringify({ api_key: service.apiKey }),
  });
  const [cookie] = (signIn.headers.get('set-cookie') ?? '').split(';');
  const bySession = await fetch(`${service.origin}/api/v3/user_tokens`, {
    method: 'POST',
    headers: { cookie, origin: service.origin, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ user_id: 'ada' }),
  });
  assert.equal(bySession.status, 403);
});

test('a token ends with the key that asked for it', async () => {
  const key = await withKey('read', 'write');
  const token = await mint(key, { user_id: 'ada' });
  assert.equal((await asToken(service, token, 'GET', '/connected_accounts')).status, 200);
  assert.equal((await call(service, 'DELETE', `/api_keys/${key.id}`)).status, 200);
  refuses(await asToken(service, token, 'GET', '/connected_accounts'), 401, 10401);
});

test('with a token its user alone is listed, whatever is asked', async () => {
  const own = await connect('lister');
  const others = await connect('neighbour');
  const token = await mint(service, { user_id: 'lister' });
  const ids = async (/** @type {string} */ query) => {
    const { status, body } = await asToken(service, token, 'GET', `/connected_accounts${query}`);
    assert.equal(status, 200, query);
    return body.items.map((/** @type {any} */ item) => item.id);
  };
  assert.deepEqual(await ids(''), [own]);
  assert.deepEqual(await ids('?user_ids=lister'), [own]);
  assert.deepEqual(await ids(`?connected_account_ids=${others}`), []);
  assert.deepEqual(await ids(`?connected_account_ids=${others}%2C${own}`), [own]);
  for (const query of [
    'user_ids=neighbour',
    'user_ids=lister&user_ids=neighbour',
    'user_ids=lister&user_ids[]=neighbour',
    'user_ids[]=neighbour',
    'user_ids=lister%2Cneighbour',
    'user_ids=lister,neighbour',
    'user_ids%5B%5D=neighbour&user_ids=lister',
    'user_ids=LISTER',
    'user_ids=lister%20',
  ])
    refuses(await asToken(service, token, 'GET', `/connected_accounts?${query}`), 403, 10403);
  for (const query of ['user_id=neighbour', 'userIds=neighbour', 'user_ids%00=neighbour', 'user_ids='])
    refuses(await asToken(service, token, 'GET', `/connected_accounts?${query}`), 400, 10400);
});

test("a cursor of somebody else's list leads nowhere", async () => {
  await connect('pager');
  await connect('pager');
  await connect('other-pager');
  const { body } = await call(service, 'GET', '/connected_accounts?limit=1');
  const token = await mint(service, { user_id: 'pager' });
  const cursor = encodeURIComponent(body.next_cursor);
  refuses(await asToken(service, token, 'GET', `/connected_accounts?limit=1&cursor=${cursor}`), 400, 10400);
  const first = await asToken(service, token, 'GET', '/connected_accounts?limit=1');
  assert.equal(first.body.total_items, 2);
  const next = await asToken(
    service,
    token,
    'GET',
    `/connected_accounts?limit=1&cursor=${encodeURIComponent(first.body.next_cursor)}`,
  );
  assert.equal(next.body.items[0].user_id, 'pager');
});

test("another user's account is not there, for any operation; the same answer as for one that never was", async () => {
  const token = await mint(service, { user_id: 'ada', origins: [APP], ...EVERYTHING });
  for (const user of ['victim-a', 'victim-b', 'victim-c', 'victim-d']) {
    const id = await connect(user);
    for (const [method, path, body] of operationsOn(id)) {
      const told = await asToken(service, token, method, path, body);
      refuses(told, 404, 606);
      const never = await asToken(
        service,
        token,
        method,
        path.replace(id, 'ca_00unknownunknown'),
        body && {
          ...body,
          ...('connected_account_id' in /** @type {object} */ (body) && {
            connected_account_id: 'ca_00unknownunknown',
          }),
        },
      );
      const same = (/** @type {any} */ { body: { error } }) => ({ ...error, request_id: '' });
      assert.deepEqual(same(told), same(never), `${method} ${path}`);
    }
    const still = await call(service, 'GET', `/connected_accounts/${id}`);
    assert.deepEqual([still.status, still.body.status, still.body.alias], [200, 'ACTIVE', null]);
    const { body } = await call(service, 'GET', `/connected_accounts/${id}/activity`);
    assert.deepEqual(
      body.items.filter((/** @type {any} */ item) => item.actor.type === 'token'),
      [],
    );
  }
});

test('the user of a token cannot be talked away', async () => {
  const token = await mint(service, { user_id: 'ada', ...EVERYTHING });
  const link = { auth_config_id: configs.demokey };
  refuses(await asToken(service, token, 'POST', '/connected_accounts/link', { ...link, user_id: 'bob' }), 403, 10403);
  const made = await asToken(service, token, 'POST', '/connected_accounts/link', { ...link, user_id: 'ada' });
  assert.equal(made.status, 201);
  const account = {
    auth_config: { id: configs.demokey },
    connection: { state: { val: { api_key: 'demo_abcdefghijk' } } },
  };
  const own = await asToken(service, token, 'POST', '/connected_accounts', account);
  assert.equal(own.status, 201, own.text);
  const { body } = await call(service, 'GET', `/connected_accounts/${own.body.id}`);
  assert.equal(body.user_id, 'ada'); // not `default`
  for (const connection of [{ user_id: 'bob' }, { user_id: 'default' }, { user_id: ['ada'] }, { user_id: 7 }]) {
    const told = await asToken(service, token, 'POST', '/connected_accounts', {
      ...account,
      connection: { ...account.connection, ...connection },
    });
    assert.ok(told.status === 403 || told.status === 400, told.text);
  }
  // Two members of one name: what is checked is what is used.
  const response = await fetch(`${service.origin}/api/v3/connected_accounts/link`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: `{"auth_config_id":"${configs.demokey}","user_id":"bob","user_id":"ada"}`,
  });
  const { connected_account_id } = /** @type {any} */ (await response.json());
  assert.equal((await call(service, 'GET', `/connected_accounts/${connected_account_id}`)).body.user_id, 'ada');
});

test('secrets stay masked for a token, whatever the project says', async () => {
  const id = await connect('masked');
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  try {
    const plain = await call(service, 'GET', `/connected_accounts/${id}`);
    assert.equal(plain.body.state.val.api_key, 'demo_abcdefghijk');
    const token = await mint(service, { user_id: 'masked', ...EVERYTHING });
    for (const path of [`/connected_accounts/${id}`, '/connected_accounts', `/connected_accounts/${id}/activity`]) {
      const { status, text } = await asToken(service, token, 'GET', path);
      assert.equal(status, 200);
      assert.ok(!text.includes('abcdefghijk'), path);
    }
  } finally {
    await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: true });
  }
});

test('what a token does not name it does not get; keys, project and other tokens never', async () => {
  const id = await connect('narrow');
  const usual = await mint(service, { user_id: 'narrow' });
  const lists = await mint(service, { user_id: 'narrow', operations: ['connected_accounts.list'] });
  for (const [method, path, body] of /** @type {[string, string, unknown?][]} */ ([
    ['GET', '/api_keys'],
    ['POST', '/api_keys', { name: 'x', scopes: ['admin'] }],
    ['DELETE', '/api_keys/ak_1'],
    ['GET', '/org/project/config'],
    ['PATCH', '/org/project/config', { mask_style: 'prefix' }],
    ['GET', '/auth/session/info'],
    ['GET', '/auth_configs'],
    ['GET', `/auth_configs/${configs.demo}`],
    ['POST', '/auth_configs', { toolkit: { slug: 'demo' } }],
    ['GET', `/connected_accounts/${id}/activity`],
    ['POST', `/connected_accounts/${id}/revoke`],
    ['POST', '/connected_accounts', { auth_config: { id: configs.demokey }, connection: {} }],
    ['PATCH', `/connected_accounts/${id}`, { connection: { state: { val: { api_key: 'demo_zzzzzzzzzzz' } } } }],
    ['POST', '/tools/execute/DEMOKEY_GET_PROFILE', { arguments: {} }],
    ['POST', '/tools/execute/proxy', { connected_account_id: id, endpoint: '/', method: 'GET' }],
  ]))
    refuses(await asToken(service, usual, method, path, body), 403, 10403);
  for (const [method, path, body] of operationsOn(id))
    refuses(await asToken(service, lists, method, path, body), 403, 10403);
  assert.equal((await asToken(service, lists, 'GET', '/connected_accounts')).status, 200);
  for (const [method, path, body] of /** @type {[string, string, unknown?][]} */ ([
    ['GET', `/connected_accounts/${id}`],
    ['PATCH', `/connected_accounts/${id}`, { alias: 'mine' }],
    ['PATCH', `/connected_accounts/${id}/status`, { enabled: false }],
    ['PATCH', `/connected_accounts/${id}/status`, { enabled: true }],
    ['GET', '/toolkits'],
    ['GET', '/tools'],
    ['DELETE', `/connected_accounts/${id}`],
  ])) {
    const { status, text } = await asToken(service, usual, method, path, body);
    assert.equal(status, 200, `${method} ${path} ${text}`);
  }
});

test('a token without the right to link does not see the links of pending accounts', async () => {
  const all = await mint(service, { user_id: 'pending' });
  const link = await asToken(service, all, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.demokey,
    user_id: 'pending',
  });
  const { link_token, connected_account_id: id } = link.body;
  const looks = await mint(service, {
    user_id: 'pending',
    operations: ['connected_accounts.list', 'connected_accounts.get', 'connected_accounts.set_status'],
  });
  for (const path of [`/connected_accounts/${id}`, '/connected_accounts']) {
    const { status, text } = await asToken(service, looks, 'GET', path);
    assert.equal(status, 200);
    assert.ok(!text.includes(link_token), path);
  }
});

test('a token for one toolkit sees, links and lists nothing of another', async () => {
  const id = await connect('fan');
  const token = await mint(service, { user_id: 'fan', toolkits: ['demo'], origins: [APP], ...EVERYTHING });
  assert.deepEqual((await asToken(service, token, 'GET', '/connected_accounts')).body.items, []);
  refuses(await asToken(service, token, 'GET', '/connected_accounts?toolkit_slugs=demokey'), 403, 10403);
  for (const [method, path, body] of operationsOn(id)) {
    const told = await asToken(service, token, method, path, body);
    assert.ok([403, 404].includes(told.status), `${method} ${path} ${told.text}`);
  }
  const link = { user_id: 'fan', auth_config_id: configs.demokey };
  refuses(await asToken(service, token, 'POST', '/connected_accounts/link', link), 404, 302);
  refuses(await asToken(service, token, 'GET', `/auth_configs/${configs.demokey}`), 404, 302);
  assert.equal((await asToken(service, token, 'GET', `/auth_configs/${configs.demo}`)).status, 200);
  const own = await asToken(service, token, 'POST', '/connected_accounts/link', {
    ...link,
    auth_config_id: configs.demo,
  });
  assert.equal(own.status, 201, own.text);
  assert.equal((await call(service, 'GET', `/connected_accounts/${id}`)).body.status, 'ACTIVE');
});
