// The hosted flow against the real provider: the good way, and every bad turn a person or an attacker can take.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, configsOf, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;
let users = 0;

before(async () => {
  service = await startService();
  configs = await configsOf(service);
});
after(() => service?.close());

/** @param {string} toolkit @param {object} [more] */
async function link(toolkit, more = {}) {
  users += 1;
  const body = { auth_config_id: configs[toolkit], user_id: `user-${users}`, ...more };
  const answer = await call(service, 'POST', '/connected_accounts/link', body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { id: answer.body.connected_account_id, url: answer.body.redirect_url, token: answer.body.link_token };
}

/** @param {string} id */
const account = async (id) => (await call(service, 'GET', `/connected_accounts/${id}`)).body;

/** A page that a person understands: HTML under our policy, with no secret in it. @param {import('./support/visitor.js').Page} page @param {number} status @param {RegExp} words */
function isPage({ answer, text }, status, words) {
  assert.equal(answer.status, status, text);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.match(text, words);
  assert.doesNotMatch(text, /<script>|<style|\son\w+=|access_token|code_verifier/);
}

test('the page names toolkit and user, the account becomes ACTIVE, and the browser ends at the callback', async () => {
  const callback = 'http://localhost:1/back?keep=1#top';
  const { id, url } = await link('demo', { callback_url: callback });
  assert.equal((await account(id)).status, 'INITIALIZING');
  const visitor = new Visitor(service);
  isPage(await visitor.open(url), 200, /Demo[\s\S]*user-1/);
  const { next } = await visitor.press(url);
  assert.equal((await account(id)).status, 'INITIATED');
  const asked = new URL(next ?? '');
  assert.equal(asked.origin, service.demoOrigin);
  assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
  const end = await visitor.land(await visitor.decide(asked.href, 'ada'));
  assert.equal(end.answer.status, 302);
  assert.equal(end.url, `http://localhost:1/back?keep=1&status=success&connected_account_id=${id}#top`);
  const made = await account(id);
  assert.deepEqual([made.status, made.identity.id], ['ACTIVE', 'ada']);
  const done = await call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', {
    connected_account_id: id,
    arguments: {},
  });
  assert.deepEqual([done.body.successful, done.body.data.login], [true, 'ada']);
});

test('without a callback the person ends at a page of ours, and the link then says that it is done', async () => {
  const { url } = await link('demo');
  const visitor = new Visitor(service);
  isPage(await visitor.connect(url, 'ada'), 200, /Connected/);
  isPage(await visitor.open(url), 200, /Already connected/);
  assert.ok((await visitor.press(url)).answer.status >= 400);
});

test('a denied consent is FAILED with the reason, and the callback hears of it', async () => {
  const { id, url } = await link('demo', { callback_url: 'http://localhost:1/back' });
  const end = await new Visitor(service).connect(url, 'dan', 'deny');
  assert.equal(end.url, `http://localhost:1/back?status=failed&connected_account_id=${id}`);
  const { status, status_reason: reason } = await account(id);
  assert.equal(status, 'FAILED');
  assert.match(reason, /access_denied/);
});

test('a replayed callback is refused and changes nothing', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const callback = await visitor.decide(next ?? '', 'ada');
  isPage(await visitor.land(callback), 200, /Connected/);
  isPage(await visitor.land(callback), 410, /used already/);
  assert.equal((await account(id)).status, 'ACTIVE');
});

test('a callback counts only in the browser that began, and a stranger does not burn it', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const callback = await visitor.decide(next ?? '', 'ada');
  isPage(await new Visitor(service).land(callback), 400, /not begun in this browser/);
  const other = new Visitor(service);
  await other.press((await link('demo')).url); // has a flow of its own, and so a cookie
  isPage(await other.land(callback), 400, /not begun in this browser/);
  assert.equal((await account(id)).status, 'INITIATED');
  isPage(await visitor.land(callback), 200, /Connected/);
});

test('a state that is missing, changed, doubled or made up is refused', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const good = new URL(await visitor.decide(next ?? '', 'ada'));
  const state = good.searchParams.get('state') ?? '';
  const middle = state.length >> 1;
  const bent = state.slice(0, middle) + (state[middle] === 'A' ? 'B' : 'A') + state.slice(middle + 1);
  for (const other of ['', 'x', bent, `${state}A`, state.slice(0, -4)]) {
    const bad = new URL(good);
    bad.searchParams.set('state', other);
    isPage(await visitor.land(bad.href), 400, /not begun in this browser|did not work/);
  }
  isPage(await visitor.land(`${good.href}&state=${state}`), 400, /did not work/);
  isPage(await visitor.land(`${service.origin}/oauth/callback`), 400, /did not work/);
  assert.equal((await account(id)).status, 'INITIATED');
});

