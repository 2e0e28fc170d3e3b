// Whole lives of OAuth 1.0a accounts, against a server that checks every signature, timestamp and nonce (RFC 5849).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  account,
  allGood,
  ask,
  bring,
  CONSUMER,
  close,
  config,
  connect,
  connected,
  decide,
  execute,
  isError,
  isPage,
  link,
  newConfig,
  nothingLeaked,
  open,
  patch,
  provider,
  proxy,
  service,
  setClient,
} from './support/oauth1-desk.js';
import { Visitor } from './support/visitor.js';

before(open);
after(close);

test('an auth config has a consumer key and secret, in either spelling, and shows no secret', async () => {
  const refused = isError(await newConfig({}), 400, 301);
  assert.deepEqual(refused.errors, [
    'auth_config.credentials.consumer_key: is required',
    'auth_config.credentials.consumer_secret: is required',
  ]);
  assert.deepEqual(isError(await newConfig({ consumer_key: 'k' }), 400, 301).errors, refused.errors.slice(1));
  const own = await ask('GET', `/auth_configs/${config}`);
  assert.deepEqual(own.body.credentials, { consumer_key: CONSUMER.consumer_key, consumer_secret: 'its ...' });
  assert.equal(own.body.auth_scheme, 'OAUTH1');
  const other = await newConfig({ client_id: 'a client', client_secret: 'a client secret' });
  assert.equal(other.status, 201);
  await ask('DELETE', `/auth_configs/${other.body.auth_config.id}`);
  const { auth_config_details: details } = (await ask('GET', '/toolkits/tone')).body;
  assert.deepEqual(
    details[0].fields.auth_config_creation.required.map((/** @type {any} */ { name }) => name),
    ['consumer_key', 'consumer_secret'],
  );
});

test('a whole life: link, consent, signed requests, disabled, enabled, deleted', async () => {
  const from = provider.seen.length;
  const { id, url, user } = await link({ callback_url: 'https://app.example/done?a=b' });
  const begun = await account(id);
  assert.deepEqual([begun.status, begun.state.authScheme], ['INITIALIZING', 'OAUTH1']);
  assert.deepEqual([begun.state.val.redirectUrl, begun.state.val.authUri], [url, url]);
  assert.equal(begun.state.val.callbackUrl, 'https://app.example/done?a=b');
  assert.equal(provider.seen.length, from, 'the provider hears of it when the person goes on');

  const visitor = new Visitor(service);
  const page = await visitor.press(url);
  const leave = new URL(page.next ?? '');
  assert.equal(leave.origin + leave.pathname, `${service.demoOrigin}/o1/authorize`);
  assert.deepEqual([...leave.searchParams.keys()], ['oauth_token', 'scope']);
  const waiting = await account(id);
  assert.equal(waiting.status, 'INITIATED');
  for (const name of ['oauth_token', 'oauth_token_secret', 'authUri', 'redirectUrl'])
    assert.equal(typeof waiting.state.val[name], 'string', name);
  assert.ok(!JSON.stringify(waiting).includes(leave.searchParams.get('oauth_token') ?? ''));

  const callback = new URL(await decide(leave.href, 'ada'));
  assert.equal(callback.origin + callback.pathname, `${service.origin}/oauth/callback`);
  assert.deepEqual([...callback.searchParams.keys()], ['state', 'oauth_token', 'oauth_verifier']);
  const end = await visitor.land(callback.href);
  assert.equal(end.answer.status, 302);
  assert.equal(
    end.answer.headers.get('location'),
    `https://app.example/done?a=b&status=success&connected_account_id=${id}`,
  );

  const active = await account(id);
  assert.deepEqual([active.status, active.identity], ['ACTIVE', { id: 'ada', label: 'Dear ada' }]);
  const { oauth_token: token, oauth_token_secret: secret, ...rest } = active.state.val;
  assert.match(`${token} ${secret}`, /^.{4}\.\.\. .{4}\.\.\.$/);
  assert.deepEqual(rest, { status: 'ACTIVE', consumer_key: CONSUMER.consumer_key, screen_name: 'REDACTED' });
  assert.deepEqual([active.data.oauth_token, active.params.oauth_token_secret], [token, secret]);
  assert.deepEqual([active.expires_at, active.next_refresh_at], [null, null]);

  assert.deepEqual((await execute(id)).body.data.id, 'ada');
  const by = await ask('POST', '/tools/execute/TONE_ME', { user_id: user, arguments: {} });
  assert.equal(by.body.data.id, 'ada');
  await ask('PATCH', `/connected_accounts/${id}/status`, { enabled: false });
  const requests = provider.seen.length;
  isError(await execute(id), 422, 1821);
  isError(await proxy(id, { endpoint: '/me', method: 'GET' }), 422, 1821);
  isError(await ask('POST', `/connected_accounts/${id}/refresh`), 400, 600);
  const off = await account(id);
  assert.deepEqual([off.status, off.state.val.oauth_token, off.state.val.status], ['INACTIVE', token, 'INACTIVE']);
  assert.equal(provider.seen.length, requests, 'nothing leaves for a disabled account');
  await ask('PATCH', `/connected_accounts/${id}/status`, { enabled: true });
  assert.equal((await execute(id)).body.successful, true);
  assert.deepEqual((await ask('DELETE', `/connected_accounts/${id}`)).body, {
    success: true,
    revocation: 'unsupported',
  });
  assert.equal((await ask('GET', `/connected_accounts/${id}`)).status, 404);
  allGood(from);
});

