/** Deleting and revoking. A revocation that a provider does not take now is kept, sealed, and tried again. */

import { randomName } from './bytes.js';
import { shown } from './lifecycle.js';
import { perform } from './outbound.js';
import { settled } from './refresh.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('../core/reply.js').CoreRequest} CoreRequest */

const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 6 * 3600_000;
const MOST_ATTEMPTS = 16; // some days; then the provider is taken to be gone for good

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

/** @param {Shard} shard @param {CoreRequest} request @returns {Promise<string>} the core's word for what came of it */
const send = async ({ core, settings }, request) => {
  const out = await perform(settings, request);
  const head = { http: out.fault ? 0 : out.http, content_type: out.type };
  return core.grant('revoked', Date.now(), head, out.body).value?.outcome ?? 'pending';
};

/** @param {Shard} shard @param {string} id @param {CoreRequest} request */
const seal = ({ settings }, id, request) =>
  settings.vault.sealText('revocation', ['project', id], JSON.stringify(request));

/**
 * Try a kept revocation once.
 * @param {Shard} shard
 * @param {{ id: string, request: string, attempts: number }} kept
 * @returns {Promise<string>} outcome
 */
const attempt = async (shard, { id, request, attempts }) => {
  const plain = JSON.parse(await shard.settings.vault.openText('revocation', ['project', id], request));
  const outcome = await send(shard, plain);
  if (outcome !== 'pending' || attempts + 1 >= MOST_ATTEMPTS) shard.flows.dropRevocation(id);
  else shard.flows.delayRevocation(id, Date.now() + Math.min(FIRST_PAUSE * 2 ** attempts, LONGEST_PAUSE));
  return outcome;
};

/**
 * Revocations whose time has come again.
 * @param {Shard} shard
 * @param {number} limit
 */
export const retryRevocations = async (shard, limit) => {
  for (const kept of shard.flows.dueRevocations(Date.now(), limit)) {
    try {
      await attempt(shard, kept);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      shard.flows.dropRevocation(kept.id);
    }
  }
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
    const name = `rev_${randomName(12)}`;
    const kept = request && { id: name, request: await seal(shard, name, request), attempts: 0 };
    // From here on nothing of the account can be listed or used, whatever the provider says.
    shard.storage.transactionSync(() => {
      store.remove(id);
      flows.drop(id);
      if (kept) flows.putRevocation(kept.id, kept.request, Date.now() + FIRST_PAUSE);
    });
    await shard.arm();
    return { reply, kept, outcome };
  });
  if (!done) return shard.fault('account_not_found', request_id);
  if (!done.reply.ok) return shard.refusal(done.reply, request_id);
  const outcome = done.kept ? await attempt(shard, done.kept) : (done.outcome ?? 'unsupported');
  const { status, text } = core.answer(op, Date.now(), { api, outcome });
  return { status, text };
};

/**
 * @param {Shard} shard
 * @param {{ op: string, id: string, request_id: string, api: string | null, query: object, sight: import('./shard.js').Sight }} message
 * @returns {Promise<Answer>}
 */
export const revoke = async (shard, { op, id, request_id, api, query, sight }) => {
  const { core, store, flows } = shard;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  await settled(shard, id);
  const refused = core.change('revoke', Date.now(), core.head({ request_id, api, query }, { record: found.record }));
  if (!refused.ok) return shard.refusal(refused, request_id);
  const { request, outcome: known } = await revocation(shard, found);
  const outcome = request ? await send(shard, request) : (known ?? 'unsupported');
  const name = `rev_${randomName(12)}`;
  const kept = request && outcome === 'pending' ? await seal(shard, name, request) : null;
  const row = await shard.lock(found.user, async () => {
    const now = store.get(id);
    if (!now) return null;
    const reply = core.change('revoked', Date.now(), core.head({ outcome }, { record: now.record }));
    if (!reply.ok) return now;
    if (kept) flows.putRevocation(name, kept, Date.now() + FIRST_PAUSE);
    return shard.write(now, reply);
  });
  if (!row) return shard.fault('account_not_found', request_id);
  const account = await shown(shard, row, sight);
  const { status, text } = core.answer(op, Date.now(), core.head({ api, outcome }, { account }));
  return { status, text };
};
