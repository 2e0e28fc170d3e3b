// Links that can be forwarded: what a consent brings is of no use to anybody until the host has confirmed it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  account,
  clock,
  close,
  complete,
  configs,
  connect,
  eventsOf,
  execute,
  isRevoked,
  link,
  newVerifier,
  open,
  seen,
  service,
} from './support/guests.js';
import { call } from './support/service.js';
import { asToken, mint } from './support/tokens.js';
import { Visitor } from './support/visitor.js';

before(open);
after(close);

test('a connection is of no use until its host has said the verifier', async () => {
  const { id, url, verifier, user } = await link('demo');
  const answer = await connect(url, 'mallory');
  assert.equal(answer.status, 302);
  const end = new URL(answer.headers.get('location') ?? '');
  assert.deepEqual([end.searchParams.get('status'), end.searchParams.get('attempt')], ['success', '77']);
  const waiting = await account(id);
  assert.equal(waiting.status, 'INITIATED');
  assert.match(waiting.status_reason, /waiting for the host/);
  assert.deepEqual(Object.keys(waiting.state.val), ['status', 'redirectUrl'], 'nor does it tell where the link ends');
  assert.doesNotMatch(JSON.stringify(waiting), /attempt/);
  assert.doesNotMatch((await new Visitor(service).open(url)).text, /attempt/);
  assert.equal((await execute(id)).status, 422);
  assert.equal((await call(service, 'POST', `/connected_accounts/${id}/revoke`)).status, 409);
  const state = { authScheme: 'OAUTH2', val: { access_token: 'of-somebody-else' } };
  assert.equal((await call(service, 'PATCH', `/connected_accounts/${id}`, { connection: { state } })).status, 400);
  const list = await call(service, 'GET', `/connected_accounts?user_ids=${user}&statuses=ACTIVE`);
  assert.deepEqual(list.body.items, []);

  const done = await complete(id, verifier);
  assert.deepEqual(done, { status: 200, body: { id, status: 'ACTIVE', success: true } });
  assert.equal((await execute(id)).body.successful, true);
  assert.deepEqual(await eventsOf(id), ['used', 'connected', 'awaiting_confirmation', 'link_opened', 'created']);
  const { items } = (await call(service, 'GET', `/connected_accounts/${id}/activity`)).body;
  assert.equal(items[1].actor.type, 'key', 'who confirms has connected it');
  assert.equal((await complete(id, verifier)).status, 400, 'once');
});

test('the link cannot be used again, nor a consent that was begun with it before', async () => {
  const { id, url, verifier } = await link('demo', { callback_url: undefined });
  const late = new Visitor(service);
  const callback = await late.decide((await late.press(url)).next ?? '', 'late');
  const first = await new Visitor(service).connect(url, 'first');
  assert.match(first.text, /once the page that sent you here has confirmed it/);
  assert.equal((await late.land(callback)).answer.status, 410);
  const visitor = new Visitor(service);
  assert.match((await visitor.open(url)).text, /Already connected.*confirmed it/s);
  assert.equal((await visitor.press(url)).answer.status, 410);
  assert.equal((await complete(id, verifier)).status, 200);
  const profile = await execute(id);
  assert.match(JSON.stringify(profile.body), /first/);
});

