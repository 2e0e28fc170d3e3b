// Revocation at a provider that hangs: nobody waits for it for long, nothing else stands still, and it is not forgotten;
// and a token that nobody takes is not thrown away where working accounts would go with it.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { shardOfId } from '../js/edge/shards.js';
import { demo } from '../js/edge/toolkits/demo.js';
import { startHostile } from './support/hostile-service.js';
import { startSimulated } from './support/simulated.js';

/** @typedef {import('./support/hostile-provider.js').Moment} Moment */

const FAR = 15_000; // less than the service's patience with a provider, and much more than it should take

/** @type {Awaited<ReturnType<typeof startSimulated>>} */
let service;
before(async () => {
  service = await startSimulated({ shards: 1 });
});
after(() => service?.close());

/** @type {() => void} */
let release = () => {};
afterEach(() => release());

/** The provider stops at this moment until `release`. @param {{ provider: import('./support/hostile-provider.js').HostileProvider }} of @param {Moment} moment */
function hold({ provider }, moment) {
  const held = provider.hold(moment);
  ({ release } = held);
  return held;
}

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
const inTime = (work) =>
  Promise.race([work, sleep(FAR, null, { ref: false }).then(() => assert.fail('it waited for the provider'))]);

/** @param {() => boolean} done @param {string} what */
async function until(done, what) {
  for (const end = Date.now() + FAR; Date.now() < end; await sleep(20)) if (done()) return;
  assert.fail(what);
}

test('delete says pending where the provider hangs, and goes on', async () => {
  const { provider } = service;
  const id = await service.connect('gone');
  hold(service, 'revoking');
  const before = provider.revocations.length;
  const answer = await inTime(service.call('DELETE', `/connected_accounts/${id}`));
  assert.deepEqual(answer.body, { success: true, revocation: 'pending' });
  assert.equal((await service.call('GET', `/connected_accounts/${id}`)).status, 404);
  release();
  await until(() => provider.isDead('gone'), 'it is revoked in the end');
  await sleep(200); // the answer arrives
  await service.pass(5 * 60_000);
  assert.equal(provider.revocations.length, before + 1, 'what was only late is not sent again');
});

test('revoke says so as well: the account is REVOKED at once', async () => {
  const { provider } = service;
  const id = await service.connect('back');
  hold(service, 'revoking');
  const before = provider.revocations.length;
  assert.equal((await inTime(service.call('POST', `/connected_accounts/${id}/revoke`))).status, 200);
  assert.equal((await service.account(id)).status, 'EXPIRED'); // REVOKED, as older clients know it
  assert.equal((await service.execute(id)).status, 422);
  const { items } = (await service.call('GET', `/connected_accounts/${id}/activity`)).body;
  assert.deepEqual([items[0].event, items[0].outcome], ['revoked', 'pending']);
  release();
  await until(() => provider.isDead('back'), 'it is revoked in the end');
  await sleep(200);
  await service.pass(5 * 60_000);
  assert.equal(provider.revocations.length, before + 1);
});

test('a refresh that hangs holds up neither; the token that it brings is revoked', async () => {
  const { provider } = service;
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/revoke'],
  ]) {
    const user = `hanging${path}`;
    const id = await service.connect(user);
    const { reached } = hold(service, 'half');
    const refreshing = service.refresh(id);
    await reached();
    const before = provider.revocations.length;
    assert.equal((await inTime(service.call(method, `/connected_accounts/${id}${path}`))).status, 200);
    release();
    await refreshing;
    await until(() => provider.revocations.length === before + 2, 'the old token and the one that came');
    assert.notEqual(provider.revocations.at(-1), provider.revocations.at(-2));
    if (path) assert.equal((await service.account(id)).status, 'EXPIRED');
  }
});

test('revocations that hang do not hold up the refreshes of others', async () => {
  const { provider } = service;
  const ids = await Promise.all(Array.from({ length: 30 }, (_, i) => service.bring(`many${i}`)));
  const working = await service.connect('working');
  const { reached } = hold(service, 'revoking');
  await inTime(Promise.all(ids.map((id) => service.call('DELETE', `/connected_accounts/${id}`))));
  await reached(30);
  const before = provider.count('working', 'granted');
  const alarm = service.jump(2 * 3600_000); // the refresh is due, and so is every revocation
  await reached(31);
  await until(() => provider.count('working', 'granted') > before, 'refreshed while all revocations hang');
  release();
  await alarm;
  assert.equal((await service.execute(working)).body.successful, true);
});

/** A token that arrives when its account has a newer one: what the provider was asked to revoke. @param {object} oauth2 */
async function supersede(oauth2) {
  const own = await startHostile({ oauth2, shards: 2 });
  try {
    const { provider } = own;
    const id = await own.connect('ada');
    const { reached } = hold(own, 'half');
    const refreshing = own.refresh(id);
    await reached();
    const { access_token, refresh_token } = provider.consent('ada');
    const state = { authScheme: 'OAUTH2', val: { access_token, refresh_token } };
    const patched = await own.call('PATCH', `/connected_accounts/${id}`, { connection: { state } });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    release();
    await refreshing;
    await sleep(500);
    return { asked: provider.revocations.length, works: (await own.execute(id)).body.successful };
  } finally {
    await own.close();
  }
}

