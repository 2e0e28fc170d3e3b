// What somebody sends to get past the gateway: the API behind it must see nothing but requests that the core has built.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { KEY, raw, startGateway } from './support/gateway.js';
import { account, HostileUpstream, says } from './support/hostile-upstream.js';

const upstream = await new HostileUpstream().open();
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let cookies;
const ID = 'ca_000000000001';
const PATHS = /^\/api\/v3(\.1)?\/(connected_accounts|toolkits|tools)([/?]|$)/;

before(async () => {
  gateway = await startGateway(upstream.origin);
  cookies = await startGateway(upstream.origin, { cookies: true, origins: ['https://app.example'] });
});
after(async () => {
  await gateway?.close();
  await cookies?.close();
  await upstream.close();
});
beforeEach(() => upstream.behave(says(account(ID, 'ada', new Set()))));

const SESSION = `x-session: ${JSON.stringify({ userId: 'ada' })}\r\n`;

/** @param {string} line @param {string} [headers] @param {string} [body] @param {typeof gateway} [to] */
const send = async (line, headers = '', body = '', to = gateway) => {
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  const bytes = `${line} HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n${SESSION}${headers}${length}\r\n${body}`;
  const { text } = await raw(to.origin, bytes);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
};

/** Nothing reached the API that is not one of the allowed paths, with the user in it. */
const onlyOurs = () => {
  for (const { method, url, headers } of upstream.seen) {
    assert.match(url, PATHS);
    assert.ok(!/\.\.|%2f|%2e|%5c|\/\/|%00/i.test(url.split('?')[0]), url);
    assert.equal(headers['x-api-key'], KEY);
    if (/connected_accounts(\?|$)/.test(url) && method === 'GET') assert.match(url, /[?&]user_ids=ada(%2Cada)*(&|$)/);
  }
};

test('tricks with the path end here', async () => {
  for (const path of [
    '/api/v3/connected_accounts/../api_keys',
    '/api/v3/connected_accounts/%2e%2e/api_keys',
    '/api/v3/connected_accounts/..%2fapi_keys',
    '/api/v3/connected_accounts/..%2Fapi_keys',
    '/api/v3/connected_accounts/%2e%2e%2fapi_keys',
    '/api/v3/connected_accounts/..;/api_keys',
    '/api/v3/connected_accounts\\..\\api_keys',
    '/api/v3/connected_accounts/%5c..%5capi_keys',
    '/api/v3/connected_accounts/%252e%252e%252fapi_keys',
    `/api/v3/connected_accounts/${ID}%00`,
    `/api/v3/connected_accounts/${ID}%3fuser_ids=x`,
    `/api/v3/connected_accounts/${ID}%23`,
    `/api/v3/connected_accounts/${ID}%0d%0ax-api-key:%20y`,
    `/api/v3//connected_accounts/${ID}`,
    '//api/v3/connected_accounts',
    '/api/v3/./api_keys',
    '/API/V3/connected_accounts',
    '/api/v4/connected_accounts',
    '/api/v3/api_keys',
    '/api/v3/org/project/config',
    '/api/v3/user_tokens',
    '/connect/lk_000000000000',
    '/oauth/callback?code=x',
    '/auth/session',
    '/health',
    '/',
    'http://evil.example/api/v3/api_keys',
    '/api/v3/connected_accounts/\ud83d\ude00',
  ]) {
    const { status } = await send(`GET ${path}`);
    assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
  }
  assert.deepEqual(upstream.seen, []);
});

test('a parameter that is given in two ways, or is none, goes nowhere or stays with the user', async () => {
  for (const query of [
    'user_ids=ada&user_ids[]=eve',
    'user_ids=eve&user_ids=ada',
    'user_ids=ada,eve',
    'user_ids=ada%2Ceve',
    'user_ids%5B%5D=eve',
    'user%5Fids=eve',
    '%75ser_ids=eve',
    'user_ids=ada%00',
    'user_ids=',
    'user_id=eve',
    'user_ids[0]=eve',
    'User_Ids=eve',
    'limit=1&limit=2',
    'limit=1000000',
    'limit=1e3',
    'statuses=ALL',
    'order_by=id;drop',
    'user_ids=ada&%',
    'x-api-key=y',
    '__proto__[user_ids]=eve',
  ]) {
    const { status } = await send(`GET /api/v3/connected_accounts?${query}`);
    assert.ok([400, 403].includes(status), `${query}: ${status}`);
  }
  assert.deepEqual(upstream.seen, []);
  for (const query of [
    'user_ids=ada&user_ids[]=ada',
    'cursor=a%26user_ids%3Deve',
    'toolkit_slugs=a%26user_ids=eve',
    ';user_ids=eve',
  ]) {
    const { status } = await send(`GET /api/v3/connected_accounts?${query}`);
    if (status === 200) onlyOurs();
  }
  onlyOurs();
});