test('a wrong verifier changes nothing, and some of them end the connection', async () => {
  const { id, url, verifier } = await link('demo');
  const early = await complete(id, verifier);
  assert.equal(early.status, 400);
  assert.match(early.body.error.message, /not connected yet/);
  await connect(url, 'guessed');
  const before = await account(id);
  for (const bad of ['', 'short', 'x'.repeat(42), 'x'.repeat(129), `${'x'.repeat(50)}+`]) {
    const answer = await complete(id, bad);
    assert.deepEqual([answer.status, answer.body.error.code], [400, 600], bad);
    assert.match(answer.body.error.errors.join(), /^verifier/);
  }
  for (let i = 0; i < 4; i++) {
    const answer = await complete(id, newVerifier().verifier);
    assert.deepEqual([answer.status, answer.body.error.code], [400, 600]);
    assert.doesNotMatch(JSON.stringify(answer.body), new RegExp(verifier));
  }
  assert.deepEqual(await account(id), before);
  assert.equal((await seen('guessed')).revocation, 0);
  assert.equal((await complete(id, newVerifier().verifier)).status, 400);
  const over = await account(id);
  assert.equal(over.status, 'FAILED');
  assert.match(over.status_reason, /wrong verifier too often/);
  assert.equal((await complete(id, verifier)).status, 400, 'the right one comes too late');
  await isRevoked('guessed');
  assert.equal((await eventsOf(id)).filter((/** @type {string} */ one) => one === 'confirmation_refused').length, 5);
});

test('a reconnection keeps the old credential until it is confirmed', async () => {
  const state = { authScheme: 'OAUTH2', val: { access_token: 'brought-along' } };
  const connection = { user_id: 'again', state };
  const made = await call(service, 'POST', '/connected_accounts', { auth_config: { id: configs.demo }, connection });
  const { id } = made.body;
  const { verifier, hash } = newVerifier();
  const renew = (/** @type {string | undefined} */ verifier_hash) =>
    call(service, 'POST', `/connected_accounts/${id}/refresh`, { verifier_hash });
  const bad = await renew('no-hash');
  assert.deepEqual([bad.status, bad.body.error.code], [400, 600]);
  await new Visitor(service).connect((await renew(hash)).body.redirect_url, 'ada');
  const old = (/** @type {any} */ it) => [it.status, it.state.val.access_token];
  assert.deepEqual(old(await account(id)), ['ACTIVE', 'brou...']);
  for (let i = 0; i < 5; i++) assert.equal((await complete(id, newVerifier().verifier)).status, 400);
  assert.deepEqual(old(await account(id)), ['ACTIVE', 'brou...'], 'guessing costs the new one alone');
  await isRevoked('ada');
  await new Visitor(service).connect((await renew(hash)).body.redirect_url, 'ada');
  assert.deepEqual(old(await account(id)), ['ACTIVE', 'brou...']);
  assert.equal((await complete(id, verifier)).status, 200);
  assert.notDeepEqual(old(await account(id)), ['ACTIVE', 'brou...']);
  assert.equal((await execute(id)).body.successful, true);
  assert.ok((await eventsOf(id)).includes('reconnected'));
});

test('a link that ran out does not do away with the verifier', async () => {
  const { id, verifier, user } = await link('demo');
  await clock(11 * 60_000);
  try {
    assert.equal((await account(id)).status, 'EXPIRED');
    const token = await mint(service, { user_id: user });
    for (const renew of [
      () => call(service, 'POST', `/connected_accounts/${id}/refresh`),
      () => asToken(service, token, 'POST', `/connected_accounts/${id}/refresh`),
    ]) {
      const { status, body } = await renew();
      assert.deepEqual([status, body.error.code], [400, 600]);
      assert.match(body.error.errors.join(), /^verifier_hash: is required.*hash of a new verifier/);
    }
    assert.equal((await account(id)).status, 'EXPIRED');
    const fresh = newVerifier();
    const again = await call(service, 'POST', `/connected_accounts/${id}/refresh`, { verifier_hash: fresh.hash });
    await connect(again.body.redirect_url, 'in-time');
    assert.equal((await account(id)).status, 'INITIATED');
    assert.equal((await complete(id, verifier)).status, 400);
    assert.equal((await complete(id, fresh.verifier)).status, 200);
    assert.equal((await account(id)).status, 'ACTIVE');
  } finally {
    await clock(0);
  }
});

