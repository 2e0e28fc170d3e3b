// Deaths in the middle of refreshes, at moments of chance, and what is on the disk afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refreshDeaths } from '../support/refresh-deaths.js';

for (const grace of [600, 0]) {
  test(`SIGKILL during refreshes of a provider ${grace ? 'with' : 'without'} grace`, async (t) => {
    const { secrets } = await refreshDeaths({ rounds: 25, accounts: 24, grace }, (line) => t.diagnostic(line));
    assert.ok(secrets >= 1000, `${secrets} planted secrets`);
  });
}
