// Consents of OAuth 1.0a: refused, forged, replayed, interrupted, and a provider that fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  account,
  ask,
  CONSUMER,
  close,
  config,
  connect,
  connected,
  consent,
  execute,
  isError,
  isPage,
  link,
  nothingLeaked,
  open,
  provider,
  proxy,
  service,
  setClient,
} from './support/oauth1-desk.js';
import { Visitor } from './support/visitor.js';

before(open);
after(close);

test('a person who says no, in each way that providers have for it', async () => {
  /** @type {[typeof provider.mood.denial, RegExp][]} */
  const ways = [
    ['denied', /access_denied/],
    ['problem', /user_refused/],
    ['error', /access_denied/],
  ];
  for (const [way, words] of ways) {
    provider.mood.denial = way;
    const { id, url } = await link({ callback_url: 'https://app.example/' });
    const { answer } = await connect(url, 'ada', 'deny');
    assert.equal(answer.headers.get('location'), `https://app.example/?status=failed&connected_account_id=${id}`);
    const failed = await account(id);
    assert.equal(failed.status, 'FAILED', way);
    assert.match(failed.status_reason, words);
    assert.deepEqual(Object.keys(failed.state.val).toSorted(), ['error', 'error_description', 'status']);
    const again = await ask('POST', `/connected_accounts/${id}/refresh`);
    assert.equal(again.body.status, 'INITIATED');
  }
  // One that says nothing: neither a yes nor a no. The account waits, and the person may go again.
  provider.mood.denial = 'silent';
  const { id, url } = await link();
  isPage(await connect(url, 'ada', 'deny'), 400, /did not work/);
  assert.equal((await account(id)).status, 'INITIATED');
  provider.mood.denial = 'denied';
  isPage(await connect(url, 'ada'), 200, /Connected/);
});

test('a callback counts for the browser, the trip and the temporary credential that it belongs to, and once', async () => {
  const { id, url } = await link();
  const visitor = new Visitor(service);
  const good = await consent(visitor, url, 'ada');
  const asked = provider.at('/o1/access').length;
  /** @param {Record<string, string | null>} change */
  const forged = (change) => {
    const bad = new URL(good);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) bad.searchParams.delete(name);
      else bad.searchParams.set(name, value);
    }
    return bad.href;
  };
  // The attacker's own consent, with the victim's state and in the victim's browser.
  const mallory = new URL(await consent(new Visitor(service), (await link()).url, 'mallory'));
  const theirs = {
    oauth_token: mallory.searchParams.get('oauth_token'),
    oauth_verifier: mallory.searchParams.get('oauth_verifier'),
  };
  isPage(await new Visitor(service).land(good), 400, /did not work/);
  isPage(await visitor.land(mallory.href), 400, /did not work/);
  /** @type {Record<string, string | null>[]} */
  const changes = [
    theirs,
    { ...theirs, oauth_verifier: new URL(good).searchParams.get('oauth_verifier') },
    { oauth_token: null },
    { oauth_verifier: null },
    { oauth_verifier: '' },
    { state: null },
    { state: mallory.searchParams.get('state') },
    { denied: theirs.oauth_token, oauth_token: null, oauth_verifier: null },
  ];
  for (const change of changes) {
    isPage(await visitor.land(forged(change)), 400, /did not work/);
    assert.equal((await account(id)).status, 'INITIATED', JSON.stringify(change));
  }
  isPage(await visitor.land(`${good}&oauth_token=${theirs.oauth_token}`), 400, /did not work/);
  assert.equal(provider.at('/o1/access').length, asked, 'nothing was exchanged');
  isPage(await visitor.land(good), 200, /Connected/);
  assert.equal((await account(id)).identity.id, 'ada');
  isPage(await visitor.land(good), 410, /did not work/);
  assert.equal(provider.at('/o1/access').length, asked + 1);
});

test('two tabs: each has a temporary credential of its own, and the first to come back connects', async () => {
  const { id, url } = await link();
  const visitor = new Visitor(service);
  const one = await consent(visitor, url, 'ada');
  const two = await consent(visitor, url, 'ada');
  assert.notEqual(new URL(one).searchParams.get('oauth_token'), new URL(two).searchParams.get('oauth_token'));
  isPage(await visitor.land(two), 200, /Connected/);
  isPage(await visitor.land(one), 410, /did not work/);
  assert.equal((await account(id)).status, 'ACTIVE');
});

test('a link that its host confirms holds what the consent has brought', async () => {
  const verifier = 'v'.repeat(43);
  const verifier_hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url');
  const { id, url } = await link({ verifier_hash });
  isPage(await connect(url, 'guest'), 200, /once the page that sent you here has confirmed it/);
  assert.equal((await account(id)).status, 'INITIATED');
  const done = await ask('POST', '/connected_accounts/complete_auth', { connected_account_id: id, verifier });
  assert.deepEqual([done.status, done.body.status], [200, 'ACTIVE'], JSON.stringify(done.body));
  assert.equal((await execute(id)).body.data.id, 'guest');
});

