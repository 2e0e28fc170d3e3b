// The gateway in workerd, in front of an API that plants secrets everywhere: what passes, what is narrowed, what comes back.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createHandler } from '../js/edge/index.js';
import { KEY, startGateway } from './support/gateway.js';
import { account, HostileUpstream, says } from './support/hostile-upstream.js';

const OTHER = 'https://app.example';
const upstream = await new HostileUpstream().open();
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** What must never come out, whole or in its later part. @type {Set<string>} */
const planted = new Set([KEY.slice(8)]);
const ID = 'ca_000000000001';
const mine = account(ID, 'ada', planted);
const list = { items: [mine, account('ca_000000000002', 'ada', planted)], next_cursor: null, total_items: 2 };

before(async () => {
  gateway = await startGateway(upstream.origin, {
    origins: [OTHER],
    operations: [
      'connected_accounts.list',
      'connected_accounts.get',
      'connected_accounts.link',
      'connected_accounts.create',
      'connected_accounts.update',
      'connected_accounts.delete',
      'connected_accounts.set_status',
      'connected_accounts.refresh',
      'tools.list',
      'tools.execute',
      'tools.proxy',
      'project_config.get',
    ],
  });
});
after(async () => {
  await gateway?.close();
  await upstream.close();
});
beforeEach(() => upstream.behave(says(list)));

/** @param {{ text: string, headers: Headers }} answer */
const holdsNothing = ({ text, headers }) => {
  const all = text + JSON.stringify([...headers]) + gateway.logs();
  for (const secret of planted) assert.ok(!all.includes(secret), secret);
};

/** @param {object} body @param {object} [session] */
const execute = (body, session) =>
  gateway.ask('/tools/execute/GMAIL_SEND', { method: 'POST', body: JSON.stringify(body), session });

test('a list comes back masked whatever the API masks, and is asked for the user alone', async () => {
  const answer = await gateway.ask('/connected_accounts?statuses[]=ACTIVE&limit=5');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.items[0].state.val.access_token, 'SECR...');
  assert.deepEqual(answer.body.items[0].data.unheard_of.deep, ['SECR...', { deeper: 'SECR...' }]);
  assert.equal(answer.body.items[0].alias, mine.alias);
  holdsNothing(answer);
  assert.equal(upstream.last.url, '/api/v3/connected_accounts?user_ids=ada&statuses=ACTIVE&limit=5');
});

test('every way to cut the answer into pieces masks it alike', async () => {
  const { text } = await gateway.ask('/connected_accounts');
  const whole = Buffer.from(JSON.stringify(list));
  for (const size of [1, 2, 3, 7, 64, 1000]) {
    upstream.behave(async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.socket?.setNoDelay(true);
      for (let at = 0; at < whole.length; at += size) {
        response.write(whole.subarray(at, at + size));
        if (at % 64 === 0) await new Promise(setImmediate);
      }
      response.end();
    });
    const answer = await gateway.ask('/connected_accounts');
    assert.equal(answer.text, text, `pieces of ${size}`);
  }
});

test('the gateway sends its own headers and none of the browser', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const headers = {
    cookie: 'session=COOKIE',
    authorization: 'Bearer TOKEN',
    'x-forwarded-for': '10.0.0.1',
    'x-session': JSON.stringify({ userId: 'ada' }),
    'x-own': 'x',
    te: 'trailers',
    traceparent: trace,
  };
  await gateway.ask('/connected_accounts', { headers });
  const { headers: sent } = upstream.last;
  assert.equal(sent['x-api-key'], KEY);
  assert.equal(sent.traceparent, trace);
  const own = ['host', 'accept', 'accept-encoding', 'x-api-key', 'x-request-id', 'traceparent', 'connection'];
  const known = [...own, 'cache-control', 'pragma']; // by which the platform says that no cache is to be asked
  assert.deepEqual(
    Object.keys(sent).filter((name) => !known.includes(name)),
    [],
  );
  await gateway.ask('/connected_accounts', { headers: { ...headers, traceparent: 'COOKIE' } });
  assert.equal(upstream.last.headers.traceparent, undefined);
});

