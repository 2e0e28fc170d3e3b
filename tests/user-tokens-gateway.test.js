// User tokens at a gateway in workerd, in front of the real service: made by the host's backend, or asked for with the
// API's key; nothing is kept, so a token ends by its time alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHandler, createUserToken } from '../js/edge/index.js';
import { startGateway } from './support/gateway.js';
import { call, configsOf, startService } from './support/service.js';
import { asToken, claimsOf, encoded, mint, refuses } from './support/tokens.js';

const SECRET = 'a secret of the host, 32 bytes or more';
const OLDER = 'an older secret of the host, which is still good';
const APP = 'https://app.example';
const OTHER = 'https://evil.example';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService({ env: { DEVCASTER_SHARDS: '2' } });
  configs = await configsOf(service);
  gateway = await startGateway(service.origin, {
    apiKey: service.apiKey,
    timeout: 20_000,
    userTokens: { secret: [SECRET, OLDER] },
    origins: [APP],
  });
});
after(async () => {
  await gateway?.close();
  await service?.close();
});

/** @param {string} user_id @returns {Promise<string>} */
async function connect(user_id) {
  const { body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demokey },
    connection: { user_id, state: { val: { api_key: 'demo_abcdefghijk' } } },
  });
  return body.id;
}

test("a token of the backend's lists, links, disables and deletes its user's accounts", async () => {
  const [own, others] = [await connect('ada'), await connect('bob')];
  const { token, expiresAt, userId } = await createUserToken(SECRET, { userId: 'ada', origins: [APP] });
  assert.equal(userId, 'ada');
  assert.equal(claimsOf(token).expires, Date.parse(expiresAt));
  const ask = (/** @type {Parameters<typeof asToken> extends [any, any, ...infer Rest] ? Rest : never} */ ...rest) =>
    asToken(gateway, token, ...rest);
  const list = await ask('GET', '/connected_accounts', undefined, { origin: APP });
  assert.deepEqual(
    list.body.items.map((/** @type {any} */ item) => item.id),
    [own],
  );
  assert.equal(list.headers.get('access-control-allow-origin'), APP);
  refuses(await ask('GET', '/connected_accounts?user_ids=bob'), 403, 10403);
  refuses(await ask('GET', '/connected_accounts?user_ids=ada&user_ids[]=bob'), 403, 10403);
  assert.equal((await ask('GET', `/connected_accounts/${own}`)).status, 200);
  for (const [method, path, body] of /** @type {[string, string, unknown?][]} */ ([
    ['GET', `/connected_accounts/${others}`],
    ['PATCH', `/connected_accounts/${others}/status`, { enabled: false }],
    ['PATCH', `/connected_accounts/${others}`, { alias: 'mine' }],
    ['POST', `/connected_accounts/${others}/refresh`],
    ['DELETE', `/connected_accounts/${others}`],
  ]))
    refuses(await ask(method, path, body), 404, 606);
  const link = { auth_config_id: configs.demo, user_id: 'ada' };
  assert.equal((await ask('POST', '/connected_accounts/link', { ...link, callback_url: `${APP}/done` })).status, 201);
  refuses(await ask('POST', '/connected_accounts/link', { ...link, callback_url: `${OTHER}/` }), 400, 600);
  refuses(await ask('POST', '/connected_accounts/link', { ...link, user_id: 'bob' }), 403, 10403);
  assert.equal((await ask('PATCH', `/connected_accounts/${own}/status`, { enabled: false })).status, 200);
  assert.equal((await ask('DELETE', `/connected_accounts/${own}`)).status, 200);
  assert.equal((await call(service, 'GET', `/connected_accounts/${others}`)).body.status, 'ACTIVE');
});

test('altered, of another secret, over, or replayed elsewhere it is nothing', async () => {
  const { token } = await createUserToken(SECRET, { userId: 'ada', origins: [APP], expiresIn: 1 });
  const ask = (/** @type {string} */ one, headers = {}) =>
    asToken(gateway, one, 'GET', '/connected_accounts', undefined, headers);
  refuses(await ask(token, { origin: OTHER }), 403, 10403);
  refuses(await ask(token, { 'x-api-key': service.apiKey }), 401, 10401);
  const claims = claimsOf(token);
  const [signed, signature] = token.split('.');
  for (const one of [
    `ut_${encoded({ ...claims, user_id: 'bob' })}.${signature}`,
    `${signed}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`,
    `${signed}.`,
    (await createUserToken(`${SECRET}.`, { userId: 'ada' })).token,
    await mint(service, { user_id: 'ada' }),
    `ut_${encoded({ alg: 'none' })}.${encoded(claims)}`,
  ])
    refuses(await ask(one), 401, 10401);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, claims.expires - Date.now()) + 20));
  refuses(await ask(token), 401, 10401);
  const good = await createUserToken(SECRET, { userId: 'ada' });
  refuses(await asToken(service, good.token, 'GET', '/connected_accounts'), 401, 10401);
});

