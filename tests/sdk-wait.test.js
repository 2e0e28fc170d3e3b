// Waiting for a connection: how it ends, when it ends, and what is told meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '#wasm';
import { openCore } from '../js/core/core.js';
import { account, errorBody, failure, json, stage } from './support/plays.js';

const id = 'ca_123456789012';

/** A service whose account goes through these, one a request, and stays the last. @param {(object | number)[]} steps */
function course(...steps) {
  return stage(
    (response, _heard, number) => {
      const step = steps[Math.min(number, steps.length) - 1];
      if (typeof step === 'number') return json(response, step, errorBody(step, 606, 'S', 'no'));
      return json(response, 200, account(step));
    },
    { maxRetries: 0 },
  );
}

const quick = { interval: 10, timeout: 2000 };

test('it looks at once and then once a second', async () => {
  const { devcaster, heard } = await course({ status: 'INITIATED' }, {});
  const begin = performance.now();
  assert.equal((await devcaster.connectedAccounts.waitForConnection(id)).status, 'ACTIVE');
  assert.ok(heard[0].at - begin < 400);
  const pause = heard[1].at - heard[0].at;
  assert.ok(pause > 950 && pause < 1500, String(pause));
});

test('every status of the core ends the wait as the core says', async () => {
  const { catalog } = await openCore(load);
  for (const [status, end] of Object.entries(catalog.statuses)) {
    const { devcaster, heard } = await course({ status, status_reason: 'because' }, { status: 'ACTIVE' });
    const waiting = devcaster.connectedAccounts.waitForConnection(id, quick);
    if (end === 'failed') {
      const error = await failure(waiting);
      assert.deepEqual(
        [error.name, error.code, error.accountStatus, error.statusReason, error.connectedAccountId],
        ['ConnectionRequestFailedError', 'TS-SDK::CONNECTION_REQUEST_FAILED', status, 'because', id],
      );
      assert.match(error.message, /because/);
      assert.doesNotMatch(JSON.stringify(error), /gho_/);
    } else {
      assert.equal((await waiting).status, 'ACTIVE');
    }
    assert.equal(heard.length, end === 'wait' ? 2 : 1, status);
  }
});

test('a consent that is being renewed is waited for', async () => {
  const reconnect = { pending: true, expires_at: '2026-01-01T00:10:00.000Z' };
  const { devcaster, heard } = await course(
    { reconnect },
    { reconnect },
    { reconnect: null, identity: { id: '1', label: 'a@b' } },
  );
  const { identity } = await devcaster.connectedAccounts.waitForConnection(id, quick);
  assert.equal(identity?.label, 'a@b');
  assert.equal(heard.length, 3);
});

test('an unknown account ends it at once', async () => {
  const { devcaster, heard } = await course(404);
  const error = await failure(devcaster.connectedAccounts.waitForConnection(id));
  assert.deepEqual(
    [error.name, error.code, error.status, error.requestId],
    ['ConnectedAccountNotFoundError', 'TS-SDK::CONNECTED_ACCOUNT_NOT_FOUND', 404, 'req_1'],
  );
  assert.equal(heard.length, 1);
});

test('a refusal ends it, a passing trouble does not', async () => {
  const refused = await course({ status: 'INITIATED' }, 401);
  assert.equal(
    (await failure(refused.devcaster.connectedAccounts.waitForConnection(id, quick))).name,
    'AuthenticationError',
  );
  const passing = await course({ status: 'INITIATED' }, 503, 429, 500, {});
  assert.equal((await passing.devcaster.connectedAccounts.waitForConnection(id, quick)).status, 'ACTIVE');
  const lasting = await course(503);
  const error = await failure(
    lasting.devcaster.connectedAccounts.waitForConnection(id, { interval: 10, timeout: 100 }),
  );
  assert.deepEqual([error.name, error.cause?.status], ['ConnectionRequestTimeoutError', 503]);
});

test('it ends no later than asked, also while an answer is outstanding', async () => {
  const silent = await stage(() => {});
  const { devcaster } = await course({ status: 'INITIATED' });
  for (const client of [devcaster, silent.devcaster]) {
    for (const timeout of [0, 300, 1200]) {
      const begin = performance.now();
      const error = await failure(client.connectedAccounts.waitForConnection(id, timeout));
      const took = performance.now() - begin;
      assert.deepEqual(
        [error.name, error.code],
        ['ConnectionRequestTimeoutError', 'TS-SDK::CONNECTION_REQUEST_TIMEOUT'],
      );
      assert.ok(took >= timeout - 5 && took < timeout + 250, `${timeout} ${took}`);
    }
  }
});

test('an abort ends it with the reason, and nothing is asked after it', async () => {
  const { devcaster, heard } = await course({ status: 'INITIATED' });
  const controller = new AbortController();
  setTimeout(() => controller.abort('enough'), 100);
  assert.equal(
    await failure(devcaster.connectedAccounts.waitForConnection(id, { signal: controller.signal })),
    'enough',
  );
  const count = heard.length;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.equal(heard.length, count);
});

test('times that cannot be right are refused', async () => {
  const { devcaster, heard } = await course({});
  await assert.rejects(devcaster.connectedAccounts.waitForConnection(id, -1), { name: 'ValidationError' });
  await assert.rejects(devcaster.connectedAccounts.waitForConnection(id, /** @type {any} */ ({ interval: 'x' })), {
    name: 'ValidationError',
  });
  assert.equal(heard.length, 0);
});

test('a connection request follows its account', async () => {
  let status = 'INITIALIZING';
  const { devcaster } = await stage((response, { method }, number) => {
    if (method === 'POST')
      return json(response, 201, {
        connected_account_id: id,
        redirect_url: 'https://c/1',
        link_token: 'lk_1',
        expires_at: 'x',
      });
    status = number < 3 ? 'INITIATED' : 'ACTIVE';
    return json(response, 200, account({ status }));
  });
  const request = await devcaster.connectedAccounts.link('u', 'ac_1');
  assert.deepEqual(JSON.parse(JSON.stringify(request)), { id, status: 'INITIALIZING', redirectUrl: 'https://c/1' });
  const waiting = request.waitForConnection({ interval: 60, timeout: 2000 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(request.status, 'INITIATED');
  assert.equal((await waiting).id, id);
  assert.equal(request.status, 'ACTIVE');
});