test('of the headers of the API only numbers come back', async () => {
  const headers = {
    'set-cookie': 'a=SECRET',
    'x-api-key': KEY,
    location: '/x',
    'x-ratelimit': '9',
    'x-ratelimit-remaining': '7',
    'retry-after': KEY,
    'content-type': 'text/html',
    server: 'own',
    'x-request-id': 'theirs',
  };
  upstream.behave(says(list, 200, headers));
  const answer = await gateway.ask('/connected_accounts');
  assert.equal(answer.headers.get('x-ratelimit-remaining'), '7');
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  for (const name of ['set-cookie', 'x-api-key', 'location', 'retry-after', 'server'])
    assert.equal(answer.headers.get(name), null, name);
  assert.match(answer.headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/);
  holdsNothing(answer);
});

test('the user of the session is the only one there is', async () => {
  upstream.behave(says(mine));
  assert.equal((await gateway.ask(`/connected_accounts/${ID}`)).status, 200);
  for (const [path, init] of /** @type {[string, object][]} */ ([
    [`/connected_accounts/${ID}`, {}],
    [`/connected_accounts/${ID}/status`, { method: 'PATCH', body: '{"enabled":false}' }],
    [`/connected_accounts/${ID}`, { method: 'PATCH', body: '{"alias":"x"}' }],
    [`/connected_accounts/${ID}/refresh`, { method: 'POST' }],
    [`/connected_accounts/${ID}`, { method: 'DELETE' }],
  ])) {
    upstream.behave(says(mine));
    const answer = await gateway.ask(path, { ...init, user: 'eve' });
    assert.deepEqual([answer.status, answer.body.error.code], [404, 606], path);
    assert.deepEqual(
      upstream.seen.map(({ method }) => method),
      ['GET'],
      'it was looked at, and nothing more',
    );
  }
  const other = await gateway.ask('/connected_accounts?user_ids=ada', { user: 'eve' });
  assert.deepEqual([other.status, other.body.error.code], [403, 10403]);
  const { user_id: _, ...nobodys } = mine;
  upstream.behave(says(nobodys));
  assert.equal((await gateway.ask(`/connected_accounts/${ID}`)).status, 404, 'nobody says whose it is');
});

test('an own account can be changed, and only what the core knows goes on', async () => {
  upstream.behave(({ method }, response) =>
    says(method === 'GET' ? mine : { success: true })(/** @type {any} */ ({}), response),
  );
  const body = '{"enabled":false,"__proto__":1,"user_id":"eve"}';
  const answer = await gateway.ask(`/connected_accounts/${ID}/status`, { method: 'PATCH', body });
  assert.deepEqual([answer.status, answer.body], [200, { success: true }]);
  assert.deepEqual([upstream.last.method, upstream.last.body], ['PATCH', '{"enabled":false}']);
  const state = '{"alias":"b","connection":{"state":{"val":{}}}}';
  assert.equal((await gateway.ask(`/connected_accounts/${ID}`, { method: 'PATCH', body: state })).status, 200);
  const session = { userId: 'ada', operations: undefined };
  assert.equal((await gateway.ask(`/connected_accounts/${ID}`, { method: 'DELETE', session })).status, 200);
  assert.equal(upstream.last.body, '');
});

test('a link is for the user, and returns to a page of ours', async () => {
  upstream.behave(says({ link_token: 'lk_0', redirect_url: 'https://x/connect/lk_0', connected_account_id: ID }, 201));
  const link = (/** @type {object} */ body, session = { userId: 'ada' }) =>
    gateway.ask('/connected_accounts/link', { method: 'POST', session, body: JSON.stringify(body) });
  const good = await link({ auth_config_id: 'ac_1', user_id: 'ada', callback_url: `${OTHER}/done?x=1` });
  assert.deepEqual([good.status, good.body.link_token], [201, 'lk_0'], good.text);
  assert.deepEqual(JSON.parse(upstream.last.body), {
    auth_config_id: 'ac_1',
    user_id: 'ada',
    callback_url: `${OTHER}/done?x=1`,
  });
  assert.equal((await link({ auth_config_id: 'ac_1', user_id: 'eve' })).status, 403);
  for (const callback_url of [
    'https://evil.example/',
    `${OTHER}.evil.example/`,
    `${OTHER}@evil.example/`,
    `${OTHER}:444/`,
  ])
    assert.equal((await link({ auth_config_id: 'ac_1', user_id: 'ada', callback_url })).status, 400, callback_url);
  assert.equal(upstream.seen.length, 1, 'none of them was sent on');
});

