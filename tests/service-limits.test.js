// Rate limits: of a key, of a user token, of an address, in the service and in a gateway.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openCore } from '../js/core/core.js';
import { addressOf, checkRates, Limits, nearer, readRates } from '../js/edge/limits.js';
import { Devcaster, RateLimitError } from '../js/index.js';
import { edgeWasmPath } from '../js/local/wasm.js';
import { startGateway } from './support/gateway.js';
import { call, startService } from './support/service.js';

const KEYS = 40;
const TOKENS = 12;
const ADDRESSES = 8;

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {import('../js/core/core.js').Core} */
let core;
before(async () => {
  core = await openCore(readFileSync(edgeWasmPath));
  service = await startService({
    env: {
      DEVCASTER_LIMITS: `keys=${KEYS}, tokens=${TOKENS}, addresses=${ADDRESSES}`,
      DEVCASTER_ADDRESS_HEADER: 'x-real-ip',
    },
  });
});
after(() => service?.close());

/** @param {number} number */
const left = (number) => ({ 'x-ratelimit-remaining': String(number) });

/** @param {string} path @param {Record<string, string>} headers @param {RequestInit} [init] */
const ask = (path, headers, init = {}) => fetch(service.origin + path, { ...init, headers });

/**
 * The same request until it is refused. A minute of the clock may end meanwhile: then half of what was counted is left.
 * @param {number} limit @param {() => Promise<Response>} once
 * @returns {Promise<Response>} the first that was refused
 */
async function exhaust(limit, once) {
  for (let i = 0; i < limit * 3; i++) {
    const response = await once();
    if (response.status === 429) {
      assert.ok(i >= limit - 5, `refused after ${i} of ${limit}`);
      return response;
    }
    await response.arrayBuffer();
  }
  return assert.fail(`${limit * 3} requests passed a limit of ${limit}`);
}

/** @param {Response} response @param {number} limit */
async function isTooMany(response, limit) {
  const body = await response.json();
  assert.equal(typeof body.message, 'string');
  assert.deepEqual([body.error.code, body.error.status, body.error.slug], [10429, 429, 'HTTP_TooManyRequests']);
  const number = (/** @type {string} */ name) => Number(response.headers.get(name));
  assert.equal(number('x-ratelimit'), limit);
  assert.equal(number('x-ratelimit-remaining'), 0);
  assert.equal(number('x-ratelimit-window-size'), 60);
  assert.ok(number('retry-after') >= 1 && number('retry-after') <= 61, response.headers.get('retry-after') ?? '');
}

test('a key is told what it has left, and then to wait; another one is not', async () => {
  const other = (await call(service, 'POST', '/api_keys', { name: 'other', scopes: ['read'] })).body.key;
  const mine = { 'x-api-key': service.apiKey };
  const first = await ask('/api/v3/toolkits', mine);
  assert.equal(first.headers.get('x-ratelimit'), String(KEYS));
  assert.equal(first.headers.get('x-ratelimit-window-size'), '60');
  const left = Number(first.headers.get('x-ratelimit-remaining'));
  const second = await ask('/api/v3/nowhere', mine);
  assert.equal(second.status, 404);
  assert.ok(Number(second.headers.get('x-ratelimit-remaining')) < left, 'errors count as well');
  await isTooMany(await exhaust(KEYS, () => ask('/api/v3/toolkits', mine)), KEYS);
  assert.equal((await ask('/api/v3/toolkits', { 'x-api-key': other })).status, 200);
  assert.equal((await ask('/health', {})).status, 200);
  const devcaster = new Devcaster({ apiKey: service.apiKey, baseURL: service.origin, maxRetries: 0 });
  await assert.rejects(devcaster.toolkits.list(), (/** @type {any} */ error) => {
    assert.ok(error instanceof RateLimitError);
    return true;
  });
});

test('an address that shows no good credential is counted, and nobody else', async () => {
  const guess = (/** @type {string} */ address) =>
    ask('/api/v3/toolkits', { 'x-api-key': 'ak_guessed_0123456789abcdef', 'x-real-ip': address });
  await isTooMany(await exhaust(ADDRESSES, () => guess('203.0.113.7')), ADDRESSES);
  assert.equal((await guess('203.0.113.8')).status, 401);
  const known = await ask('/api/v3/toolkits', { 'x-api-key': service.apiKey, 'x-real-ip': '203.0.113.7' });
  assert.equal(known.headers.get('x-ratelimit'), String(KEYS), 'a key that was good goes on');
  const home = { 'x-real-ip': '203.0.113.7' };
  assert.equal((await ask('/', home)).status, 200, 'the page itself is no secret');
  assert.equal((await ask('/health', home)).status, 429);
  const signIn = { ...home, 'content-type': 'application/json' };
  const body = JSON.stringify({ api_key: 'ak_guessed_0123456789abcdef' });
  assert.equal((await ask('/auth/session', signIn, { method: 'POST', body })).status, 429);
  for (const path of ['/connect/lk_00aaaaaaaaaaaaaaaaaaaaaaaaa', '/oauth/callback?state=x&code=y']) {
    const page = await ask(path, home);
    assert.deepEqual([page.status, page.headers.get('content-type')], [429, 'text/html; charset=utf-8']);
    assert.ok(Number(page.headers.get('retry-after')) >= 1);
    assert.match(await page.text(), /Too many requests/);
  }
});

