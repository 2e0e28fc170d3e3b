/** Deleting and revoking. */

import { shown } from './lifecycle.js';
import { settled } from './refresh.js';
import { keepRevocation, sealRevocation, sendRevocation, tryRevocation } from './revocations.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('../core/reply.js').CoreRequest} CoreRequest */

/**
 * The request that revokes an account's credential, where there is one.
 * @param {Shard} shard
 * @param {Row} row
 * @returns {Promise<{ request: CoreRequest | null, outcome: string | undefined }>}
 */
const revocation = async (shard, row) => {
  const { core, directory, settings } = shard;
  const config = await directory.config(row.config);
  let val;
  try {
    val = await shard.credential(row);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    val = 'null'; // sealed by a key that is gone: it must be possible to delete the account all the same
  }
  const step = core.grant(
    'revoke',
    Date.now(),
    core.head(
      {},
      {
        toolkit: settings.toolkits.definitions.get(row.toolkit) ?? 'null',
        config: config?.record ?? 'null',
        credentials: config?.credentials ?? '{}',
        val,
        record: row.record,
      },
    ),
  );
  return { request: step.request ?? null, outcome: step.ok ? step.value?.outcome : undefined };
};

/**
 * @param {Shard} shard
 * @param {{ op: string, id: string, request_id: string, api: string | null, query: object }} message
 * @returns {Promise<Answer>}
 */
export const remove = async (shard, { op, id, request_id, api, query }) => {
  const { core, store, flows } = shard;
  const found = store.get(id);
  if (!found) return shard.fault('account_not_found', request_id);
  await settled(shard, id); // a token that arrives after the deletion would be nobody's
  const done = await shard.lock(found.user, async () => {
    const row = store.get(id);
    if (!row) return null;
    const reply = core.change('delete', Date.now(), core.head({ request_id, api, query }, { record: row.record }));
    if (!reply.ok) return { reply, kept: null, outcome: undefined };
    const asked = reply.value.effects.includes('revoke');
    const { request, outcome } = asked ? await revocation(shard, row) : { request: null, outcome: 'none' };
    const kept = request && (await sealRevocation(shard, request));
    // From here on nothing of the account can be listed or used, whatever the provider says.
    shard.storage.transactionSync(() => {
      store.remove(id);
      flows.drop(id);
      if (kept) keepRevocation(shard, kept);
    });
    await shard.arm();
    return { reply, kept, outcome };
  });
  if (!done) return shard.fault('account_not_found', request_id);
  if (!done.reply.ok) return shard.refusal(done.reply, request_id);
  const outcome = done.kept ? await tryRevocation(shard, done.kept) : (done.outcome ?? 'unsupported');
  const { status, text } = core.answer(op, Date.now(), { api, outcome });
  return { status, text };
};

/**
 * @param {Shard} shard
 * @param {{ op: string, id: string, request_id: string, api: string | null, query: object, sight: import('./shard.js').Sight }} message
 * @returns {Promise<Answer>}
 */
export const revoke = async (shard, { op, id, request_id, api, query, sight }) => {
  const { core, store } = shard;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  await settled(shard, id);
  const refused = core.change('revoke', Date.now(), core.head({ request_id, api, query }, { record: found.record }));
  if (!refused.ok) return shard.refusal(refused, request_id);
  const { request, outcome: known } = await revocation(shard, found);
  const outcome = request ? await sendRevocation(shard, request) : (known ?? 'unsupported');
  const kept = request && outcome === 'pending' ? await sealRevocation(shard, request) : null;
  const row = await shard.lock(found.user, async () => {
    const now = store.get(id);
    if (!now) return null;
    const reply = core.change('revoked', Date.now(), core.head({ outcome }, { record: now.record }));
    if (!reply.ok) return now;
    return shard.write(now, reply, { also: () => kept && keepRevocation(shard, kept) });
  });
  if (!row) return shard.fault('account_not_found', request_id);
  const account = await shown(shard, row, sight);
  const { status, text } = core.answer(op, Date.now(), core.head({ api, outcome }, { account }));
  return { status, text };
};
