// Deaths at moments of chance while many accounts are being refreshed, with tokens that are used once.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHostile } from './hostile-service.js';
import { filesBelow, findPlanted } from './planted.js';

/**
 * @param {{ rounds: number, accounts: number, grace: number }} how grace: seconds, 0: none
 * @param {(line: string) => void} say
 */
export async function refreshDeaths({ rounds, accounts, grace }, say) {
  const service = await startHostile({ oauth2: grace ? { rotation_grace_s: grace } : {} });
  try {
    const { provider } = service;
    provider.behave({ graceMs: grace * 1000, expiresIn: 3600 });
    /** @type {[string, string][]} id and user of those that still work */
    let alive = [];
    let lost = 0;
    const all = new Set();
    for (let round = 0; round < rounds; round++) {
      while (alive.length < accounts) {
        const user = `d${all.size}`;
        all.add(user);
        alive.push([await service.connect(user), user]);
      }
      // Some are refreshed because somebody asks, some because their token is refused.
      const refused = new Set(alive.filter(() => Math.random() < 0.4));
      for (const [, user] of refused) provider.expire(user);
      const work = alive.map((one) => (refused.has(one) ? service.execute(one[0]) : service.refresh(one[0])));
      const settled = Promise.allSettled(work);
      await sleep(Math.random() * 120);
      service.kill();
      await settled;
      await service.restart();
      // Whoever has a token that works goes on with it; whoever has none gets one, or says that it cannot.
      const results = await Promise.all(
        alive.map(async (one) => {
          const [id, user] = one;
          const first = await service.execute(id);
          provider.expire(user);
          const second = await service.execute(id);
          const { status, status_reason } = await service.account(id);
          const text = JSON.stringify([first.body, second.body, status, status_reason]);
          if (status === 'ACTIVE') {
            assert.equal(second.body.successful, true, text);
            return one;
          }
          assert.equal(grace, 0, text);
          assert.equal(status, 'EXPIRED', text);
          assert.match(status_reason, /^The answer to an earlier refresh was lost/, text);
          return null;
        }),
      );
      lost += results.filter((one) => one === null).length;
      alive = results.filter((one) => one !== null);
      assert.equal(provider.reused, 0, 'no refresh token was used again whose access token worked');
    }
    say(`${rounds} deaths, ${provider.asked.length} token requests, ${lost} of ${all.size} accounts must reconnect`);
    if (grace) assert.equal(lost, 0);
    const places = [...filesBelow(service.dataDir), /** @type {[string, string]} */ (['log', service.logs()])];
    const { secrets, bytes, found } = findPlanted(provider.planted, places);
    say(`${secrets} secrets in none of ${places.length} places with ${bytes} bytes`);
    assert.deepEqual(found, []);
    // The search finds what is there.
    const [one] = provider.planted;
    assert.equal(findPlanted([one], [['x', `{"a":"${Buffer.from(`.${one}`).toString('base64')}"}`]]).found.length, 1);
    return { secrets, lost };
  } finally {
    await service.close();
  }
}
