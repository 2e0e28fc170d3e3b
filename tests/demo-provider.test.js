import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { demoClient, startDemoProvider } from '../js/local/demo/provider.js';
import { Application, Browser } from './support/demo-browser.js';

// The provider that `npm start` runs beside the service, driven as an application and a browser drive it.

const REDIRECT = 'http://localhost:8890/oauth/callback';
const SCOPE = 'openid profile email offline_access demo.read';
const GMAIL = 'https://www.googleapis.com/auth/gmail.readonly';
const SECRET = randomBytes(32).toString('base64url');

const dataDir = mkdtempSync(join(tmpdir(), 'demo-provider-'));
const options = { port: 0, dataDir, clients: [demoClient(SECRET, [REDIRECT])] };
let demo = await startDemoProvider(options);
const app = new Application({ origin: demo.origin, clientId: 'devcaster-demo', secret: SECRET, redirectUri: REDIRECT });
const { active, connect, exchange, get, post, refresh } = app;

after(async () => {
  await demo.close();
  rmSync(dataDir, { recursive: true });
});

const newBrowser = () => new Browser(demo.origin);

/** @param {Record<string, string>} [more] */
const authorization = (more) => app.authorization({ scope: SCOPE, ...more });

/** @param {string} token */
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test('login, consent and the code give tokens that work at userinfo and at the API', async () => {
  const browser = newBrowser();
  const { verifier, url } = authorization();
  const loginPage = await browser.fetch(url);
  assert.match(loginPage.text, /demo provider that runs on this machine/);
  const consentPage = await browser.submit(loginPage, 'login', { login: 'ada' });
  for (const words of ['Devcaster', 'ada', 'Read your demo profile', 'See your email address']) {
    assert.ok(consentPage.text.includes(words), words);
  }
  const end = new URL((await browser.submit(consentPage, 'consent', { decision: 'allow' })).url);
  assert.equal(end.searchParams.get('state'), 'st4te');
  assert.equal(end.searchParams.get('iss'), demo.origin);
  const { body } = await exchange(end.searchParams.get('code'), verifier);
  assert.equal(body.token_type, 'Bearer');
  assert.equal(body.expires_in, 3600);
  assert.deepEqual(body.scope.split(' ').sort(), SCOPE.split(' ').sort());
  const who = { sub: 'ada', name: 'Ada', preferred_username: 'ada', email: 'ada@demo.example', email_verified: false };
  assert.deepEqual((await get('/me', bearer(body.access_token))).body, who);
  assert.deepEqual((await get('/api/profile', bearer(body.access_token))).body, { ...who, login: 'ada' });
  const again = await exchange(end.searchParams.get('code'), verifier);
  assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
  assert.equal(await active(body.access_token), false, 'a code used twice ends the grant');
});

test('a request without PKCE is refused', async () => {
  const { url } = authorization();
  const plain = new URL(url, demo.origin);
  plain.searchParams.delete('code_challenge');
  plain.searchParams.delete('code_challenge_method');
  const end = new URL((await newBrowser().fetch(plain)).url);
  assert.equal(end.searchParams.get('error'), 'invalid_request');
});

test('an unknown redirect address gets a page, never a redirect', async () => {
  const { answer, text } = await newBrowser().fetch(authorization({ redirect_uri: 'http://localhost:9/x' }).url);
  assert.equal(answer.status, 400);
  assert.match(text, /<h1>This did not work<\/h1>/);
  assert.doesNotMatch(text, /<script/);
});

test('deny and cancel tell the application access_denied', async () => {
  const browser = newBrowser();
  const cancelled = await browser
    .submit(await browser.fetch(authorization().url), 'login', { login: 'dan' })
    .then((page) => browser.submit(page, 'consent', { decision: 'deny' }));
  assert.equal(new URL(cancelled.url).searchParams.get('error'), 'access_denied');
  const other = newBrowser();
  const { url } = await other.fetch(authorization().url).then(({ url: at }) =>
    other.fetch(`${at}/cancel`, {
      method: 'POST',
      headers: { origin: demo.origin },
    }),
  );
  assert.equal(new URL(url).searchParams.get('error'), 'access_denied');
});

test('refresh rotates, and a used refresh token ends the grant', async () => {
  const first = await connect('rosa', { scope: SCOPE });
  const second = (await refresh(first.refresh_token)).body;
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal(await active(second.access_token), true);
  const reused = await refresh(first.refresh_token);
  assert.deepEqual([reused.status, reused.body.error], [400, 'invalid_grant']);
  assert.equal((await refresh(second.refresh_token)).status, 400);
});

