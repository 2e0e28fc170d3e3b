// A provider that is down for an hour while many accounts are due: told and measured.
import assert from 'node:assert/strict';
import { startSimulated } from './simulated.js';

const MINUTE = 60_000;
const SHARDS = 4;
const CLIENTS = 24;

/** @param {number} count @param {(i: number) => Promise<unknown>} work a few at a time */
async function each(count, work) {
  let next = 0;
  const client = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(CLIENTS, count) }, client));
}

/** @param {number[]} times @param {number} span @returns {number} most of them within one span */
const peak = (times, span) => {
  const counts = new Map();
  for (const at of times) counts.set(Math.floor(at / span), (counts.get(Math.floor(at / span)) ?? 0) + 1);
  return Math.max(0, ...counts.values());
};

/**
 * @param {number} accounts
 * @param {(line: string) => void} say
 * @param {'dead' | 'refusing'} how it is down: no connection, or 503
 */
export async function outage(accounts, say, how) {
  const service = await startSimulated({ shards: SHARDS });
  try {
    const { provider } = service;
    /** @type {string[]} */
    const ids = [];
    await each(accounts, async (i) => {
      ids[i] = await service.connect(`u${i}`);
    });
    const users = ids.map((_, i) => `u${i}`);
    say(`${accounts} accounts connected, tokens for an hour`);
    assert.equal(provider.asked.length, accounts);

    await service.pass(35 * MINUTE);
    assert.equal(provider.asked.length, accounts, 'nothing is due yet');
    const [down, reached] = [service.now(), () => provider.connections + provider.count(undefined, 'refused')];
    if (how === 'dead') await provider.hangUp();
    const before = reached();
    provider.behave(how === 'dead' ? { dead: true } : { refuses: { status: 503 } });
    await service.pass(60 * MINUTE);
    const calls = reached() - before;
    say(`${calls} calls in an hour without the provider (${how})`);
    assert.ok(calls > 0 && calls <= SHARDS * 120, `${calls} calls`);
    const sample = users.map((_, i) => i).filter((i) => i % Math.ceil(accounts / 200) === 0);
    for (const i of sample) assert.equal((await service.account(ids[i])).status, 'ACTIVE');

    const [back, granted] = [service.now(), provider.count(undefined, 'granted')];
    provider.behave({ dead: false, refuses: null });
    await service.pass(30 * MINUTE);
    const after = provider.asked.slice(granted).filter(({ outcome }) => outcome === 'granted');
    const fresh = new Set(after.map(({ user }) => user));
    assert.ok(fresh.size >= 0.9 * accounts, `${fresh.size} of ${accounts} within half an hour`);
    const most = peak(
      after.map(({ at }) => at),
      MINUTE,
    );
    const last = Math.max(...after.map(({ at }) => at));
    say(`${fresh.size} refreshed within ${Math.round((last - back) / MINUTE)} minutes; at most ${most} in one minute`);
    assert.ok(most <= Math.max(60, accounts / 3), `${most} of ${accounts} in one minute`);
    assert.equal(after.length, fresh.size, 'once each');
    // Who failed often enough by itself waits for up to an hour.
    await service.pass(35 * MINUTE);
    for (const { outcome, user } of provider.asked.slice(granted)) if (outcome === 'granted') fresh.add(user);
    assert.deepEqual(
      users.filter((user) => !fresh.has(user)),
      [],
      'every account was refreshed',
    );
    for (const i of sample) {
      const { status, status_reason, expires_at } = await service.account(ids[i]);
      assert.deepEqual([status, status_reason], ['ACTIVE', null]);
      assert.ok(Date.parse(expires_at) > down);
    }
    assert.equal(provider.reused, 0);
    return { calls, most };
  } finally {
    await service.close();
  }
}
