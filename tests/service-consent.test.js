// Consents that must not end in a connection, and answers of a provider that must not end a consent.
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
  return { id: answer.body.connected_account_id, url: answer.body.redirect_url };
}

/** @param {string} id */
const account = async (id) => (await call(service, 'GET', `/connected_accounts/${id}`)).body;

/** @param {string} id @returns {Promise<string>} the link of a reconnection */
async function reconnect(id) {
  await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  return (await call(service, 'POST', `/connected_accounts/${id}/refresh`)).body.redirect_url;
}

/** @param {Visitor} visitor @param {string} url @returns {Promise<string>} the callback, not yet used */
const consent = async (visitor, url) => visitor.decide((await visitor.press(url)).next ?? '', 'ada');

/** @param {import('./support/visitor.js').Page} page @param {number} status @param {RegExp} words */
function isPage({ answer, text }, status, words) {
  assert.equal(answer.status, status, text);
  assert.match(text, words);
}

/** How many token requests the provider has seen. @returns {Promise<string>} */
const ledger = async () => JSON.stringify(await (await fetch(`${service.demoOrigin}/ledger`)).json());

test('the consent of a superseded link connects nothing, and its code is not exchanged', async () => {
  const { id, url } = await link('demo');
  await new Visitor(service).connect(url, 'ada');
  const visitor = new Visitor(service);
  const callback = await consent(visitor, await reconnect(id));
  const newer = (await call(service, 'POST', `/connected_accounts/${id}/refresh`)).body.redirect_url;
  const seen = await ledger();
  isPage(await visitor.land(callback), 410, /did not work/);
  assert.equal((await account(id)).status, 'INITIATED');
  assert.equal(await ledger(), seen);
  isPage(await new Visitor(service).connect(newer, 'ada'), 200, /Connected/);
});

test('nor does one whose account was disabled, revoked or deleted meanwhile', async () => {
  /** @type {[string, string, object | undefined][]} */
  const ends = [
    ['PATCH', '/status', { enabled: false }],
    ['POST', '/revoke', undefined],
    ['DELETE', '', undefined],
  ];
  for (const [method, path, body] of ends) {
    const late = new Visitor(service);
    // Brought along without a refresh token, so that a refresh asks for a consent while the account stays ACTIVE.
    const made = await call(service, 'POST', '/connected_accounts', {
      auth_config: { id: configs.demo },
      connection: { user_id: 'ends', state: { authScheme: 'OAUTH2', val: { access_token: 'brought-along' } } },
    });
    const again = await call(service, 'POST', `/connected_accounts/${made.body.id}/refresh`);
    const callback = await consent(late, again.body.redirect_url);
    const ended = await call(service, method, `/connected_accounts/${made.body.id}${path}`, body);
    assert.equal(ended.status, 200, JSON.stringify(ended.body));
    const seen = await ledger();
    const page = await late.land(callback);
    assert.ok(page.answer.status >= 400, `${path}: ${page.text}`);
    assert.equal(await ledger(), seen, path);
    if (path === '/status') {
      await call(service, 'PATCH', `/connected_accounts/${made.body.id}/status`, { enabled: true });
      assert.ok((await late.land(callback)).answer.status >= 400, 'enabling does not bring it back');
    }
  }
});

test('an auth config that was disabled takes no connection, at no step of one', async () => {
  const disable = () => call(service, 'PATCH', `/auth_configs/${configs.demo}/DISABLED`);
  const enable = () => call(service, 'PATCH', `/auth_configs/${configs.demo}/ENABLED`);
  const first = await link('demo');
  const second = await link('demo');
  const typed = await link('demokey');
  const visitor = new Visitor(service);
  const callback = await consent(visitor, second.url);
  const seen = await ledger();
  await disable();
  isPage(await visitor.press(first.url), 400, /DISABLED/);
  isPage(await visitor.land(callback), 400, /DISABLED/);
  assert.equal((await account(first.id)).status, 'INITIALIZING');
  assert.equal((await account(second.id)).status, 'INITIATED');
  assert.equal(await ledger(), seen);
  await enable();
  isPage(await visitor.land(callback), 200, /Connected/);
  await call(service, 'PATCH', `/auth_configs/${configs.demokey}/DISABLED`);
  isPage(await visitor.press(typed.url, { api_key: 'demo_good_key' }), 400, /DISABLED/);
  await call(service, 'PATCH', `/auth_configs/${configs.demokey}/ENABLED`);
  isPage(await visitor.press(typed.url, { api_key: 'demo_good_key' }), 200, /Connected/);
});

test('an answer in the name of another provider neither fails the account nor spends the state', async () => {
  const { id, url } = await link('demo');
  const visitor = new Visitor(service);
  const good = await consent(visitor, url);
  for (const error of [false, true]) {
    const bad = new URL(good);
    bad.searchParams.set('iss', 'https://other.example');
    if (error) {
      bad.searchParams.delete('code');
      bad.searchParams.set('error', 'access_denied');
    }
    isPage(await visitor.land(bad.href), 400, /provider/);
    assert.equal((await account(id)).status, 'INITIATED');
  }
  isPage(await visitor.land(good), 200, /Connected/);
  assert.equal((await account(id)).status, 'ACTIVE');
});

test('a link takes ten credentials and is dead then', async () => {
  const { id, url } = await link('demokey');
  const visitor = new Visitor(service);
  const bad = (/** @type {number} */ i) => visitor.press(url, { api_key: `guess-${i}` });
  const pages = await Promise.all(Array.from({ length: 14 }, (_, i) => bad(i)));
  assert.equal(pages.filter(({ answer }) => answer.status === 400).length, 10);
  assert.equal(pages.filter(({ answer }) => answer.status === 429).length, 4);
  isPage(await visitor.press(url, { api_key: 'demo_good_key' }), 429, /did not work/);
  assert.equal((await visitor.open(url)).answer.status, 429);
  assert.notEqual((await account(id)).status, 'ACTIVE');
});

test('a link leads to the provider fifty times and is dead then', async () => {
  const { url } = await link('demo');
  const visitor = new Visitor(service);
  /** @type {any[]} */
  const answers = [];
  for (let i = 0; i < 52; i++) answers.push((await visitor.press(url)).answer.status);
  assert.equal(answers.indexOf(429), 50);
});

test('a callback address is a real one, and is written so that a header can hold it', async () => {
  const refused = ['http://[', 'https://exa mple.com/', 'https://a:b:c/', 'https://example.com:99999/'];
  for (const callback_url of refused) {
    const body = { auth_config_id: configs.demo, user_id: 'ada', callback_url };
    const answer = await call(service, 'POST', '/connected_accounts/link', body);
    assert.equal(answer.status, 400, `${callback_url}: ${JSON.stringify(answer.body)}`);
  }
  const { id, url } = await link('demo', { callback_url: 'http://localhost:1/zurück?wörd=ä#ende™' });
  const end = await new Visitor(service).connect(url, 'ada');
  assert.equal(end.answer.status, 302, end.text);
  const location = end.answer.headers.get('location') ?? '';
  const query = `w%C3%B6rd=%C3%A4&status=success&connected_account_id=${id}`;
  assert.equal(location, `http://localhost:1/zur%C3%BCck?${query}#ende%E2%84%A2`);
});
