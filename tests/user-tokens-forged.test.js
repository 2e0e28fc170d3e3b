// User tokens against the real service: where one is good, and everything that is not one.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { call, configsOf, startService } from './support/service.js';
import { asToken, claimsOf, encoded, mint, refuses } from './support/tokens.js';

const APP = 'https://app.example';
const OTHER = 'https://evil.example';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService({ env: { DEVCASTER_SHARDS: '3' } });
  configs = await configsOf(service);
  await call(service, 'PATCH', '/org/project/config', { allowed_origins: [APP, 'https://second.example'] });
});
after(() => service?.close());

test('people are sent back to an origin of the token alone', async () => {
  const token = await mint(service, { user_id: 'ada', origins: [APP] });
  const link = (/** @type {string} */ callback_url) =>
    asToken(service, token, 'POST', '/connected_accounts/link', {
      auth_config_id: configs.demo,
      user_id: 'ada',
      callback_url,
    });
  for (const url of [APP, `${APP}/done?a=b`, `${APP}#x`]) assert.equal((await link(url)).status, 201, url);
  for (const url of [
    `${OTHER}/done`,
    'https://app.example.evil.example/',
    'https://app.example@evil.example/',
    'https://app.example:8443/',
    'http://app.example/',
    'https://second.example/',
    'https://APP.example/',
    'https://app.example\\@evil.example/',
  ])
    refuses(await link(url), 400, 600);
});

test('replayed on another origin it is nothing; a page without a listed origin is told nothing', async () => {
  const bound = await mint(service, { user_id: 'ada', origins: [APP] });
  const free = await mint(service, { user_id: 'ada' });
  const from = (/** @type {string} */ token, /** @type {Record<string, string>} */ headers) =>
    asToken(service, token, 'GET', '/connected_accounts', undefined, headers);
  const good = await from(bound, { origin: APP });
  assert.equal(good.status, 200);
  assert.equal(good.headers.get('access-control-allow-origin'), APP);
  assert.equal(good.headers.get('access-control-allow-credentials'), null);
  assert.match(good.headers.get('vary') ?? '', /origin/);
  for (const origin of [
    OTHER,
    'null',
    'https://second.example',
    `${APP}.evil.example`,
    'http://app.example',
    service.origin,
  ]) {
    const told = await from(bound, { origin });
    refuses(told, 403, 10403);
    if (origin === OTHER) assert.equal(told.headers.get('access-control-allow-origin'), null);
  }
  for (const origin of [APP, 'https://second.example', service.origin])
    assert.equal((await from(free, { origin })).status, 200, origin);
  for (const origin of [OTHER, 'null']) refuses(await from(free, { origin }), 403, 10403);
  // A token narrows what the project allows, and adds nothing to it.
  const beyond = await mint(service, { user_id: 'ada', origins: [OTHER] });
  refuses(await from(beyond, { origin: OTHER }), 403, 10403);
  refuses(await from(free, { 'sec-fetch-site': 'cross-site' }), 403, 10403);
  refuses(await from(bound, { 'sec-fetch-site': 'same-origin' }), 403, 10403); // a page of ours, which it does not name
  assert.equal((await from(bound, {})).status, 200); // no browser: there the origin protects nobody
});

