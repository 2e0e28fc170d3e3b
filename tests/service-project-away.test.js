// The Project object cannot be asked between a provider's answer and the disk: nothing that the provider did is lost.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHostile } from './support/hostile-service.js';
import { copyWith } from './support/simulated.js';

const root = copyWith('project-away-worker.js');
/** @type {Awaited<ReturnType<typeof startHostile>>} */
let service;
before(async () => {
  service = await startHostile({ shards: 1, root });
});
after(async () => {
  await service?.close();
  rmSync(root, { recursive: true, force: true });
});

/** @param {boolean} on */
const away = (on) => fetch(`${service.origin}/away?on=${on ? 1 : 0}`);
const CACHED = 5200; // longer than what the shards know of the project stays known

/**
 * The project goes away while the provider is asked, and what was known of it is over by then.
 * @param {string} moment @param {() => Promise<any>} work
 */
async function goneDuring(moment, work) {
  let isFirst = true;
  service.provider.at = async (now) => {
    if (now !== moment || !isFirst) return;
    isFirst = false;
    await sleep(CACHED);
    await away(true);
  };
  try {
    return await work();
  } finally {
    service.provider.at = () => undefined;
    await away(false);
  }
}

test('tokens that were granted meanwhile are stored', async () => {
  const id = await service.connect('kept');
  await goneDuring('asked', () => service.refresh(id)); // the answer itself may need the project
  const again = await service.refresh(id);
  assert.deepEqual([again.body.status, again.body.redirect_url], ['ACTIVE', null], JSON.stringify(again.body));
  assert.equal(service.provider.count('kept', 'granted'), 3);
  assert.equal(service.provider.reused, 0);
  const shown = await service.account(id);
  assert.match(shown.state.val.access_token, /^.{4}\.\.\.$/);
});

test('what a tool has done is answered', async () => {
  const id = await service.connect('done');
  const { status, body } = await goneDuring('resource', () => service.execute(id));
  assert.deepEqual([status, body.successful], [200, true], JSON.stringify(body));
});
