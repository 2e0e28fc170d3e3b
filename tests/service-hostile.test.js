// Refreshing against a provider on its worst days: storms, refused clients, dead grants, absurd answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHostile } from './support/hostile-service.js';

/** @type {Awaited<ReturnType<typeof startHostile>>} */
let service;
/** @type {Awaited<ReturnType<typeof startHostile>>['provider']} */
let provider;

before(async () => {
  service = await startHostile();
  provider = service.provider;
});
after(() => service?.close());

/** @param {number} count @param {(i: number) => Promise<any>} work */
const atOnce = (count, work) => Promise.all(Array.from({ length: count }, (_, i) => work(i)));

/** @param {string} name @param {string} secret */
async function ownConfig(name, secret) {
  const credentials = { client_id: name, client_secret: secret };
  const auth_config = { type: 'use_custom_auth', authScheme: 'OAUTH2', name, credentials };
  const { body } = await service.call('POST', '/auth_configs', { toolkit: { slug: 'demo' }, auth_config });
  return /** @type {string} */ (body.auth_config.id);
}

for (const [how, user] of /** @type {const} */ ([
  ['has ended', 'known'],
  ['is refused by the API, which nobody could know', 'unknown'],
])) {
  test(`1,000 executions at once of a token that ${how} are one token request, and all succeed`, async () => {
    provider.behave({ expiresIn: user === 'known' ? 1 : 3600 });
    const id = user === 'known' ? await service.connect(user) : await service.bring(user);
    provider.behave({ expiresIn: 3600, delayMs: 300 });
    await sleep(1100);
    if (user === 'unknown') provider.expire(user);
    const before = provider.count(user);
    const answers = await atOnce(1000, () => service.execute(id));
    provider.behave({ delayMs: 0 });
    assert.deepEqual(
      [...new Set(answers.map(({ status, body }) => `${status} ${body.successful ?? body.error.message}`))],
      ['200 true'],
    );
    assert.equal(provider.count(user) - before, 1);
  });
}

test('a dead refresh token costs one call, and the account says so in the provider’s words, without the token', async () => {
  const id = await service.bring('dead');
  provider.revoke('dead');
  assert.equal((await service.execute(id)).body.successful, false);
  await atOnce(50, () => service.execute(id));
  await service.call('PATCH', `/connected_accounts/${id}/status`, { enabled: false });
  await service.call('PATCH', `/connected_accounts/${id}/status`, { enabled: true });
  await atOnce(5, () => service.execute(id));
  assert.equal(provider.count('dead'), 1);
  const { status, status_reason } = await service.account(id);
  assert.equal(status, 'EXPIRED');
  assert.match(status_reason, /invalid_grant: The grant is gone/);
});

test('what a provider quotes of a credential is in no status_reason', async () => {
  const id = await service.bring('quoted');
  const token = [...provider.planted].at(-1) ?? '';
  provider.behave({
    refuses: { status: 400, body: { error: 'invalid_grant', error_description: `No ${token} here` } },
  });
  const answer = await service.refresh(id);
  provider.behave({ refuses: null });
  assert.equal(answer.body.status, 'INITIATED');
  const { body } = await service.call('GET', `/connected_accounts/${id}/activity`);
  assert.ok(!JSON.stringify([answer, body, await service.account(id)]).includes(token));
});

test('a client that is refused is asked for by three users, not by each account; corrected, it works at once', async () => {
  const config = await ownConfig('own', 'right');
  const ids = await atOnce(30, (i) => service.bring(`own-${i}`, config));
  for (let i = 0; i < 30; i++) provider.expire(`own-${i}`);
  provider.behave({ secrets: ['other'] });
  const before = provider.count(undefined, 'client');
  const answers = [];
  for (const id of ids) answers.push(await service.refresh(id));
  assert.equal(provider.count(undefined, 'client') - before, 3);
  assert.match(answers[7].body.error.message, /does not accept the client of the auth config: invalid_client/);
  for (const id of ids) assert.equal((await service.account(id)).status, 'ACTIVE');
  const shown = (await service.call('GET', `/auth_configs/${config}`)).body;
  assert.match(shown.status_reason, /does not accept the client.*invalid_client/);
  const credentials = { client_secret: 'other' };
  await service.call('PATCH', `/auth_configs/${config}`, { type: 'custom', credentials });
  assert.equal((await service.execute(ids[3])).body.successful, true);
  assert.equal((await service.call('GET', `/auth_configs/${config}`)).body.status_reason, null);
  provider.behave({ secrets: null });
});

test('one user who is told that the client is not accepted stops nobody else', async () => {
  const config = await ownConfig('shared', 'right');
  const ids = await atOnce(4, () => service.bring('alone', config));
  const other = await service.bring('neighbour', config);
  provider.behave({ refuses: { status: 400, body: { error: 'unauthorized_client' } } });
  for (const id of ids) assert.equal((await service.refresh(id)).status, 502);
  provider.behave({ refuses: null });
  assert.equal((await service.refresh(other)).body.status, 'ACTIVE');
  assert.equal((await service.call('GET', `/auth_configs/${config}`)).body.status_reason, null);
});

test('a refresh under way with the secret of before a change is made again with the new one, and blames nobody', async () => {
  const config = await ownConfig('changing', 'before');
  const ids = await atOnce(4, (i) => service.bring(`changing-${i}`, config));
  provider.behave({ secrets: ['after'] });
  const { reached, release } = provider.hold('asked');
  const under = ids.map((id) => service.refresh(id));
  await reached(ids.length);
  const credentials = { client_secret: 'after' };
  await service.call('PATCH', `/auth_configs/${config}`, { type: 'custom', credentials });
  release();
  const answers = await Promise.all(under);
  provider.behave({ secrets: null });
  assert.deepEqual(
    answers.map(({ body }) => body.status),
    ids.map(() => 'ACTIVE'),
  );
  assert.equal((await service.call('GET', `/auth_configs/${config}`)).body.status_reason, null);
});