test('bodies are read as the core reads them, and written anew', async () => {
  const link = (/** @type {string} */ body, headers = '') =>
    send('POST /api/v3/connected_accounts/link', headers, body);
  for (const body of [
    '{"auth_config_id":"ac_1","user_id":"ada","user_id":"eve"}',
    '{"auth_config_id":"ac_1","user_id":"ada","user\\u005fid":"eve"}',
    '{"auth_config_id":"ac_1","user_id":["ada"]}',
    '{"auth_config_id":"ac_1","user_id":{"toString":"ada"}}',
    '{"auth_config_id":"ac_1","user_id":"ada\\u0000"}',
    '{"auth_config_id":"ac_1","user_id":"ada"}{"user_id":"eve"}',
    '[{"auth_config_id":"ac_1","user_id":"ada"}]',
    'auth_config_id=ac_1&user_id=ada',
    '\ufeff{"auth_config_id":"ac_1","user_id":"eve"}',
  ]) {
    const { status } = await link(body);
    assert.ok([400, 403].includes(status), `${body}: ${status}`);
  }
  assert.deepEqual(upstream.seen, []);
  await link('{"user_id":"eve","auth_config_id":"ac_1","user_id":"ada","admin":true}');
  assert.equal(upstream.last.body, '{"auth_config_id":"ac_1","user_id":"ada"}', 'the last one counts, and goes alone');
  await link('{"auth_config_id":"ac_1","user_id":"ada"}', 'content-type: application/x-www-form-urlencoded\r\n');
  assert.equal(upstream.last.headers['content-type'], 'application/json');
  upstream.behave(says({}));
  const { status } = await link(`{"auth_config_id":"ac_1","user_id":"ada","alias":"${'x'.repeat(1 << 20)}"}`);
  assert.deepEqual([status, upstream.seen.length], [413, 0]);
});

test('headers are not passed on, doubled or disguised ones neither', async () => {
  const tricks = [
    'x-api-key: mine\r\nx-api-key: other\r\n',
    'x-http-method-override: DELETE\r\nx-method-override: DELETE\r\n',
    'connection: close, x-api-key\r\n',
    'host: evil.example\r\n',
    'x-original-url: /api/v3/api_keys\r\nx-rewrite-url: /api/v3/api_keys\r\n',
    'forwarded: for=1;host=evil.example\r\nx-forwarded-host: evil.example\r\n',
    'transfer-encoding: chunked\r\ncontent-length: 4\r\n',
    'content-length: 4\r\ncontent-length: 5\r\n',
    'traceparent: x\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n',
    'expect: 100-continue\r\nupgrade: h2c\r\n',
    'cache-control: max-age=600\r\naccept-encoding: gzip\r\nrange: bytes=0-10\r\nif-none-match: "x"\r\n',
  ];
  for (const headers of tricks) {
    const { text } = await send('GET /api/v3/connected_accounts', headers);
    assert.ok(!text.includes(KEY));
  }
  onlyOurs();
  const usual = ['host', 'accept', 'accept-encoding', 'x-api-key', 'x-request-id', 'connection', 'traceparent'];
  const allowed = [...usual, 'cache-control', 'pragma']; // by which the platform says that no cache is to be asked
  for (const { headers } of upstream.seen) {
    assert.deepEqual(
      Object.keys(headers).filter((name) => !allowed.includes(name)),
      [],
    );
    assert.equal(headers.host, new URL(upstream.origin).host);
    assert.equal(headers['cache-control'], 'no-cache');
  }
  const smuggled = 'GET /api/v3/api_keys HTTP/1.1\r\nhost: x\r\nx-api-key: y\r\n\r\n';
  await send('POST /api/v3/connected_accounts/link', 'transfer-encoding: chunked\r\n', `0\r\n\r\n${smuggled}`);
  await send('GET /api/v3/connected_accounts', '', smuggled);
  onlyOurs();
});

test('an address or headers without end are refused', async () => {
  const { status } = await send(`GET /api/v3/connected_accounts?cursor=${'x'.repeat(20_000)}`);
  assert.equal(status, 431);
  await send('GET /api/v3/connected_accounts', `x-long: ${'x'.repeat(1 << 20)}\r\n`);
  assert.equal(upstream.seen.length, 0);
});

test('another site cannot use the cookies of a browser', async () => {
  const change = (/** @type {string} */ headers) =>
    send(`PATCH /api/v3/connected_accounts/${ID}`, `cookie: session=ada\r\n${headers}`, '{"alias":"x"}', cookies);
  for (const headers of [
    '',
    'origin: https://evil.example\r\n',
    'origin: null\r\n',
    'sec-fetch-site: cross-site\r\n',
    'sec-fetch-site: same-site\r\n',
    'origin: https://app.example\r\norigin: https://evil.example\r\n',
    'referer: https://app.example/\r\n',
  ])
    assert.equal((await change(headers)).status, 403, headers);
  const image = await send(
    'GET /api/v3/connected_accounts',
    'cookie: a=b\r\nsec-fetch-site: cross-site\r\n',
    '',
    cookies,
  );
  assert.equal(image.status, 403);
  assert.equal(upstream.seen.length, 0);
  const listed = await change('origin: https://app.example\r\n');
  assert.equal(listed.status, 200, listed.text);
  assert.match(listed.text, /access-control-allow-credentials: true/i);
  assert.equal((await change(`origin: ${cookies.origin.replace(/127.*/, 'gateway')}\r\n`)).status, 200, 'our own page');
  assert.equal((await change('sec-fetch-site: same-origin\r\n')).status, 200);
});

test('no cache can give one page what another was answered', async () => {
  const answers = [
    await send('GET /api/v3/connected_accounts'),
    await send('GET /api/v3/nothing'),
    await send('GET /api/v3/connected_accounts', 'origin: https://evil.example\r\n'),
    await send('GET /api/v3/connected_accounts?x=1', 'x-forwarded-host: evil.example\r\n'),
  ];
  for (const { text } of answers) {
    assert.match(text, /cache-control: no-store/i);
    assert.match(text, /vary: origin/i);
    assert.ok(!text.includes('evil.example'));
  }
});