test('a provider that is away, or refuses the client, leaves the account waiting', async () => {
  const { id, url } = await link();
  const visitor = new Visitor(service);
  provider.mood.closed.add('/o1/request');
  isPage(await visitor.press(url), 502, /Continue to The signed one/);
  provider.mood.closed.clear();
  provider.mood.confirms = false;
  isPage(await visitor.press(url), 400, /temporary credential/);
  provider.mood.confirms = true;
  provider.mood.words = `the base string of ${CONSUMER.consumer_secret} is wrong`;
  await setClient({ consumer_secret: 'of another consumer' });
  const refused = await visitor.press(url);
  isPage(refused, 400, /signature_invalid/);
  assert.ok(!refused.text.includes('of another consumer'));
  await setClient({ consumer_secret: CONSUMER.consumer_secret });
  provider.consumers.delete(CONSUMER.consumer_key);
  const unknown = await visitor.press(url);
  isPage(unknown, 400, /consumer_key_unknown/);
  assert.ok(!unknown.text.includes('its secret'), 'what the provider repeats of the secret is not shown');
  provider.consumers.set(CONSUMER.consumer_key, CONSUMER.consumer_secret);
  provider.mood.words = null;
  assert.equal((await account(id)).status, 'INITIALIZING');

  const late = await consent(visitor, url, 'ada');
  provider.mood.closed.add('/o1/access');
  isPage(await visitor.land(late), 502, /Try again/);
  provider.mood.closed.clear();
  assert.equal((await account(id)).status, 'INITIATED');
  isPage(await visitor.land(late), 410, /did not work/);
  isPage(await connect(url, 'ada'), 200, /Connected/);
});

test('a verifier that the provider does not take fails the account', async () => {
  const { id, url } = await link();
  const visitor = new Visitor(service);
  const bad = new URL(await consent(visitor, url, 'ada'));
  bad.searchParams.set('oauth_verifier', 'guessed-by-somebody');
  isPage(await visitor.land(bad.href), 200, /Not connected/);
  const failed = await account(id);
  assert.equal(failed.status, 'FAILED');
  assert.match(failed.status_reason, /verifier_invalid: not REDACTED of REDACTED and REDACTED$/);
});

test('nothing is asked for a disabled auth config, nor for a link that is superseded, used or over', async () => {
  const first = await link();
  const visitor = new Visitor(service);
  const callback = await consent(visitor, first.url, 'ada');
  const from = provider.seen.length;
  await ask('PATCH', `/auth_configs/${config}/DISABLED`);
  isPage(await visitor.press(first.url), 400, /DISABLED/);
  isPage(await visitor.land(callback), 400, /DISABLED/);
  await ask('PATCH', `/auth_configs/${config}/ENABLED`);
  await ask('POST', `/connected_accounts/${first.id}/refresh`); // a newer link
  isPage(await visitor.land(callback), 410, /did not work/);
  isPage(await visitor.press(first.url), 404, /did not work/);
  assert.equal(provider.seen.length, from);
});

test('nobody begins or ends a consent with what an account is signed with', async () => {
  const { id, user } = await connected('mallory');
  const from = provider.seen.length;
  const callback = encodeURIComponent('https://elsewhere.example/cb');
  const form = [{ name: 'content-type', value: 'application/x-www-form-urlencoded', type: 'header' }];
  const parameters = [{ name: 'OAUTH_callback', value: 'https://elsewhere.example/cb', type: 'query' }];
  /** @type {[object, RegExp][]} */
  const tries = [
    [{ endpoint: '/me?oauth_signature=forged' }, /^oauth_signature: /],
    [{ endpoint: `/me?oauth%5Fcallback=${callback}` }, /^oauth_callback: /],
    [{ endpoint: '/me', parameters }, /^OAUTH_callback: /],
    [{ endpoint: '/notes', method: 'POST', body: 'a=b&oauth_verifier=v', parameters: form }, /^oauth_verifier: /],
    [{ endpoint: `${service.demoOrigin}/o1/request?oauth_callback=${callback}`, method: 'POST' }, /^endpoint: /],
    [{ endpoint: `${service.demoOrigin}/o1/%61ccess/`, method: 'POST' }, /^endpoint: /],
    [{ endpoint: `${service.demoOrigin}/o1/authorize` }, /^endpoint: /],
  ];
  const { token } = (
    await ask('POST', '/user_tokens', {
      user_id: user,
      operations: ['tools.proxy'],
      tools: [{ methods: ['GET', 'POST'] }],
    })
  ).body;
  assert.equal(typeof token, 'string');
  for (const [more, words] of tries) {
    const body = { method: 'GET', ...more };
    const { errors } = isError(await proxy(id, body), 400, 10400);
    assert.match(errors.join(), words);
    const answer = await fetch(`${service.origin}/api/v3/tools/execute/proxy`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ connected_account_id: id, ...body }),
    });
    assert.equal(answer.status, 400);
  }
  assert.equal(provider.seen.length, from, 'the provider hears of none');
});

test('a request of a megabyte of parameters is refused before they are looked at', async () => {
  const { id } = await connected('ada');
  const from = provider.seen.length;
  const form = [{ name: 'content-type', value: 'application/x-www-form-urlencoded', type: 'header' }];
  const post = { endpoint: '/notes', method: 'POST', parameters: form };
  const { message } = isError(await proxy(id, { ...post, body: 'a&'.repeat(500_000) }), 400, 10400);
  assert.match(message, /more than 1,000 parameters/);
  const long = isError(await proxy(id, { endpoint: `/me?${'a&'.repeat(10_000)}`, method: 'GET' }), 400, 10400);
  assert.match(long.errors.join(), /^endpoint: is too long/);
  assert.equal(provider.seen.length, from);
  assert.equal((await proxy(id, { ...post, body: `"${'a&'.repeat(900)}` })).body.status, 200);
});

test('an answer brings nothing of a connection under way', async () => {
  const trip = ['redirectUrl', 'authUri', 'callback_url', 'callbackUrl', 'code_verifier'];
  provider.mood.more = Object.fromEntries(['user_no', ...trip].map((name) => [name, 'javascript:alert(1)']));
  const { id } = await connected('ada');
  provider.mood.more = {};
  const { val } = (await account(id)).state;
  assert.deepEqual(Object.keys(val).toSorted(), [
    'consumer_key',
    'oauth_token',
    'oauth_token_secret',
    'screen_name',
    'status',
    'user_no',
  ]);
});

test('and no secret is seen in all of that', () => nothingLeaked());
