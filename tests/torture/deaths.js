// Twenty deaths in bursts of creates, status changes, updates and deletes, at moments of chance.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Burst } from '../support/burst.js';
import { call, startService } from '../support/service.js';

const ROUNDS = 20;
const CLIENTS = 16;

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

test(`SIGKILL ${ROUNDS} times in bursts`, async (t) => {
  for (let round = 1; round <= ROUNDS; round++) {
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, i) => burst.run(`r${round}c${i}`)));
    await sleep(200 + Math.random() * 1500);
    assert.equal(await service.kill('SIGKILL'), 'SIGKILL');
    await clients;
    await service.restart();
    await burst.settle();
    await burst.check(20);
  }
  t.diagnostic(`${burst.answers} answers, ${burst.known.size} accounts`);
});