test('what is typed in waits as well', async () => {
  const { id, url, verifier } = await link('demokey');
  const visitor = new Visitor(service);
  const bad = await visitor.press(url, { api_key: 'not-theirs' });
  assert.equal(bad.answer.status, 400);
  const page = await visitor.press(url, { api_key: 'demo_typed_in_by_a_guest' });
  assert.match(page.next ?? '', /status=success/);
  const waiting = await account(id);
  assert.deepEqual([waiting.status, Object.keys(waiting.state.val)], ['INITIATED', ['status', 'redirectUrl']]);
  assert.equal((await visitor.press(url, { api_key: 'demo_another' })).answer.status, 410);
  assert.equal((await complete(id, newVerifier().verifier)).status, 400);
  assert.equal((await complete(id, verifier)).status, 200);
  assert.deepEqual(old(await account(id)), ['ACTIVE', 'demo...']);
  const ran = await call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', {
    connected_account_id: id,
    arguments: {},
  });
  assert.equal(ran.body.successful, true);
});

/** @param {any} it */
const old = (it) => [it.status, it.state.val.api_key];

test('the rules of a connection hold when it is confirmed: allow_multiple, a disabled auth config', async () => {
  const hashes = [newVerifier(), newVerifier()];
  const made = await Promise.all(
    hashes.map(({ hash }) =>
      call(service, 'POST', '/connected_accounts', {
        auth_config: { id: configs.demo },
        connection: { user_id: 'single' },
        allow_multiple: false,
        verifier_hash: hash,
      }),
    ),
  );
  assert.deepEqual(
    made.map(({ status }) => status),
    [201, 201],
  );
  for (const { body } of made) await new Visitor(service).connect(body.redirect_url, 'one');
  const off = await call(service, 'PATCH', `/auth_configs/${configs.demo}/DISABLED`);
  assert.equal(off.status, 200);
  const refused = await complete(made[0].body.id, hashes[0].verifier);
  await call(service, 'PATCH', `/auth_configs/${configs.demo}/ENABLED`);
  assert.deepEqual([refused.status, refused.body.error.code], [400, 301]);
  assert.equal((await complete(made[0].body.id, hashes[0].verifier)).status, 200, 'nothing was lost by that');
  const second = await complete(made[1].body.id, hashes[1].verifier);
  assert.deepEqual([second.status, second.body.error.code], [400, 607]);
  assert.equal((await account(made[1].body.id)).status, 'INITIATED');
});

test('a hash is one, and is for who connects by a link', async () => {
  const { hash } = newVerifier();
  const bad = [
    '',
    'x',
    `${hash}A`,
    hash.slice(1),
    `${hash.slice(0, -1)}=`,
    `${hash.slice(0, -1)}B`,
    `+${hash.slice(1)}`,
    7,
  ];
  for (const verifier_hash of bad) {
    const sent = { auth_config_id: configs.demo, user_id: 'shape', verifier_hash };
    const answer = await call(service, 'POST', '/connected_accounts/link', sent);
    assert.deepEqual([answer.status, answer.body.error.code], [400, 600], String(verifier_hash));
    assert.match(answer.body.error.errors.join(), /^verifier_hash/);
  }
  const state = { authScheme: 'API_KEY', val: { api_key: 'demo_x' } };
  const answer = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demokey },
    connection: { user_id: 'shape', state },
    verifier_hash: hash,
  });
  assert.deepEqual([answer.status, answer.body.error.code], [400, 600]);
});

test('who may not write may not confirm', async () => {
  const { id, url, verifier } = await link('demo');
  await connect(url, 'reader');
  const key = (await call(service, 'POST', '/api_keys', { name: 'reader', scopes: ['read'] })).body.key;
  const sent = { connected_account_id: id, verifier };
  const refused = await call({ ...service, apiKey: key }, 'POST', '/connected_accounts/complete_auth', sent);
  assert.equal(refused.status, 403);
  assert.equal((await complete('ca_unknown_unknown', verifier)).status, 404);
  assert.equal((await complete(id, verifier)).status, 200);
});