test('of several refreshes at once with one token, exactly one wins', async () => {
  const { refresh_token: token } = await connect('race', { scope: SCOPE });
  const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(token)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.ok(answers.every(({ status, body }) => status === 200 || body.error === 'invalid_grant'));
});

test('revoking the refresh token ends its access tokens, and no other connection', async () => {
  const browser = newBrowser();
  const first = await connect('uma', { scope: SCOPE, browser });
  const second = await connect('uma', { scope: SCOPE, browser });
  assert.equal(await active(first.access_token), true);
  assert.equal((await post('/token/revocation', { token: first.refresh_token })).status, 200);
  assert.deepEqual([await active(first.access_token), await active(first.refresh_token)], [false, false]);
  const refused = await get('/api/profile', bearer(first.access_token));
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer realm="demo", error="invalid_token"/);
  assert.equal(await active(second.access_token), true);
  const silent = await browser.fetch(authorization({ prompt: 'none' }).url);
  assert.equal(new URL(silent.url).searchParams.get('error'), 'consent_required', 'an old consent is never reused');
});

test('another account in the same browser leaves the first connection alone', async () => {
  const browser = newBrowser();
  const first = await connect('one', { scope: SCOPE, browser });
  const { verifier, url } = authorization();
  const consent = await browser.fetch(url);
  const login = await browser.fetch(/href="(\/interaction\/[^"]+\?switch=1)"/.exec(consent.text)?.[1] ?? '');
  const page = await browser.submit(login, 'login', { login: 'two' });
  const end = new URL((await browser.submit(page, 'consent', { decision: 'allow' })).url);
  const second = (await exchange(end.searchParams.get('code'), verifier)).body;
  assert.equal((await get('/me', bearer(first.access_token))).body.sub, 'one');
  assert.equal((await get('/me', bearer(second.access_token))).body.sub, 'two');
});

test('only the client itself may introspect or revoke', async () => {
  const { access_token: token } = await connect('ines', { scope: SCOPE });
  const wrong = { authorization: `Basic ${Buffer.from('devcaster-demo:wrong').toString('base64')}` };
  for (const path of ['/token/introspection', '/token/revocation']) {
    assert.equal((await post(path, { token }, wrong)).status, 401);
    assert.equal((await post(path, { token }, {})).status, 400);
  }
  const inBody = await post('/token/introspection', { token, client_id: 'devcaster-demo', client_secret: SECRET }, {});
  assert.deepEqual([inBody.body.active, inBody.body.sub], [true, 'ines']);
});

test('the Gmail stand-in answers in the shape of Gmail, for its own scopes only', async () => {
  const mail = await connect('ada@work.example', { scope: `openid email ${GMAIL}` });
  const { body } = await get('/gmail/v1/users/me/profile', bearer(mail.access_token));
  assert.deepEqual(Object.keys(body), ['emailAddress', 'messagesTotal', 'threadsTotal', 'historyId']);
  assert.equal(body.emailAddress, 'ada@work.example');
  assert.equal((await get('/gmail/v1/users/ada%40work.example/profile', bearer(mail.access_token))).status, 200);
  assert.equal((await get('/gmail/v1/users/eve%40work.example/profile', bearer(mail.access_token))).status, 403);
  const plain = await connect('zed', { scope: SCOPE });
  const refused = await get('/gmail/v1/users/me/profile', bearer(plain.access_token));
  assert.deepEqual([refused.status, refused.body.error.status], [403, 'PERMISSION_DENIED']);
  assert.equal((await get('/gmail/v1/users/me/profile', bearer('nonsense'))).body.error.code, 401);
});

test('a request for Gmail scopes alone gets a refresh token too', async () => {
  const tokens = await connect('solo', { scope: GMAIL });
  assert.equal(tokens.scope, GMAIL);
  assert.equal((await refresh(tokens.refresh_token)).status, 200);
});

test('the echo shows the request headers to a token holder only', async () => {
  const { access_token: token } = await connect('echo', { scope: SCOPE });
  const { body } = await get('/api/echo?a=1', { ...bearer(token), 'x-test': 'yes' });
  assert.deepEqual([body.headers['x-test'], body.headers.authorization, body.query.a], ['yes', `Bearer ${token}`, '1']);
  assert.equal((await get('/api/echo')).status, 401);
});

