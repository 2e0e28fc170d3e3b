// Signing in, and what the signed-in page may and may not be made to do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
before(async () => {
  service = await startService();
});
after(() => service?.close());

const OWN = { 'sec-fetch-site': 'same-origin' };

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string>} [headers]
 */
async function send(method, path, body, headers = {}) {
  const response = await fetch(service.origin + path, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  const [cookie = ''] = response.headers.getSetCookie();
  return { status: response.status, body: await response.json(), cookie, pair: cookie.split(';')[0] };
}

const info = (/** @type {string} */ cookie) => send('GET', '/api/v3/auth/session/info', undefined, { cookie });

test('an API key signs in with a cookie that scripts and other sites cannot use, and signing out ends it', async () => {
  const { status, cookie, pair, body } = await send('POST', '/auth/session', { api_key: service.apiKey }, OWN);
  assert.equal(status, 200, JSON.stringify(body));
  for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(part), part);
  assert.match(pair, /^__Host-devcaster_session=[\w-]{43}$/);
  assert.ok(!JSON.stringify(body).includes(service.apiKey));
  assert.equal((await info(pair)).status, 200);
  assert.equal((await info(pair)).body.kind, 'session');
  const out = await send('DELETE', '/auth/session', undefined, { cookie: pair, ...OWN });
  assert.equal(out.status, 200);
  assert.match(out.cookie, /Max-Age=0/);
  assert.equal((await info(pair)).status, 401);
});

test('a wrong key does not sign in', async () => {
  for (const api_key of ['x', `${service.apiKey}x`, service.apiKey.toLowerCase()]) {
    const { status, cookie } = await send('POST', '/auth/session', { api_key }, OWN);
    assert.deepEqual([status, cookie], [401, '']);
  }
  assert.equal((await send('POST', '/auth/session', {}, OWN)).status, 401);
});

test('the sign-in link works once, and not again after a restart', async () => {
  const token = service.signInLink.split('=').at(-1);
  const first = await send('POST', '/auth/session', { sign_in_token: token }, OWN);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.equal((await send('POST', '/auth/session', { sign_in_token: token }, OWN)).status, 401);
  assert.equal((await send('POST', '/auth/session', { sign_in_token: `${token}x` }, OWN)).status, 401);
  await service.restart();
  assert.equal((await send('POST', '/auth/session', { sign_in_token: token }, OWN)).status, 401);
  assert.equal((await info(first.pair)).status, 200, 'who is signed in stays so over a restart');
});

test('another site can make the signed-in browser neither change nor sign in nor sign out', async () => {
  const { pair } = await send('POST', '/auth/session', { api_key: service.apiKey }, OWN);
  /** @type {Record<string, string>[]} */
  const foreign = [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: service.origin },
  ];
  for (const headers of foreign) {
    const change = await send(
      'PATCH',
      '/api/v3/org/project/config',
      { display_name: 'x' },
      { cookie: pair, ...headers },
    );
    assert.equal(change.status, 403, JSON.stringify(headers));
    assert.equal((await send('DELETE', '/auth/session', undefined, { cookie: pair, ...headers })).status, 403);
  }
  const forced = await send('POST', '/auth/session', { api_key: service.apiKey }, { origin: 'https://evil.example' });
  assert.deepEqual([forced.status, forced.cookie], [403, '']);
  assert.equal((await info(pair)).status, 200);
  const own = await send(
    'PATCH',
    '/api/v3/org/project/config',
    { display_name: 'x' },
    { cookie: pair, origin: service.origin },
  );
  assert.equal(own.status, 200, JSON.stringify(own.body));
});

test('the page and its files come with types and the policy; what is no file is 404', async () => {
  const page = await fetch(`${service.origin}/`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"]) {
    assert.ok(policy.includes(part), policy);
  }
  assert.ok(!policy.includes('unsafe-inline'));
  const types = {
    '/assets/app.js': 'text/javascript',
    '/assets/styles/base.css': 'text/css',
    '/assets/sdk/wasm/core.wasm': 'application/wasm',
  };
  for (const [path, type] of Object.entries(types)) {
    const file = await fetch(service.origin + path);
    assert.deepEqual([file.status, file.headers.get('content-type')?.split(';')[0]], [200, type], path);
    await file.body?.cancel();
  }
  for (const path of [
    '/assets/',
    '/assets/..%2fpackage.json',
    '/assets/nothing.js',
    '/assets/styles',
    '/assets/.git/config',
    '/favicon.ico',
    '/index.html',
  ]) {
    const none = await fetch(service.origin + path);
    assert.equal(none.status, 404, path);
    await none.body?.cancel();
  }
});