test('a token that nobody takes is not revoked where all that its user gave would end with it', async () => {
  const [{ revocation }] = demo.auth_schemes;
  // The hostile provider ends all of a user's grants with any token.
  for (const ends of ['user', undefined])
    assert.deepEqual(await supersede({ revocation: { ...revocation, ends } }), { asked: 0, works: true });
  assert.equal((await supersede({})).asked, 1, 'where it ends its own grant alone');
});

/**
 * An account goes while the provider is away, and what it held is to be revoked later.
 * @param {Awaited<ReturnType<typeof startSimulated>>} own @param {string} user @param {string} [path] DELETE unless given
 */
async function goes(own, user, path) {
  const id = await own.bring(user);
  own.provider.behave({ dead: true });
  await own.provider.hangUp();
  const told = await own.call(path ? 'POST' : 'DELETE', `/connected_accounts/${id}${path ?? ''}`);
  assert.equal(told.status, 200, JSON.stringify(told.body));
  own.provider.behave({ dead: false });
  return id;
}

test('a revocation that is tried again waits for who has connected again, where it would end that as well', async () => {
  const [{ revocation }] = demo.auth_schemes;
  for (const ends of ['user', undefined]) {
    const own = await startSimulated({ oauth2: { revocation: { ...revocation, ends } }, shards: 2 });
    const { provider } = own;
    const works = async (/** @type {string} */ id) => (await own.execute(id)).body.successful;
    try {
      for (const [user, path] of /** @type {[string, string | undefined][]} */ ([
        ['ada', undefined],
        ['bob', '/revoke'],
      ])) {
        await goes(own, user, path);
        const again = await own.bring(user);
        await own.pass(3 * 3600_000);
        assert.deepEqual([provider.revocations, await works(again)], [[], true], user);
        // The newer connection goes, too: nothing is spared any more.
        await own.call('DELETE', `/connected_accounts/${again}`);
        assert.equal(provider.revocations.length, 1, user);
        await own.pass(6 * 3600_000);
        assert.equal(provider.revocations.length, 2, 'the one that waited');
        provider.revocations.length = 0;
      }
      // The same person as another user, in another shard.
      const gone = await goes(own, 'carl');
      const state = { authScheme: 'OAUTH2', val: provider.consent('carl') };
      for (const user_id of ['one', 'two', 'three', 'four']) {
        const made = { auth_config: { id: own.config }, connection: { user_id, state } };
        const { body } = await own.call('POST', '/connected_accounts', made);
        if (shardOfId(body.id, 2) === shardOfId(gone, 2)) await own.call('DELETE', `/connected_accounts/${body.id}`);
      }
      const { items } = (await own.call('GET', '/connected_accounts?user_ids=one,two,three,four')).body;
      assert.ok(items.length > 0, 'of the users, one is elsewhere');
      provider.revocations.length = 0;
      await own.pass(3600_000);
      assert.equal(provider.revocations.length, 0);
      for (const { id } of items) await own.call('DELETE', `/connected_accounts/${id}`);
      await own.pass(6 * 3600_000);
      provider.revocations.length = 0;
      // An account of the same person that was there before does not hold it up: it was to end with the other.
      await own.bring('eve');
      await goes(own, 'eve');
      const other = await own.bring('somebody');
      await own.pass(10 * 60_000);
      assert.deepEqual([provider.revocations.length, await works(other)], [1, true]);
    } finally {
      await own.close();
    }
  }
});

test('where a revocation ends its own grant alone, it waits for nobody', async () => {
  const { provider } = service;
  await goes(service, 'once');
  const before = provider.revocations.length;
  await service.bring('once');
  await service.pass(10 * 60_000);
  assert.equal(provider.revocations.length, before + 1);
});

test('a thrown away token that is to be revoked later waits in the same way', async () => {
  const [{ revocation }] = demo.auth_schemes;
  const own = await startSimulated({ oauth2: { revocation: { ...revocation, ends: 'user' } }, shards: 2 });
  const { provider } = own;
  const refuses = (/** @type {Moment} */ moment) => {
    if (moment === 'revoking') throw new Error('the connection breaks');
  };
  try {
    const id = await own.connect('ada');
    const { reached } = hold(own, 'half');
    const refreshing = own.refresh(id);
    await reached();
    provider.at = refuses;
    const gone = await own.call('DELETE', `/connected_accounts/${id}`);
    assert.deepEqual(gone.body, { success: true, revocation: 'pending' });
    release();
    provider.at = refuses;
    await refreshing;
    await until(() => provider.revocations.length === 2, 'the old token and the one that came');
    provider.at = () => {};
    const again = await own.bring('ada');
    await own.pass(3 * 3600_000);
    assert.deepEqual([provider.revocations.length, (await own.execute(again)).body.successful], [2, true]);
    await own.call('DELETE', `/connected_accounts/${again}`);
    await own.pass(6 * 3600_000);
    assert.equal(provider.revocations.length, 5, 'the one of now, and both that waited');
    assert.equal(new Set(provider.revocations).size, 3);
  } finally {
    await own.close();
  }
});