test('preflights: the origins of the project, no cookies, no API key', async () => {
  const ask = (/** @type {string} */ origin, /** @type {string} */ path = '/api/v3/connected_accounts') =>
    fetch(service.origin + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const good = await ask(APP);
  assert.equal(good.status, 204);
  assert.equal(good.headers.get('access-control-allow-origin'), APP);
  assert.equal(good.headers.get('access-control-allow-credentials'), null);
  assert.match(good.headers.get('access-control-allow-headers') ?? '', /authorization/);
  assert.doesNotMatch(good.headers.get('access-control-allow-headers') ?? '', /x-api-key/);
  for (const origin of [OTHER, 'null', service.origin, `${APP}.evil.example`]) {
    const told = await ask(origin);
    assert.equal(told.headers.get('access-control-allow-origin'), null, origin);
    assert.equal(told.headers.get('access-control-allow-methods'), null, origin);
  }
  const outside = await ask(APP, '/auth/session');
  assert.equal(outside.headers.get('access-control-allow-methods'), null);
});

test('only exact origins can be allowed', async () => {
  for (const allowed_origins of [['*'], ['https://app.example/'], ['app.example'], 'https://app.example', [7]]) {
    const { status, body } = await call(service, 'PATCH', '/org/project/config', { allowed_origins });
    assert.equal(status, 400);
    assert.match(body.error.errors[0], /^allowed_origins: /);
  }
});

test('a token beside another credential is none', async () => {
  const token = await mint(service, { user_id: 'ada' });
  /** @type {Record<string, string>[]} */
  const rows = [
    { 'x-api-key': service.apiKey },
    { cookie: '__Host-devcaster_session=x' },
    { authorization: `Bearer ${token}, Bearer ${token}` },
    { authorization: token },
    { authorization: `Basic ${token}` },
    { authorization: `Bearer  ${token}` },
    { authorization: `Bearer ${token} x` },
    { authorization: `Bearer "${token}"` },
    { authorization: 'Bearer ut_' },
    { authorization: 'Bearer ut_.' },
  ];
  for (const headers of rows)
    refuses(await asToken(service, token, 'GET', '/connected_accounts', undefined, headers), 401, 10401);
  for (const path of [`/connected_accounts?token=${token}`, `/connected_accounts?access_token=${token}`]) {
    const response = await fetch(`${service.origin}/api/v3${path}`);
    assert.equal(response.status, 401);
  }
});

test('altered in any byte, cut anywhere, or longer than any: none of ours', async () => {
  const token = await mint(service, { user_id: 'ada', origins: [APP] });
  const ask = (/** @type {string} */ one) => asToken(service, one, 'GET', '/toolkits/categories');
  assert.equal((await ask(token)).status, 200);
  const others = 'ABab09-_';
  for (let at = 0; at < token.length; at++) {
    const instead = [...others].find((one) => one !== token[at]) ?? '';
    refuses(await ask(token.slice(0, at) + instead + token.slice(at + 1)), 401, 10401);
  }
  // Every other spelling of the last character, whose last bits stand for nothing.
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=') {
    if (last !== token.at(-1)) refuses(await ask(token.slice(0, -1) + last), 401, 10401);
  }
  for (let size = 4; size < token.length; size += 7) refuses(await ask(token.slice(0, size)), 401, 10401);
  refuses(await ask(`${token}=`), 401, 10401);
  refuses(await ask(`${token}A`), 401, 10401);
  refuses(await ask(`${token}.${token}`), 401, 10401);
  refuses(await ask(`ut_${'A'.repeat(6000)}.${'A'.repeat(43)}`), 401, 10401);
});

test('claims of another key, of no key, or in the manner of other tokens: none of ours', async () => {
  const token = await mint(service, { user_id: 'ada' });
  const claims = claimsOf(token);
  const [signed, signature] = token.split('.');
  const own = { ...claims, user_id: 'bob' };
  /** @param {string} head @param {string | Buffer} key */
  const hmac = (head, key) => `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
  const jwt = { alg: 'none', typ: 'JWT' };
  const forged = [
    hmac(`ut_${encoded(claims)}`, 'secret'),
    hmac(`ut_${encoded(claims)}`, ''),
    hmac(`ut_${encoded(claims)}`, Buffer.alloc(32)),
    hmac(`ut_${encoded(claims)}`, service.apiKey),
    hmac(`ut_${encoded(claims)}`, signature),
    `ut_${encoded(own)}.${signature}`,
    `ut_${encoded({ ...claims, alg: 'none' })}.${signature}`,
    `ut_${encoded({ ...claims, expires: claims.expires + 1 })}.${signature}`,
    `ut_${encoded(claims)}.`,
    `ut_${encoded(claims)}.${'A'.repeat(43)}`,
    `ut_${encoded(claims)}`,
    `${encoded(jwt)}.${encoded(claims)}.`,
    `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}.${signature}`,
    `ut_${encoded(jwt)}.${encoded(claims)}.${signature}`,
    `ut_${encoded(jwt)}.${encoded(claims)}`,
    `UT_${signed.slice(3)}.${signature}`,
    `${signed}..${signature}`,
    signature,
  ];
  for (const one of forged) {
    const told = await asToken(service, one, 'GET', '/connected_accounts');
    refuses(told, 401, 10401);
    assert.ok(!told.text.includes(one.slice(8, 40)) || one.length < 20, 'no more of it than eight characters');
  }
});

test('tokens of one service are none of another', async () => {
  const other = await startService();
  try {
    const token = await mint(other, { user_id: 'ada' });
    assert.equal((await asToken(other, token, 'GET', '/connected_accounts')).status, 200);
    refuses(await asToken(service, token, 'GET', '/connected_accounts'), 401, 10401);
  } finally {
    await other.close();
  }
});

test('over is over, and said so', async () => {
  const token = await mint(service, { user_id: 'ada', expires_in: 3 });
  assert.equal((await asToken(service, token, 'GET', '/connected_accounts')).status, 200); // known from here on
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, claimsOf(token).expires - Date.now()) + 20));
  const told = await asToken(service, token, 'GET', '/connected_accounts');
  refuses(told, 401, 10401);
  assert.match(told.body.error.message, /is over/);
});

test('no token and no signature stands in the log', async () => {
  const token = await mint(service, { user_id: 'ada' });
  await asToken(service, token, 'GET', '/connected_accounts/ca_00unknownunknown');
  assert.ok(!service.logs().includes(token.split('.')[1]));
  assert.ok(!/ut_[\w-]{20}/.test(service.logs()));
});