test('the key API takes demo keys and refuses every other', async () => {
  const { status, body } = await get('/key/profile', { 'x-demo-key': 'demo_1234567890' });
  assert.equal(status, 200);
  assert.match(body.id, /^key_[0-9a-f]{8}$/);
  for (const key of ['', 'demo_', 'live_1234567890', ' demo', 'demo_with space', `demo_${'x'.repeat(300)}`]) {
    const refused = await get('/key/profile', key ? { 'x-demo-key': key } : {});
    assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_key'], key);
  }
});

test('a login name may hold any letters, and what is no name gets the form again', async () => {
  const { access_token: token } = await connect('Zoë <b>"Ωmega"</b>', { scope: SCOPE });
  const { body } = await get('/api/profile', bearer(token));
  assert.equal(body.login, 'Zoë <b>"Ωmega"</b>');
  assert.match(body.sub, /^[\x21-\x7e]+$/);
  const browser = newBrowser();
  for (const login of ['', '   ', 'x'.repeat(65), 'a\u0000b']) {
    const page = await browser.submit(await browser.fetch(authorization().url), 'login', { login });
    assert.equal(page.answer.status, 400);
    assert.match(page.text, /role="alert"/);
  }
});

test('pages are closed against scripts, frames and forms of other sites', async () => {
  const browser = newBrowser();
  const page = await browser.fetch(authorization({ login_hint: '"><script>x</script>' }).url);
  assert.doesNotMatch(page.text, /<script/);
  const policy = page.answer.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", 'http://localhost:8890']) {
    assert.ok(policy.includes(part), part);
  }
  const foreign = await browser.submit(page, 'login', { login: 'eve' }, { origin: 'http://127.0.0.1:1' });
  assert.equal(foreign.answer.status, 403);
  const stranger = await newBrowser().submit(page, 'login', { login: 'eve' });
  assert.equal(stranger.answer.status, 400);
});

test('a restart keeps grants, tokens and the ban on used refresh tokens', async () => {
  const first = await connect('kept', { scope: SCOPE });
  const second = (await refresh(first.refresh_token)).body;
  const port = Number(new URL(demo.origin).port);
  await demo.close();
  demo = await startDemoProvider({ ...options, port });
  assert.equal((await get('/api/profile', bearer(second.access_token))).status, 200);
  const third = await refresh(second.refresh_token);
  assert.equal(third.status, 200);
  assert.equal((await refresh(first.refresh_token)).status, 400);
  assert.equal(await active(third.body.access_token), false);
});

test('what is on disk is for its owner only, and no file is named after a token', () => {
  for (const entry of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const stat = statSync(join(dataDir, entry));
    assert.equal(stat.mode & 0o077, 0, entry);
    for (const token of app.seen) assert.ok(!entry.includes(token));
  }
});

test('the ledger counts exactly, per account and in total, and holds no token', async () => {
  const before = (await get('/ledger')).body.total;
  const tokens = await connect('cora', { scope: SCOPE });
  const fresh = (await refresh(tokens.refresh_token)).body;
  await get('/me', bearer(fresh.access_token));
  await get('/api/profile', bearer(fresh.access_token));
  await get('/api/profile', bearer('unknown'));
  await active(fresh.access_token);
  await post('/token/revocation', { token: fresh.refresh_token });
  await refresh(fresh.refresh_token);
  const { accounts, total } = (await get('/ledger')).body;
  assert.deepEqual(accounts.cora, {
    token_requests: 2,
    refresh: 1,
    token: { authorization_code: 1, refresh_token: 1, other: 0 },
    revocation: 1,
    introspection: 1,
    userinfo: 1,
    api: 1,
    refused: { token: 0, revocation: 0, introspection: 0, userinfo: 0, api: 0 },
  });
  const grown = (/** @type {string} */ name) => total[name] - before[name];
  assert.deepEqual(
    ['token_requests', 'refresh', 'revocation', 'introspection', 'userinfo', 'api'].map(grown),
    [3, 2, 1, 1, 1, 2],
  );
  assert.deepEqual([total.refused.token - before.refused.token, total.refused.api - before.refused.api], [1, 1]);
  const pages = await Promise.all(['/ledger', '/'].map(async (path) => (await fetch(demo.origin + path)).text()));
  assert.ok(pages[1].includes('cora'));
  for (const secret of [...app.seen, SECRET]) assert.ok(pages.every((text) => !text.includes(secret)));
});

test('a host name that points here by DNS rebinding gets nothing', async () => {
  const asked = request(`${demo.origin}/ledger`, { headers: { host: 'evil.example' } }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  assert.equal(answer.statusCode, 421);
});