test('tools run for the user with what the session allows, and their answers lose the key', async () => {
  const said = { data: { echo: KEY, base64: btoa(`x:${KEY}`), access_token: 'kept' }, error: null, successful: true };
  upstream.behave(({ method }, response) => says(method === 'GET' ? mine : said)(/** @type {any} */ ({}), response));
  const answer = await execute({ arguments: { a: 12345678901234567890n.toString() } });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.data.echo, 'REDACTED');
  assert.equal(answer.body.data.access_token, 'kept', 'a tool answers the data of the user');
  holdsNothing(answer);
  assert.equal(JSON.parse(upstream.last.body).user_id, 'ada');
  const operations = ['tools.execute', 'tools.proxy'];
  const tools = ['GMAIL_READ', { methods: ['GET'] }];
  const narrow = { userId: 'ada', operations, tools };
  assert.equal((await execute({ arguments: {} }, narrow)).status, 403);
  assert.equal((await execute({ arguments: {} }, { ...narrow, tools: ['GMAIL_SEND'] })).status, 200);
  assert.equal(
    (await execute({ arguments: {} }, { ...narrow, tools: [{ slug: 'GMAIL_SEND', count: 1 }] })).status,
    403,
  );
  assert.equal((await execute({ arguments: {} }, { userId: 'ada', operations, toolkits: ['slack'] })).status, 403);
  assert.equal((await execute({ arguments: {}, connected_account_id: ID }, { userId: 'eve', operations })).status, 404);
  const proxy = (/** @type {string} */ method, session = narrow) =>
    gateway.ask('/tools/execute/proxy', {
      method: 'POST',
      session,
      body: JSON.stringify({ connected_account_id: ID, endpoint: '/x', method }),
    });
  assert.deepEqual([(await proxy('GET')).status, (await proxy('POST')).status], [200, 403]);
  assert.equal((await proxy('GET', { ...narrow, userId: 'eve' })).status, 404);
});

test('who is not known, or said in two ways, gets nothing', async () => {
  const asks = async (/** @type {any} */ session) => {
    const said = typeof session === 'string' ? session : JSON.stringify(session);
    const headers = new Headers(session === undefined ? undefined : { 'x-session': said });
    const response = await fetch(`${gateway.origin}/api/v3/connected_accounts`, { headers });
    return response.status;
  };
  for (const session of [
    undefined,
    {},
    { userId: '' },
    { userId: 7 },
    { userId: 'a', allUsers: true },
    { allUsers: 1 },
  ])
    assert.equal(await asks(session), 401, JSON.stringify(session));
  for (const session of [
    { userId: 'a', operations: 'all' },
    { userId: 'a', toolkits: 'x' },
    { userId: 'a', operations: [] },
  ])
    assert.equal(await asks(session), 403, JSON.stringify(session));
  assert.equal(await asks('broken'), 500);
  assert.equal(upstream.seen.length, 0);
  assert.ok(!gateway.logs().includes('planned'), 'no message of an error is logged');
  assert.equal(await asks({ allUsers: true }), 200);
  assert.equal(upstream.last.url, '/api/v3/connected_accounts');
  assert.equal(await asks({ allUsers: true, operations: ['tools.list'] }), 403);
});

test('other answers are masked by name, definitions stay as they are', async () => {
  const session = { allUsers: true };
  upstream.behave(says({ webhook_secret: 'planted-0123456789', display_name: 'x' }));
  const { body } = await gateway.ask('/org/project/config', { session });
  assert.deepEqual(body, { webhook_secret: 'plan...', display_name: 'x' });
  const definition = {
    items: [{ input_parameters: { properties: { api_key: { type: 'string' }, data: { type: 'object' } } } }],
  };
  upstream.behave(says(definition));
  assert.deepEqual((await gateway.ask('/tools?toolkit_versions[gmail]=20251111_00', { session })).body, definition);
  assert.equal(upstream.last.url, '/api/v3/tools?toolkit_versions%5Bgmail%5D=20251111_00');
});

test('what comes encoded although nobody asked for it is masked all the same', async () => {
  upstream.behave((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(list)));
  });
  const answer = await gateway.ask('/connected_accounts');
  assert.equal(upstream.last.headers['accept-encoding'], 'identity');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('content-encoding'), null);
  holdsNothing(answer);
});

