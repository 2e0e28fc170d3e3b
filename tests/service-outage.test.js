// An hour of simulated time without the provider: real workerd, real storage, and a clock that the test sets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outage } from './support/outage.js';
import { startSimulated } from './support/simulated.js';

test('a provider that is down for an hour: bounded calls, no status change, full recovery, no stampede', async (t) => {
  await outage(80, (line) => t.diagnostic(line), 'dead');
});

test('a clock that is set forward or back breaks nothing, and costs no more than a refresh', async (t) => {
  const service = await startSimulated({ shards: 1 });
  t.after(() => service.close());
  const { provider } = service;
  const HOUR = 3600_000;
  const id = await service.connect('clock');
  const works = async () => assert.equal((await service.execute(id)).body.successful, true);
  await works();
  for (const [hours, most] of [
    [5, 2], // over by our clock: by the alarm, or before its use
    [-10, 0], // our clock believes in it for far too long, and it works
    [24 * 400, 2],
    [-24 * 800, 0],
  ]) {
    const before = provider.count('clock');
    await service.jump(hours * HOUR);
    await works();
    await works();
    assert.ok(provider.count('clock') - before <= most, `${hours} hours: ${provider.count('clock') - before} calls`);
    // Refused all the same: then whatever the clock says is wrong.
    provider.expire('clock');
    await works();
    assert.equal((await service.account(id)).status, 'ACTIVE');
  }
  // A failure of before does not hold it back until the old time comes again.
  provider.behave({ refuses: { status: 503, headers: { 'retry-after': '3000' } } });
  assert.equal((await service.refresh(id)).status, 502);
  provider.behave({ refuses: null });
  await service.jump(-72 * HOUR);
  assert.equal((await service.refresh(id)).status, 200);
  assert.equal(provider.reused, 0);
});
