// The service dies in the middle of a refresh. Afterwards the account works without a person wherever the provider's
// grace allows it, and otherwise says so; a refresh token is not used again while its access token still works.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { crashDuring } from './support/crash.js';
import { startHostile } from './support/hostile-service.js';
import { refreshDeaths } from './support/refresh-deaths.js';

/** @typedef {import('./support/hostile-provider.js').Moment} Moment */

/** @type {Moment[]} */
const moments = ['connected', 'asked', 'made', 'half', 'answered'];

test('within a documented grace it is asked again at once, without anybody, before the grace is over', async (t) => {
  const service = await startHostile({ oauth2: { rotation_grace_s: 6 } });
  t.after(() => service.close());
  const { provider } = service;
  provider.behave({ graceMs: 6000 });
  const id = await service.connect('early');
  await crashDuring(service, 'made', () => service.refresh(id));
  for (const end = Date.now() + 8000; provider.count('early', 'again') === 0; await sleep(100)) {
    assert.ok(Date.now() < end, 'nobody asked again');
  }
  await sleep(200);
  provider.expire('early');
  provider.behave({ graceMs: 0 });
  assert.equal((await service.execute(id)).body.successful, true);
  assert.equal((await service.account(id)).status, 'ACTIVE');
});

for (const grace of [0, 600]) {
  describe(grace ? `a provider that takes a refresh token once more` : 'a provider without grace', () => {
    /** @type {Awaited<ReturnType<typeof startHostile>>} */
    let service;
    before(async () => {
      service = await startHostile({ oauth2: grace ? { rotation_grace_s: grace } : {} });
      service.provider.behave({ graceMs: grace * 1000 });
    });
    after(() => service?.close());

    for (const moment of moments) {
      test(`dies ${moment}`, async () => {
        const { provider } = service;
        const user = `${moment}-${grace}`;
        provider.behave({ expiresIn: 3600 });
        const id = await service.connect(user);
        await crashDuring(service, moment, () => service.refresh(id));
        const made = provider.count(user, 'granted') === 2;
        if (moment !== 'connected') assert.equal(made, moment !== 'asked');
        // The access token works, so the account does, and nothing is asked for.
        assert.equal((await service.execute(id)).body.successful, true);
        assert.equal((await service.account(id)).status, 'ACTIVE');
        // Not even for whoever asks for a refresh: that becomes a consent, beside which the account goes on.
        const before = provider.count(user);
        const { body } = await service.refresh(id);
        assert.equal(body.status, 'ACTIVE');
        if (!grace && moment === 'made') {
          assert.match(body.redirect_url, /\/connect\//);
          assert.equal(provider.count(user), before);
        }
        assert.equal(provider.reused, 0);
        // Now it ends.
        provider.expire(user);
        const answer = await service.execute(id);
        const account = await service.account(id);
        if (grace || !made) {
          assert.equal(answer.body.successful, true, JSON.stringify(answer.body));
          assert.equal(account.status, 'ACTIVE');
        } else if (account.status === 'ACTIVE') {
          assert.equal(moment, 'answered', 'the new tokens were stored a moment before the death');
          assert.equal(answer.body.successful, true, JSON.stringify(answer.body));
        } else {
          // The consent that was asked for above is still open: it goes on waiting for the user.
          assert.equal(account.status, 'INITIATED');
          assert.match(account.status_reason, /^The answer to an earlier refresh was lost .*waiting for the user/);
        }
        assert.equal(provider.reused, 0);
      });
    }

    test('dies after the commit', async () => {
      const { provider } = service;
      const id = await service.connect(`after-${grace}`);
      await service.refresh(id);
      service.kill();
      await service.restart();
      provider.expire(`after-${grace}`);
      assert.equal((await service.execute(id)).body.successful, true);
      assert.equal(provider.count(`after-${grace}`), 3);
    });

    test('the answer is dropped after the tokens were made', async () => {
      const { provider } = service;
      const user = `dropped-${grace}`;
      provider.behave({ expiresIn: 3 });
      const id = await service.connect(user);
      provider.behave({ dropsAnswer: true, expiresIn: 3600 });
      assert.equal((await service.refresh(id)).status, 502);
      provider.behave({ dropsAnswer: false });
      assert.equal((await service.execute(id)).body.successful, true);
      await sleep(3100);
      const answer = await service.execute(id);
      assert.equal(provider.reused, 0);
      if (grace) assert.equal(answer.body.successful, true);
      else assert.equal(answer.status, 410);
      if (!grace) assert.match(answer.body.error.message, /answer to an earlier refresh was lost/);
    });
  });
}

for (const grace of [600, 0]) {
  test(`deaths at any moment ${grace ? 'with' : 'without'} grace, and no secret on the disk or in the log`, async (t) => {
    await refreshDeaths({ rounds: 3, accounts: 12, grace }, (line) => t.diagnostic(line));
  });
}
