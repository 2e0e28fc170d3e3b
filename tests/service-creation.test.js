// A new account is written once, with all that is known of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startHostile } from './support/hostile-service.js';

/** @type {Awaited<ReturnType<typeof startHostile>>} */
let service;
before(async () => {
  service = await startHostile({ shards: 1 });
});
after(() => service?.close());

test('nobody sees an account of which it is not known yet whose it is', async () => {
  const { provider } = service;
  const { reached, release } = provider.hold('resource');
  const making = service.bring('ada');
  await reached();
  const list = async () => (await service.call('GET', '/connected_accounts?user_ids=ada')).body.items;
  assert.deepEqual(await list(), []);
  release();
  const account = await service.account(await making);
  assert.equal(account.identity.id, 'ada');
  assert.equal(account.updated_at, account.created_at);
  assert.equal((await list()).length, 1);
  // What the provider says while nobody answers for it: the account is made all the same.
  provider.behave({ dead: true });
  await provider.hangUp();
  const alone = await service.account(await service.bring('bob'));
  assert.deepEqual([alone.status, alone.identity], ['ACTIVE', null]);
});
