// The hour without a provider, with 10,000 accounts due.
import { test } from 'node:test';
import { outage } from '../support/outage.js';

for (const [how, accounts] of /** @type {const} */ ([
  ['dead', 10_000],
  ['refusing', 1000],
])) {
  test(`a provider that is ${how} for an hour of simulated time, ${accounts} accounts due`, async (t) => {
    await outage(accounts, (line) => t.diagnostic(line), how);
  });
}
