// An account that was answered 201 is on disk: it survives the sudden death of the service.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, startService } from './support/service.js';

const ROUNDS = 3;
const CLIENTS = 12;
const BURST_MS = 700;

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {string} */
let configId;
/** @type {Map<string, string>} account id -> its user, of every account that was answered */
const answered = new Map();

before(async () => {
  service = await startService();
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  configId = body.items[0].id;
});
after(() => service?.close());

/** Create accounts until the service is gone. @param {string} name of this client */
async function createUntilDeath(name) {
  for (let i = 0; ; i++) {
    const user = `${name}-${i}`;
    const state = { authScheme: 'API_KEY', val: { api_key: `demo_${user}` } };
    const body = { auth_config: { id: configId }, connection: { user_id: user, state } };
    /** @type {{ status: number, body: any }} */
    let answer;
    try {
      answer = await call(service, 'POST', '/connected_accounts', body);
    } catch {
      return; // never answered, so nothing was promised
    }
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    answered.set(answer.body.id, user);
  }
}

/** Ids of all accounts, page by page. */
async function listAll() {
  const ids = new Set();
  let cursor = '';
  do {
    const { status, body } = await call(service, 'GET', `/connected_accounts?limit=500${cursor}`);
    assert.equal(status, 200, JSON.stringify(body));
    for (const { id } of body.items) ids.add(id);
    cursor = body.next_cursor ? `&cursor=${encodeURIComponent(body.next_cursor)}` : '';
  } while (cursor !== '');
  return ids;
}

for (let round = 1; round <= ROUNDS; round++) {
  test(`SIGKILL in a burst of creates loses nothing that was answered, round ${round}`, async (t) => {
    const before = answered.size;
    const burst = Promise.all(Array.from({ length: CLIENTS }, (_, i) => createUntilDeath(`r${round}c${i}`)));
    await new Promise((resolve) => setTimeout(resolve, BURST_MS));
    assert.equal(await service.kill('SIGKILL'), 'SIGKILL');
    await burst;
    await service.restart();
    t.diagnostic(`${answered.size - before} accounts were answered before the kill`);
    assert.ok(answered.size > before, 'no account was answered: the burst proves nothing');
    const kept = await listAll();
    assert.deepEqual(
      [...answered.keys()].filter((id) => !kept.has(id)),
      [],
    );
    // Not only the row: the sealed credential opens too.
    for (const [id, user] of [...answered].slice(before).filter((_, i) => i % 10 === 0)) {
      const { status, body } = await call(service, 'GET', `/connected_accounts/${id}`);
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual([body.user_id, body.status, body.state.val.api_key], [user, 'ACTIVE', 'demo...']);
    }
  });
}
