// What was answered is on disk: it survives the sudden death of the service, and nothing is there by halves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Burst } from './support/burst.js';
import { call, startService } from './support/service.js';

const ROUNDS = 3;
const CLIENTS = 12;
const BURST_MS = 700;

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Burst} */
let burst;

before(async () => {
  service = await startService();
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  burst = new Burst(service, body.items[0].id);
});
after(() => service?.close());

for (let round = 1; round <= ROUNDS; round++) {
  test(`SIGKILL in a burst of creates, status changes, updates and deletes, round ${round}`, async (t) => {
    const before = burst.answers;
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, i) => burst.run(`r${round}c${i}`)));
    await sleep(BURST_MS);
    assert.equal(await service.kill('SIGKILL'), 'SIGKILL');
    await clients;
    await service.restart();
    t.diagnostic(`${burst.answers - before} answers before the kill`);
    assert.ok(burst.answers > before, 'nothing was answered: the burst proves nothing');
    await burst.settle();
    await burst.check();
  });
}