test("tools and requests of the caller's own are signed whatever is in them, each once", async () => {
  const { id } = await connected('ada');
  const from = provider.seen.length;
  const odd = "a b+c&d=e%20f/é€😀!'()*~?#";
  for (const q of [odd, '', '%', '=&=', 'oauth_tokens']) {
    const { body } = await execute(id, 'TONE_ME', { q });
    assert.equal(body.successful, true, JSON.stringify(body));
    assert.equal(new URLSearchParams(body.data.query).get('q'), q);
  }
  const written = await execute(id, 'TONE_WRITE', { text: odd, tag: odd });
  assert.equal(written.body.successful, true, JSON.stringify(written.body));
  assert.equal(new URLSearchParams(written.body.data.said).get('text'), odd);
  const json = await execute(id, 'TONE_WRITE_JSON', { text: odd });
  assert.deepEqual(JSON.parse(json.body.data.said), { text: odd });

  const read = await proxy(id, {
    endpoint: '/me?b=2&a=%C3%A9&a=1',
    method: 'GET',
    parameters: [{ name: 'z z', value: odd, type: 'query' }],
  });
  assert.deepEqual([read.body.status, read.body.data.method], [200, 'GET'], JSON.stringify(read.body));
  const sent = await proxy(id, { endpoint: `${service.demoOrigin}/api/notes`, method: 'PUT', body: { a: [1, odd] } });
  assert.deepEqual(JSON.parse(sent.body.data.said), { a: [1, odd] });
  assert.equal((await proxy(id, { endpoint: '/me', method: 'DELETE' })).body.data.method, 'DELETE');
  allGood(from);

  const many = await Promise.all(Array.from({ length: 20 }, () => execute(id)));
  assert.ok(
    many.every(({ body }) => body.successful),
    'no nonce is used twice',
  );
  allGood(from);

  // What only the client says, no caller says beside it; nor may he say who signs, or where it goes.
  const requests = provider.seen.length;
  isError(await proxy(id, { endpoint: '/me?oauth_token=other', method: 'GET' }), 400, 10400);
  isError(await proxy(id, { endpoint: '/me?%6fauth_nonce=other', method: 'GET' }), 400, 10400);
  isError(await execute(id, 'TONE_WRITE', { text: 'x', tag: 'y', oauth_token: 'z' }), 400, 10400);
  const header = [{ name: 'Authorization', value: 'OAuth x="y"', type: 'header' }];
  isError(await proxy(id, { endpoint: '/me', method: 'GET', parameters: header }), 400, 10400);
  isError(await proxy(id, { endpoint: 'https://elsewhere.example/me', method: 'GET' }), 400, 10400);
  assert.equal(provider.seen.length, requests);
});

test('an answer that echoes the credential comes without it', async () => {
  const { oauth_token, oauth_token_secret } = provider.give(CONSUMER.consumer_key, 'echo');
  const { id } = (await bring({ oauth_token, oauth_token_secret })).body;
  const { body } = await execute(id, 'TONE_ME', {
    q: `${oauth_token} ${Buffer.from(oauth_token_secret).toString('hex')}`,
  });
  assert.equal(body.successful, true);
  assert.match(body.data.query, /REDACTED/);
  assert.ok(!body.data.query.includes(oauth_token));
  await ask('DELETE', `/connected_accounts/${id}`);
});

test('tokens that a caller brings along: tried, refused, replaced', async () => {
  const total = async () => (await ask('GET', '/connected_accounts')).body.total_items;
  const count = await total();
  const good = provider.give(CONSUMER.consumer_key, 'ada');
  const wrong = { oauth_token: good.oauth_token, oauth_token_secret: 'not its secret' };
  isError(await bring(wrong, { validate_credentials: true }), 400, 600);
  assert.equal(provider.seen.at(-1)?.problem, 'signature_invalid');
  isError(await bring(provider.give(service.demoClient.id, 'ada'), { validate_credentials: true }), 400, 600);
  assert.deepEqual(isError(await bring({ oauth_token: 'only' }), 400, 612).errors, ['oauth_token_secret: is required']);
  assert.deepEqual(isError(await bring({ oauth_token_secret: 'only' }), 400, 612).errors, ['oauth_token: is required']);
  isError(await bring({ ...good, oauth_token: 'abcd...' }), 400, 600);
  isError(await bring({ ...good, oauth_token_secret: 7 }), 400, 612);
  assert.equal(await total(), count, 'nothing of that is stored');

  const made = await bring(good, { validate_credentials: true });
  assert.deepEqual([made.status, made.body.status, made.body.redirect_url], [201, 'ACTIVE', null]);
  const { id } = made.body;
  assert.equal((await account(id)).identity.id, 'ada');
  assert.equal((await execute(id)).body.data.id, 'ada');
  isError(await patch(id, wrong), 400, 600);
  assert.match(
    isError(await patch(id, provider.give(CONSUMER.consumer_key, 'bob')), 400, 600).message,
    /somebody else/,
  );
  isError(await patch(id, { oauth_token: 'only' }), 400, 612);
  isError(await patch(id, { screen_name: 'only' }), 400, 612);
  assert.equal((await execute(id)).body.data.id, 'ada', 'the old one stays');
  provider.tokens.delete(good.oauth_token);
  const failed = await execute(id);
  assert.deepEqual([failed.status, failed.body.successful], [200, false]);
  assert.equal((await account(id)).status, 'ACTIVE');
  const better = provider.give(CONSUMER.consumer_key, 'ada');
  assert.deepEqual((await patch(id, better)).body, { id, status: 'ACTIVE', success: true });
  assert.equal((await execute(id)).body.data.id, 'ada');
  await ask('DELETE', `/connected_accounts/${id}`);
});

