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
  consent,
  execute,
  isPage,
  link,
  nothingLeaked,
  open,
  provider,
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

test('and no secret is seen in all of that', () => nothingLeaked());