test('two secrets of a client overlap: the earlier one is tried where the new one is not accepted yet', async () => {
  const config = await ownConfig('rotating', 'before');
  const id = await service.bring('overlap', config);
  provider.behave({ secrets: ['before'] });
  await service.call('PATCH', `/auth_configs/${config}`, { type: 'custom', credentials: { client_secret: 'after' } });
  assert.equal((await service.refresh(id)).body.status, 'ACTIVE');
  const refused = provider.count(undefined, 'client');
  assert.equal((await service.refresh(id)).body.status, 'ACTIVE');
  assert.equal(provider.count(undefined, 'client'), refused, 'what works is remembered');
  provider.behave({ secrets: ['after'] });
  assert.equal((await service.refresh(id)).body.status, 'ACTIVE');
  assert.equal((await service.refresh(id)).body.status, 'ACTIVE');
  const { credentials } = (await service.call('GET', `/auth_configs/${config}`)).body;
  assert.deepEqual([credentials.client_secret, credentials.previous_client_secret], ['afte...', 'befo...']);
  provider.behave({ secrets: null });
});

test('min_valid: a token that would end too soon is refreshed first, one that is fresh is not', async () => {
  provider.behave({ expiresIn: 100 });
  const id = await service.connect('min');
  const calls = () => provider.count('min');
  const before = calls();
  await service.call('GET', `/connected_accounts/${id}?min_valid=60`);
  assert.equal(calls(), before);
  await service.call('GET', `/connected_accounts/${id}?min_valid=3600`);
  assert.equal(calls(), before, 'no token lives so long');
  provider.behave({ expiresIn: 3 });
  await service.refresh(id);
  provider.behave({ expiresIn: 3600 });
  await sleep(700);
  await service.call('GET', `/connected_accounts/${id}`);
  assert.equal(calls(), before + 1);
  const { body } = await service.call('GET', `/connected_accounts/${id}?min_valid=600`);
  assert.ok(Date.parse(body.expires_at) - Date.now() > 3_000_000, body.expires_at);
  assert.equal(calls(), before + 2);
  await service.execute(id, { min_valid: 600 });
  assert.equal(calls(), before + 2);
  assert.equal((await service.call('GET', `/connected_accounts/${id}?min_valid=soon`)).status, 400);
  assert.equal((await service.execute(id, { min_valid: 1e9 })).status, 400);
});

test('absurd lifetimes break nothing: the account works, and the provider is asked when its API refuses', async () => {
  const absurd = [0, -5, 1e99, '1e99', '', 'soon', '3600; DROP', null, {}, [3600], true, 0.5, '-1', 9e15];
  for (const [i, expiresIn] of absurd.entries()) {
    provider.behave({ expiresIn, lives: 3600 });
    const user = `absurd-${i}`;
    const id = await service.connect(user);
    assert.equal((await service.execute(id)).body.successful, true, JSON.stringify(expiresIn));
    assert.equal((await service.execute(id)).body.successful, true);
    assert.equal(provider.count(user), 1, `${JSON.stringify(expiresIn)} makes no further calls`);
    provider.expire(user);
    assert.equal((await service.execute(id)).body.successful, true, JSON.stringify(expiresIn));
    const { status, expires_at } = await service.account(id);
    assert.equal(status, 'ACTIVE');
    assert.ok(expires_at === null || Date.parse(expires_at) < Date.now() + 11 * 365 * 24 * 3600_000, expires_at);
  }
  provider.behave({ expiresIn: 3600, lives: 0 });
});

test('an API that refuses fresh tokens as well is no reason for a refresh with each call', async () => {
  provider.behave({ lives: 0.001 });
  const id = await service.bring('vain');
  for (let i = 0; i < 20; i++) assert.equal((await service.execute(id)).body.successful, false);
  assert.equal(provider.count('vain'), 1);
  provider.behave({ lives: 0 });
});

test('a provider that is down is asked a few times, no status changes, and then everything works again', async () => {
  const ids = await atOnce(40, (i) => service.bring(`down-${i}`));
  provider.behave({ expiresIn: 1 });
  await atOnce(40, (i) => service.refresh(ids[i]));
  provider.behave({ expiresIn: 3600, refuses: { status: 503, headers: { 'retry-after': '1' } } });
  await sleep(1000);
  const before = provider.count(undefined, 'refused');
  for (let i = 0; i < 5; i++) {
    for (const id of ids) assert.equal((await service.execute(id)).status, 502);
  }
  const calls = provider.count(undefined, 'refused') - before;
  assert.ok(calls >= 1 && calls <= 24, `${calls} calls for 200 executions in 4 shards`);
  const accounts = await atOnce(40, (i) => service.account(ids[i]));
  assert.deepEqual([...new Set(accounts.map(({ status }) => status))], ['ACTIVE']);
  provider.behave({ refuses: null });
  for (const end = Date.now() + 45_000; ; await sleep(1000)) {
    const answers = await atOnce(40, (i) => service.execute(ids[i]));
    if (answers.every(({ body }) => body.successful)) break;
    assert.ok(Date.now() < end, 'all accounts work again within three quarters of a minute');
  }
  assert.equal(provider.reused, 0);
});