test('pages of listed origins may read, others may not even ask', async () => {
  const preflight = (/** @type {string} */ origin) =>
    fetch(`${gateway.origin}/api/v3/connected_accounts`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' },
    });
  const good = await preflight(OTHER);
  assert.deepEqual([good.status, good.headers.get('access-control-allow-origin')], [204, OTHER]);
  assert.match(good.headers.get('access-control-allow-methods') ?? '', /PATCH/);
  assert.match(good.headers.get('access-control-allow-headers') ?? '', /authorization/);
  assert.equal(good.headers.get('access-control-allow-credentials'), null);
  for (const origin of [
    'https://evil.example',
    'null',
    `${OTHER}.evil.example`,
    'http://app.example',
    `${OTHER}:8443`,
  ]) {
    const bad = await preflight(origin);
    assert.deepEqual([bad.status, bad.headers.get('access-control-allow-origin')], [403, null], origin);
    const asked = await gateway.ask('/connected_accounts', { headers: { origin } });
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [403, null]);
    assert.match(asked.headers.get('vary') ?? '', /origin/);
  }
  assert.equal(upstream.seen.length, 0);
  const read = await gateway.ask('/connected_accounts', { headers: { origin: OTHER } });
  assert.deepEqual([read.status, read.headers.get('access-control-allow-origin')], [200, OTHER]);
  assert.match(read.headers.get('access-control-expose-headers') ?? '', /x-request-id/);
  const own = await gateway.ask('/connected_accounts', { headers: { origin: gateway.origin } });
  assert.deepEqual([own.status, own.headers.get('access-control-allow-origin')], [200, null]);
  const session = { userId: 'ada', origins: ['https://third.example'] };
  const replayed = await gateway.ask('/connected_accounts', { session, headers: { origin: OTHER } });
  assert.equal(replayed.status, 403, 'a session of another origin');
});

test('a gateway that is set up wrongly does not start, and shows no key', () => {
  const good = { baseURL: 'https://api.example', apiKey: KEY };
  for (const options of /** @type {any[]} */ ([
    { upstream: good },
    { upstream: good, public: false },
    { upstream: good, public: true, authorize: () => null },
    { upstream: { ...good, baseURL: 'ftp://x' }, public: true, origin: 'https://gateway.example' },
    { upstream: { ...good, baseURL: 'https://u:p@x' }, public: true, origin: 'https://gateway.example' },
    { upstream: { ...good, baseURL: 'https://x/api/v3' }, public: true, origin: 'https://gateway.example' },
    { upstream: { ...good, apiKey: `${KEY}\n` }, public: true, origin: 'https://gateway.example' },
    { upstream: { ...good, apiKey: '' }, public: true, origin: 'https://gateway.example' },
    { upstream: good, public: true, origin: 'https://gateway.example', origins: ['*'] },
    { upstream: good, public: true, origin: 'https://gateway.example', origins: ['https://app.example/'] },
    { upstream: good, public: true, operations: 'all', origin: 'https://gateway.example' },
    { upstream: good, public: true },
    { upstream: good, public: true, userTokens: { secret: 's'.repeat(32) }, origin: 'https://gateway.example' },
  ]))
    assert.throws(
      () => createHandler(options),
      (/** @type {Error} */ error) => error instanceof TypeError && !error.message.includes(KEY),
    );
});

test('it runs in Node as it does in workerd: short answers, long ones, and such as go wrong', async () => {
  const own = createHandler({
    upstream: { baseURL: upstream.origin, apiKey: KEY, timeout: 1000 },
    public: true,
    origin: 'http://gateway.example',
    audit: false,
  });
  const ask = () =>
    own.fetch(new Request('http://gateway.example/api/v3/connected_accounts', { headers: { cookie: 'a=b' } }));
  const short = await ask();
  assert.equal((await short.json()).items[0].state.val.access_token, 'SECR...');
  assert.equal(upstream.last.headers.cookie, undefined);
  const many = (/** @type {string} */ end) => `[${`${JSON.stringify(mine)},`.repeat(2000)}${end}`;
  upstream.behave(says(many('null]')));
  const text = await (await ask()).text();
  assert.equal(JSON.parse(text).length, 2001);
  for (const secret of planted) assert.ok(!text.includes(secret));
  upstream.behave(says(many('')));
  const broken = await ask();
  assert.equal(broken.status, 200);
  await assert.rejects(broken.text());
  upstream.behave(() => {});
  assert.equal((await ask()).status, 504);
  upstream.behave(says('', 302, { location: 'http://127.0.0.1:1/' }));
  assert.equal((await ask()).status, 502);
});