test('an address is believed where the settings say who tells it, and nowhere else', async () => {
  const strange = (/** @type {Record<string, string>} */ headers) => ask('/health', headers);
  for (let i = 0; i < ADDRESSES * 2; i++) {
    const answer = await strange({ 'x-forwarded-for': '203.0.113.9', 'cf-connecting-ip': '203.0.113.9' });
    assert.deepEqual([answer.status, answer.headers.get('x-ratelimit')], [200, null], 'nobody knows where it is from');
  }
  const written = (/** @type {number} */ i) => strange({ 'x-real-ip': `198.51.100.${i}, 203.0.113.10` });
  let i = 0;
  await exhaust(ADDRESSES, () => written(i++)); // what a client writes itself stands before what the proxy adds
  let host = 0;
  await exhaust(ADDRESSES, () => strange({ 'x-real-ip': `2001:db8:1:2:${(host++).toString(16)}::1` }));
  assert.equal((await strange({ 'x-real-ip': '2001:db8:1:3::1' })).status, 200, 'the next network');
});

test('a user token has a limit of its own', async () => {
  const admin = await startService({ env: { DEVCASTER_LIMITS: `tokens=${TOKENS}` } });
  try {
    const made = async () => {
      const { status, body } = await call(admin, 'POST', '/user_tokens', { user_id: 'ada' });
      assert.equal(status, 201, JSON.stringify(body));
      const headers = { authorization: `Bearer ${body.user_token ?? body.token}` };
      return () => fetch(`${admin.origin}/api/v3/connected_accounts`, { headers });
    };
    const [one, two] = [await made(), await made()];
    await isTooMany(await exhaust(TOKENS, one), TOKENS);
    assert.equal((await two()).status, 200);
    const answer = await fetch(`${admin.origin}/api/v3/toolkits`, { headers: { 'x-api-key': admin.apiKey } });
    assert.deepEqual([answer.status, answer.headers.get('x-ratelimit')], [200, '60000'], 'what was not named stays');
  } finally {
    await admin.close();
  }
});

test('a gateway counts its users', async () => {
  const options = { limits: { tokens: TOKENS, addresses: ADDRESSES }, addressHeader: 'x-real-ip' };
  const gateway = await startGateway(service.origin, options);
  try {
    const path = `${gateway.origin}/api/v3/nowhere`;
    const as = (/** @type {string} */ userId) =>
      fetch(path, { headers: { 'x-session': JSON.stringify({ userId }), 'x-real-ip': '203.0.113.20' } });
    await isTooMany(await exhaust(TOKENS, () => as('ada')), TOKENS);
    assert.equal((await as('bob')).status, 404);
    const nobody = (/** @type {string} */ ip) => fetch(path, { headers: { 'x-real-ip': ip } });
    await isTooMany(await exhaust(ADDRESSES, () => nobody('203.0.113.20')), ADDRESSES);
    assert.equal((await nobody('203.0.113.21')).status, 401);
    assert.equal((await as('bob')).status, 404, 'who is known is not counted by the address');
    assert.deepEqual(nearer({ ok: true, headers: left(7) }, left(9)), left(7));
    assert.deepEqual(nearer({ ok: true, headers: left(7) }, left(5)), left(5), 'of two limits the nearer');
    assert.deepEqual(nearer(null, left(5)), left(5));
  } finally {
    await gateway.close();
  }
});

test('nothing is served with limits that cannot be read', async () => {
  await assert.rejects(
    startService({ env: { DEVCASTER_LIMITS: 'keys=many' } }).then((started) => started.close()),
    /limits are keys, tokens, addresses/,
  );
});