test('an answer in the name of another provider is refused', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const bad = new URL(await visitor.decide(next ?? '', 'ada'));
  bad.searchParams.set('iss', 'https://other.example');
  isPage(await visitor.land(bad.href), 400, /provider/);
  assert.notEqual((await account(id)).status, 'ACTIVE');
});

test('a code that the provider does not accept is FAILED with its words', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const bad = new URL(await visitor.decide(next ?? '', 'ada'));
  bad.searchParams.set('code', 'madeup');
  isPage(await visitor.land(bad.href), 200, /Not connected/);
  const { status, status_reason: reason } = await account(id);
  assert.equal(status, 'FAILED');
  assert.match(reason, /invalid_grant/);
});

test('links that are unknown or malformed get a page', async () => {
  const visitor = new Visitor(service);
  const { token } = await link('demo');
  for (const bad of [
    'lk_00aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'lk_zz',
    'x',
    `${token}x`,
    token.toUpperCase(),
  ]) {
    isPage(await visitor.open(`${service.origin}/connect/${bad}`), 404, /not known/);
    isPage(await visitor.press(`${service.origin}/connect/${bad}`), 404, /not known/);
  }
});

test('another site cannot press the button', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  /** @type {Record<string, string>[]} */
  const foreign = [
    {},
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: service.origin, 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
  ];
  for (const headers of foreign) isPage(await visitor.press(url, {}, headers), 403, /another site/);
  assert.equal((await account(id)).status, 'INITIALIZING');
});

test('typed fields: a bad key is said on the page and not kept, a good one connects', async () => {
  const { id, url } = await link('demokey', { alias: '"><script>alert(1)</script>' });
  const visitor = new Visitor(service);
  const shown = await visitor.open(url);
  isPage(shown, 200, /name="api_key"[\s\S]*type="password"/);
  assert.match(shown.text, /&lt;script&gt;/);
  const refused = await visitor.press(url, { api_key: 'planted-bad-key' });
  isPage(refused, 400, /does not accept/);
  assert.doesNotMatch(refused.text, /planted-bad-key/);
  isPage(await visitor.press(url, {}), 400, /missing/);
  assert.notEqual((await account(id)).status, 'ACTIVE');
  isPage(await visitor.press(url, { api_key: 'demo_good_key' }), 200, /Connected/);
  const made = await account(id);
  assert.deepEqual([made.status, made.state.val.api_key], ['ACTIVE', 'demo...']);
});

test('reconnecting as somebody else is refused, and the old credential stays', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  await visitor.connect(url, 'ada');
  await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  const again = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.equal(again.body.status, 'INITIATED');
  const other = new Visitor(service);
  isPage(await other.connect(again.body.redirect_url, 'bob'), 400, /somebody else/);
  assert.notEqual((await account(id)).status, 'ACTIVE');
  isPage(await new Visitor(service).connect(again.body.redirect_url, 'ada'), 200, /Connected/);
  assert.equal((await account(id)).status, 'ACTIVE');
});

test('with the provider down: a clear page and a way back; refresh and execute say so; delete keeps its promise', async () => {
  const first = await link('demo');
  const visitor = new Visitor(service);
  await visitor.connect(first.url, 'ada');
  const second = await link('demo');
  const { next } = await visitor.press(second.url);
  const callback = await visitor.decide(next ?? '', 'ada');
  const third = await link('demokey');
  await service.stopDemo();
  const page = await visitor.land(callback);
  isPage(page, 502, /could not be reached/);
  assert.ok(page.text.includes(`href="${second.url}"`), 'the page leads back to the link');
  assert.equal((await account(second.id)).status, 'INITIATED');
  isPage(await visitor.press(third.url, { api_key: 'demo_x12345' }), 502, /could not be reached/);
  const refreshed = await call(service, 'POST', `/connected_accounts/${first.id}/refresh`);
  assert.deepEqual([refreshed.status, refreshed.body.error.code], [502, 1830]);
  const executed = await call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: first.id });
  assert.deepEqual([executed.status, executed.body.error.code], [502, 1830]);
  assert.equal((await account(first.id)).status, 'ACTIVE');
  const gone = await call(service, 'DELETE', `/connected_accounts/${first.id}`);
  assert.deepEqual(gone.body, { success: true, revocation: 'pending' });
  assert.equal((await call(service, 'GET', `/connected_accounts/${first.id}`)).status, 404);
});