test('refresh is a new consent: the old credential works until the new one is there, and only its owner gives it', async () => {
  const { id } = await connected('ada');
  const old = [...provider.tokens.keys()].at(-1) ?? '';
  const first = (await account(id)).state.val.oauth_token;
  const again = async () => (await ask('POST', `/connected_accounts/${id}/refresh`)).body;
  const { status, redirect_url: url } = await again();
  assert.equal(status, 'ACTIVE');
  const open = await account(id);
  assert.deepEqual([open.reconnect.pending, open.state.val.oauth_token], [true, first]);
  isPage(await connect(url, 'mallory'), 400, /somebody else/);
  assert.equal((await account(id)).state.val.oauth_token, first);
  isPage(await connect((await again()).redirect_url, 'ada', 'deny'), 200, /Not connected/);
  const kept = await account(id);
  assert.deepEqual([kept.status, kept.reconnect], ['ACTIVE', null], 'a denial takes nothing away');
  assert.equal((await execute(id)).body.data.id, 'ada');
  isPage(await connect((await again()).redirect_url, 'ada'), 200, /Connected/);
  assert.notEqual((await account(id)).state.val.oauth_token, first);
  provider.tokens.delete(old);
  assert.equal((await execute(id)).body.data.id, 'ada', 'the new one is used');

  assert.deepEqual((await ask('POST', `/connected_accounts/${id}/revoke`)).body.connected_account, {
    id,
    status: 'EXPIRED', // as clients of v3 know it
  });
  isError(await execute(id), 422, 1821);
  const renewed = await again();
  assert.equal(renewed.status, 'INITIATED');
  const waiting = await account(id);
  assert.deepEqual(waiting.state.val.authUri, renewed.redirect_url);
  isPage(await connect(renewed.redirect_url, 'ada'), 200, /Connected/);
  assert.equal((await execute(id)).body.data.id, 'ada');
});

test('what the connection has beside its grant goes along; what belonged to the trip does not', async () => {
  const made = await bring({ subdomain: 'acme' }, {}, 'acme');
  assert.deepEqual([made.body.status, made.body.connectionData.val.redirectUrl], ['INITIATED', made.body.redirect_url]);
  const before_ = await account(made.body.id);
  assert.equal(before_.state.val.subdomain, 'acme');
  provider.mood.more = { user_no: '7' };
  await connect(made.body.redirect_url, 'ada');
  provider.mood.more = {};
  const { val } = (await account(made.body.id)).state;
  assert.deepEqual(Object.keys(val).toSorted(), [
    'consumer_key',
    'oauth_token',
    'oauth_token_secret',
    'screen_name',
    'status',
    'subdomain',
    'user_no',
  ]);
});

test('a new consumer secret counts at once, in whichever spelling it comes', async () => {
  const { id } = await connected('ada');
  await setClient({ consumer_secret: 'renewed here first' });
  assert.equal((await execute(id)).body.successful, false);
  assert.equal((await account(id)).status, 'ACTIVE');
  provider.consumers.set(CONSUMER.consumer_key, 'renewed in the other spelling');
  await setClient({ client_secret: 'renewed in the other spelling' });
  assert.equal((await execute(id)).body.successful, true);
  const { credentials } = (await ask('GET', `/auth_configs/${config}`)).body;
  assert.deepEqual(credentials, { client_secret: 'rene...', consumer_key: CONSUMER.consumer_key });
  provider.consumers.set(CONSUMER.consumer_key, CONSUMER.consumer_secret);
  await setClient({ consumer_secret: CONSUMER.consumer_secret });
  assert.equal((await execute(id)).body.successful, true);
});

test('no secret is in an answer, a page, a log, on the disk, or in what was sent', async () => {
  const { url } = await link();
  await new Visitor(service).press(url); // a temporary credential that waits, too
  nothingLeaked();
});