test('settings say what they mean', () => {
  assert.deepEqual(readRates(undefined), {});
  assert.deepEqual(readRates(' keys=5 ,addresses=0'), { keys: 5, addresses: 0 });
  for (const bad of ['keys', 'keys=', 'keys=-1', 'keys=1.5', 'users=1', 'keys=1;tokens=1', 'keys=99999999999'])
    assert.throws(() => readRates(bad), { name: 'LimitsError' }, bad);
  assert.throws(() => checkRates({ keys: 1 }, ['tokens']), { name: 'LimitsError' });
  assert.throws(() => checkRates({ tokens: /** @type {any} */ ('7') }), { name: 'LimitsError' });
  assert.throws(() => new Limits(core, {}, 'x real ip'), { name: 'LimitsError' });
});

test('an address is one, however it is written', () => {
  /** @param {Record<string, string>} headers @param {object} [more] */
  const request = (headers, more = {}) => Object.assign(new Request('https://here.example', { headers }), more);
  const cf = { cf: { colo: 'AMS' } };
  const given = (/** @type {string} */ ip) => addressOf(request({ 'x-real-ip': ip }), 'x-real-ip');
  assert.equal(addressOf(request({ 'cf-connecting-ip': '203.0.113.1' }, cf), null), '203.0.113.1');
  assert.equal(addressOf(request({ 'cf-connecting-ip': '203.0.113.1' }), null), null, 'anybody can write it elsewhere');
  assert.equal(addressOf(request({ 'x-forwarded-for': '203.0.113.1' }, cf), null), null);
  assert.equal(addressOf(request({ 'cf-connecting-ip': '203.0.113.1' }, cf), 'x-real-ip'), null);
  assert.equal(given('::ffff:203.0.113.1'), '203.0.113.1');
  assert.equal(given('2001:DB8::1'), given('2001:db8:0:0:ffff::2'));
  assert.notEqual(given('2001:db8::1'), given('2001:db8:0:1::1'));
  assert.equal(given('[2001:db8::1]'), given('2001:db8::1'));
  assert.equal(given('::1'), '0:0:0:0');
  assert.equal(given('x'.repeat(4000))?.length, 64);
});

test('a flood of addresses makes nobody forgotten, and takes no more room than it may', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 6_000_000 });
  const limits = new Limits(core, { addresses: 2, keys: 1 }, 'x-real-ip');
  const from = (/** @type {string} */ ip) =>
    limits.take({ kind: 'none', scopes: [] }, new Request('https://here.example', { headers: { 'x-real-ip': ip } }));
  const key = () => limits.take({ kind: 'key', id: 'ak_1', scopes: [] }, new Request('https://here.example'));
  assert.deepEqual([from('203.0.113.1')?.ok, from('203.0.113.1')?.ok, from('203.0.113.1')?.ok], [true, true, false]);
  assert.deepEqual([key()?.ok, key()?.ok], [true, false]);
  const flood = Array.from({ length: 45_000 }, (_, i) => from(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)?.ok);
  assert.equal(flood.slice(0, 20_000 - 1).includes(false), false);
  assert.equal(flood.filter((ok) => ok).length, 20_000 - 1 + 20_000, 'those beyond share one count');
  assert.equal(from('203.0.113.1')?.ok, false);
  assert.equal(key()?.ok, false);
  t.mock.timers.setTime(6_000_000 + 60_000);
  assert.equal(from('203.0.113.1')?.ok, false, 'the last minute still counts');
  t.mock.timers.setTime(6_000_000 + 91_000);
  assert.equal(from('203.0.113.1')?.ok, true);
  t.mock.timers.setTime(6_000_000 + 180_000);
  assert.deepEqual([from('203.0.113.1')?.ok, from('203.0.113.1')?.ok, from('203.0.113.1')?.ok], [true, true, false]);
  t.mock.timers.setTime(3_000_000); // a clock that was set back
  assert.equal(from('203.0.113.1')?.ok, true);
});

test('whether an address has something left is known without counting', () => {
  const limits = new Limits(core, { addresses: 2 }, 'x-real-ip');
  const request = new Request('https://here.example', { headers: { 'x-real-ip': '203.0.113.99' } });
  for (let i = 0; i < 5; i++) assert.equal(limits.isOver(request), false);
  for (let i = 0; i < 2; i++) assert.equal(limits.take({ kind: 'unknown', scopes: [] }, request)?.ok, true);
  assert.equal(limits.isOver(request), true);
  assert.equal(limits.isOver(new Request('https://here.example')), false, 'nobody knows where it is from');
});

test('0 is no limit', () => {
  const limits = new Limits(core, { keys: 0, tokens: 0, addresses: 0 }, 'x-real-ip');
  const request = new Request('https://here.example', { headers: { 'x-real-ip': '203.0.113.1' } });
  for (const kind of ['key', 'session', 'token', 'user', 'none', 'unknown', 'host'])
    assert.equal(limits.take({ kind, id: 'x', scopes: [] }, request), null, kind);
});
