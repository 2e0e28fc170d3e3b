// Before anything is read: by which name was the service asked, and by whom?
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { isOurs, readOrigin } from '../js/edge/origin.js';
import { call, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
before(async () => {
  service = await startService();
});
after(() => service?.close());

/**
 * A request with a Host header and a body of one's own choice.
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: Buffer, end?: boolean }} [options] end: say that the body is over
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string }>}
 */
const send = (path, { method = 'GET', headers = {}, body, end = true } = {}) =>
  new Promise((resolve, reject) => {
    const sent = request(service.origin + path, { method, headers }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      sent.destroy();
    });
    sent.on('error', reject);
    if (body) sent.write(body);
    if (end) sent.end();
    else sent.flushHeaders();
  });

test('another name is answered 421 and nothing else, also with good credentials', async () => {
  const { port } = new URL(service.origin);
  for (const host of [`evil.example:${port}`, 'evil.example', `localhost.evil.example:${port}`, `localhost:1`]) {
    for (const path of ['/', '/api/v3/connected_accounts', '/connect/lk_x', '/health']) {
      const { status, text } = await send(path, { headers: { host, 'x-api-key': service.apiKey } });
      assert.equal(status, 421, `${host}${path}`);
      assert.ok(!text.includes('{'), text);
    }
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    assert.equal((await send('/health', { headers: { host } })).status, 200, host);
  }
});

test('the configured origin alone counts, where there is one', () => {
  const own = readOrigin('https://accounts.example');
  const ours = (/** @type {string} */ url) => isOurs(new URL(url), own);
  for (const url of [
    'https://accounts.example/',
    'http://accounts.example/x',
    'http://127.0.0.1:8787/',
    'http://[::1]/',
  ])
    assert.ok(ours(url), url);
  for (const url of [
    'https://accounts.example:8443/',
    'https://example/',
    'https://accounts.example.evil/',
    'http://10.0.0.1/',
  ])
    assert.ok(!ours(url), url);
  assert.ok(isOurs(new URL('https://any.example/'), readOrigin(undefined)));
  for (const bad of ['accounts.example', 'ftp://x/']) assert.throws(() => readOrigin(bad), TypeError);
});

test('an https origin is said to be for https alone, and is what links lead to', async () => {
  const own = await startService({ env: { DEVCASTER_ORIGIN: 'https://accounts.example' } });
  try {
    const here = { apiKey: own.apiKey, origin: `http://localhost:${own.port}` };
    const answer = await fetch(`${here.origin}/health`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('strict-transport-security') ?? '', /^max-age=\d{7,}$/);
    const [config] = (await call(here, 'GET', '/auth_configs?toolkit_slug=demokey')).body.items;
    const body = { auth_config_id: config.id, user_id: 'ada' };
    const { redirect_url: url } = (await call(here, 'POST', '/connected_accounts/link', body)).body;
    assert.match(url, /^https:\/\/accounts\.example\/connect\/lk_/);
    const press = (/** @type {string} */ origin) =>
      fetch(here.origin + new URL(url).pathname, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ api_key: 'demo_good_key' }),
      });
    assert.equal((await press(here.origin)).status, 403);
    assert.equal((await press('https://accounts.example')).status, 200);
  } finally {
    await own.close();
  }
  assert.equal((await fetch(`${service.origin}/health`)).headers.get('strict-transport-security'), null);
});

test('who has shown no credential is answered before the body was sent', async () => {
  const headers = { 'content-type': 'application/json', 'content-length': '1000000' };
  const options = { method: 'POST', headers, end: false };
  assert.equal((await send('/api/v3/connected_accounts', options)).status, 401);
  assert.equal((await send('/api/v3/nothing', options)).status, 401);
  assert.equal((await send('/nothing', options)).status, 404);
  const known = { ...options, headers: { ...headers, 'x-api-key': service.apiKey } };
  assert.equal((await send('/api/v3/nothing', known)).status, 404);
});

test('what anybody may send is small', async () => {
  const json = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
  const big = Buffer.from(JSON.stringify({ api_key: 'x'.repeat(16 * 1024) }));
  assert.equal((await send('/auth/session', { method: 'POST', headers: json, body: big })).status, 413);
  const [config] = (await call(service, 'GET', '/auth_configs?toolkit_slug=demokey')).body.items;
  const link = await call(service, 'POST', '/connected_accounts/link', { auth_config_id: config.id, user_id: 'ada' });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
  const form = { method: 'POST', headers, body: Buffer.from(`api_key=demo_${'x'.repeat(16 * 1024)}`) };
  assert.equal((await send(new URL(link.body.redirect_url).pathname, form)).status, 413);
  // With a key there is room for more.
  const note = { ...json, 'x-api-key': service.apiKey };
  const body = Buffer.from(JSON.stringify({ display_name: 'x', note: 'y'.repeat(64 * 1024) }));
  const path = '/api/v3/org/project/config';
  assert.equal((await send(path, { method: 'PATCH', headers: note, body })).status, 200);
});
