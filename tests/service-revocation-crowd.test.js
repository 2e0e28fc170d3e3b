// Before a revocation is tried again, it is found out whether the same person has connected since: also where one user has
// some thousands of accounts, of which not all are read, and where one of them cannot be.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { demo } from '../js/edge/toolkits/demo.js';
import { startSimulated } from './support/simulated.js';

const MANY = 5000;
const LATER = 10 * 60_000;

/** @type {Awaited<ReturnType<typeof startSimulated>>} */
let service;
beforeEach(async () => {
  const [{ revocation }] = demo.auth_schemes;
  service = await startSimulated({ oauth2: { revocation: { ...revocation, ends: 'user' } }, shards: 1 });
});
afterEach(() => service?.close());

/** An account of the user `default`. @param {string} person at the provider */
async function bring(person) {
  const state = { authScheme: 'OAUTH2', val: service.provider.consent(person) };
  const made = { auth_config: { id: service.config }, connection: { user_id: 'default', state } };
  const { status, body } = await service.call('POST', '/connected_accounts', made);
  assert.equal(status, 201, JSON.stringify(body));
  return /** @type {string} */ (body.id);
}

let copies = 0;

/** Some thousands more of it. @param {string} id @param {Record<string, string>} [other] columns that are not the same, as SQL */
async function copy(id, other = {}) {
  const { rows } = await service.table("SELECT name FROM pragma_table_info('accounts')");
  copies += 1;
  const fresh = `printf('ca_00%010d', ${copies} * 100000 + i)`;
  const own = { id: fresh, record: `replace(record, '${id}', ${fresh})`, ...other };
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => Object.entries(own).find(([key]) => key === name)?.[1] ?? name);
  await service.table(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
    INSERT INTO accounts (${names}) SELECT ${values} FROM n, accounts WHERE id = '${id}'`);
}

/** It goes while the provider is away. @param {string} id */
async function goes(id) {
  service.provider.behave({ dead: true });
  await service.provider.hangUp();
  const { body } = await service.call('DELETE', `/connected_accounts/${id}`);
  assert.deepEqual(body, { success: true, revocation: 'pending' });
  service.provider.behave({ dead: false });
}

/** How many revocations were sent by then, and how many rows read for it. */
async function later() {
  await service.table('SELECT 1');
  const before = service.provider.revocations.length;
  await service.pass(LATER);
  const { read } = await service.table('SELECT 1');
  return { sent: service.provider.revocations.length - before, read };
}

test('of a user with thousands of accounts only those are read that were connected since', async () => {
  const gone = await bring('ada');
  await copy(await bring('eve'));
  // Of these nobody knows who they are at the provider.
  await copy(await bring('eve'), { identity_id: 'NULL', record: "json_remove(record, '$.identity_id')" });
  await goes(gone);
  const alone = await later();
  assert.equal(alone.sent, 1);
  assert.ok(alone.read < MANY / 10, `${alone.read} rows were read`);
  // Others that connect meanwhile are not in the way, and she herself is found among them.
  const next = await bring('ada');
  await goes(next);
  await copy(await bring('eve'));
  const again = await bring('ada');
  const found = await later();
  assert.equal(found.sent, 0);
  assert.ok(found.read < MANY / 10, `${found.read} rows were read`);
  assert.equal((await service.execute(again)).body.successful, true);
});

test('many that have connected since are read until the first that counts', async () => {
  const gone = await bring('ada');
  await goes(gone);
  await copy(await bring('ada'));
  const { sent, read } = await later();
  assert.equal(sent, 0);
  assert.ok(read < MANY / 10, `${read} rows were read`);
});

test('accounts of a version that did not say when they were given are judged by their records, all of them', async () => {
  const gone = await bring('ada');
  const other = await bring('ada');
  await copy(other);
  await goes(gone);
  await service.table('UPDATE accounts SET given_at = NULL');
  assert.equal((await later()).sent, 1, 'what was there before is not spared');
  const next = await bring('ada');
  await goes(next);
  const again = await bring('ada');
  await service.table('UPDATE accounts SET given_at = NULL');
  assert.equal((await later()).sent, 0, 'the last of thousands was given since');
  assert.equal((await service.execute(again)).body.successful, true);
});

test('what cannot be read may have been given since', async () => {
  for (const broken of ["json_set(record, '$.status', 'LATER')", "'{}'", "'no JSON'"]) {
    const gone = await bring('ada');
    const other = await bring('eve');
    await goes(gone);
    const { rows } = await service.table(`SELECT record FROM accounts WHERE id = '${other}'`);
    const set = (/** @type {string} */ values) =>
      service.table(`UPDATE accounts SET identity_id = NULL, ${values} WHERE id = '${other}'`);
    for (const given of ['NULL', '9007199254740991']) {
      await set(`record = ${broken}, given_at = ${given}`);
      assert.equal((await later()).sent, 0, `${broken} ${given}`);
    }
    await set(`record = '${rows[0].record}', given_at = 1`);
    await service.pass(6 * 3600_000);
    assert.equal(service.provider.isDead('ada'), true, 'it was not forgotten');
  }
});