test('while a secret is replaced, tokens of the older one are good', async () => {
  const { token } = await createUserToken(OLDER, { userId: 'ada' });
  assert.equal((await asToken(gateway, token, 'GET', '/connected_accounts')).status, 200);
});

test("with the API's key the gateway gives tokens, and nothing else", async () => {
  const post = async (
    /** @type {string} */ key,
    /** @type {unknown} */ body,
    path = '/user_tokens',
    method = 'POST',
  ) => {
    const response = await fetch(`${gateway.origin}/api/v3${path}`, {
      method,
      headers: { 'x-api-key': key },
      body: method === 'POST' ? JSON.stringify(body) : undefined,
    });
    return { status: response.status, body: /** @type {any} */ (await response.json()) };
  };
  const made = await post(service.apiKey, { user_id: 'ada', origins: [APP] });
  assert.equal(made.status, 201);
  assert.equal((await asToken(gateway, made.body.token, 'GET', '/connected_accounts')).status, 200);
  for (const key of ['ak_wrong', `${service.apiKey}x`, service.apiKey.slice(0, -1)])
    assert.equal((await post(key, { user_id: 'ada' })).status, 401, key);
  assert.deepEqual((await post(service.apiKey, { user_id: 'ada', expires_in: 0 })).status, 400);
  const counted = await post(service.apiKey, { user_id: 'ada', tools: [{ slug: 'A', count: 1 }] });
  assert.equal(counted.status, 400);
  assert.match(counted.body.error.errors[0], /a gateway does not count/);
  assert.equal((await post(service.apiKey, undefined, '/connected_accounts', 'GET')).status, 401);
  assert.equal((await post(service.apiKey, undefined, '/user_tokens?user_id=ada', 'DELETE')).status, 401);
  const none = await fetch(`${gateway.origin}/api/v3/user_tokens`, { method: 'POST', body: '{"user_id":"ada"}' });
  assert.equal(none.status, 401);
  refuses(await asToken(gateway, made.body.token, 'POST', '/user_tokens', { user_id: 'ada' }), 403, 10403);
});

test('what the gateway does not pass, no token passes', async () => {
  const { token } = await createUserToken(SECRET, { userId: 'ada', tools: ['DEMOKEY_GET_PROFILE'] });
  refuses(await asToken(gateway, token, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', {}), 403, 10403);
  refuses(await asToken(gateway, token, 'GET', '/api_keys'), 403, 10403);
  refuses(await asToken(gateway, token, 'GET', '/org/project/config'), 403, 10403);
});

test('what is wrong with a token that is asked for is named, and no secret is', async () => {
  /** @type {[string, any, RegExp][]} */
  const rows = [
    ['short', { userId: 'ada' }, /32 bytes/],
    [SECRET, {}, /user_id: is required/],
    [SECRET, { userId: '' }, /user_id: /],
    [SECRET, { userId: 'ada', expiresIn: 1801 }, /expires_in: /],
    [SECRET, { userId: 'ada', origins: ['*'] }, /origins: /],
    [SECRET, { userId: 'ada', orgins: [APP] }, /there is no orgins/],
    [SECRET, { userId: 'ada', tools: [{ slug: 'A', count: 3 }] }, /a gateway does not count/],
  ];
  for (const [secret, request, wanted] of rows) {
    await assert.rejects(createUserToken(secret, request), (/** @type {Error} */ error) => {
      assert.match(error.message, wanted);
      assert.ok(!error.message.includes(SECRET));
      return error instanceof TypeError;
    });
  }
  const upstream = { baseURL: 'https://api.example', apiKey: 'ak_0123456789' };
  for (const secret of ['short', '', undefined, 7, [SECRET, 'short'], []])
    assert.throws(() => createHandler({ upstream, userTokens: { secret: /** @type {any} */ (secret) } }), /32 bytes/);
});
