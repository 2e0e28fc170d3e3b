/** Deleting and revoking. */

import { audit } from './audit.js';
import { shown } from './lifecycle.js';
import { settled } from './refresh.js';
import { concluded, keepRevocation, sealRevocation, sendRevocation, soon, tryRevocation } from './revocations.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('../core/reply.js').CoreRequest} CoreRequest */
/** @typedef {import('./revocations.js').Whose} Whose */

/** Where the provider knows of none. */
const nothing = { request: null, outcome: 'none', whose: undefined };

/** How often a reconnection may come in between before the caller is told to try again. */
const MOST_TURNS = 4;

/** @template T @param {() => Promise<T>} open @returns {Promise<T | null>} null: it does not open */
const orNull = async (open) => {
  try {
    return await open();
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
};

/**
 * The request that revokes an account's credential, where there is one.
 * @param {Shard} shard
 * @param {Row} row
 * @returns {Promise<{ request: CoreRequest | null, outcome: string | undefined, whose: Whose | undefined }>}
 */
const revocation = async (shard, row) => {
  const { core, directory, settings } = shard;
  // What a key seals that is gone stays closed: it must be possible to delete the account all the same.
  const config = await orNull(() => directory.config(row.config));
  const val = (await orNull(() => shard.credential(row))) ?? 'null';
  const head = core.head(
    {},
    {
      toolkit: settings.toolkits.definitions.get(row.toolkit) ?? 'null',
      config: config?.record ?? 'null',
      credentials: config?.credentials ?? '{}',
      val,
      record: row.record,
    },
  );
  const step = core.grant('revoke', Date.now(), head);
  if (!step.request) return { request: null, outcome: step.ok ? step.value?.outcome : undefined, whose: undefined };
  // Where others end with it, those are meant that there are now; not those that come while it has to be tried again.
  const takesOthers = core.grant('discard', Date.now(), head).value?.outcome === 'ask';
  const { identity, user, toolkit } = row;
  const whose = takesOthers ? { identity, user, toolkit, since: Date.now() } : undefined;
  return { request: step.request, outcome: undefined, whose };
};

/** @typedef {{ op: string, id: string, request_id: string, api: string | null, query: object, caller: import('./directory.js').Caller }} Wish */

/**
 * The account goes, and what is to be revoked is written down in the same transaction.
 * @param {Shard} shard
 * @param {Wish} wish
 * @param {number} [at] when the alarm takes the revocation up
 */
const taken = async (shard, { id, request_id, api, query }, at) => {
  const { core, store, flows } = shard;
  const found = store.get(id);
  if (!found) return null;
  return shard.lock(found.user, async () => {
    const row = store.get(id);
    if (!row) return null;
    const reply = core.change('delete', Date.now(), core.head({ request_id, api, query }, { record: row.record }));
    if (!reply.ok) return { reply, kept: null, outcome: undefined };
    const asked = reply.value.effects.includes('revoke');
    const { request, outcome, whose } = asked ? await revocation(shard, row) : nothing;
    const kept = request && (await sealRevocation(shard, request, whose));
    // From here on nothing of the account can be listed or used, whatever the provider says.
    store.together(() => {
      store.remove(id);
      flows.drop(id);
      shard.held.end(id, Date.now());
      shard.activity.drop(id);
      if (kept) keepRevocation(shard, kept, at);
    });
    await shard.arm();
    return { reply, kept, outcome };
  });
};

/** @param {Shard} shard @param {Wish} message @returns {Promise<Answer>} */
export const remove = async (shard, message) => {
  const { op, id, request_id, api } = message;
  if (!shard.store.get(id)) return shard.fault('account_not_found', request_id);
  // A refresh that is under way mostly ends at once. Where it does not, its token is thrown away when it comes.
  await soon(settled(shard, id), undefined);
  const done = await taken(shard, message);
  if (!done) return shard.fault('account_not_found', request_id);
  if (!done.reply.ok) return shard.refusal(done.reply, request_id);
  audit(message); // its own log went with it
  const outcome = done.kept ? await soon(tryRevocation(shard, done.kept), 'pending') : (done.outcome ?? 'unsupported');
  const { status, text } = shard.core.answer(op, Date.now(), { api, outcome });
  return { status, text };
};

/** The same as one of many: the alarm asks the provider. @param {Shard} shard @param {Wish} message */
export const purge = async (shard, message) => {
  const done = await taken(shard, message, Date.now());
  if (done?.reply.ok) audit(message);
};

/**
 * Revoke what the account has now. A credential that came while the provider was asked is not the one that was
 * revoked: then the newer one is revoked as well, so that nothing works that was meant to stop.
 * @param {Shard} shard
 * @param {{ op: string, id: string, request_id: string, api: string | null, query: object, sight: import('./shard.js').Sight, by: import('./activity.js').By }} message
 * @returns {Promise<Answer>}
 */
export const revoke = async (shard, message) => {
  const { op, id, request_id, api, sight } = message;
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    const done = await revokeOnce(shard, message);
    if ('answer' in done) return done.answer;
    if (done.row === null) continue;
    const account = await shown(shard, done.row, sight);
    const head = shard.core.head({ api, links: sight.links, outcome: done.outcome }, { account });
    const { status, text } = shard.core.answer(op, Date.now(), head);
    return { status, text };
  }
  return shard.fault('provider_unreachable', request_id, `The account ${id} is being connected anew; try again.`);
};

/**
 * @param {Shard} shard
 * @param {{ id: string, request_id: string, by: import('./activity.js').By, api: string | null, query: object }} message
 * @returns {Promise<{ answer: Answer } | { row: Row | null, outcome: string }>} row null: it has a newer credential now
 */
const revokeOnce = async (shard, { id, request_id, by, api, query }) => {
  const { core, store } = shard;
  if (!(await shard.load(id))) return { answer: shard.fault('account_not_found', request_id) };
  await soon(settled(shard, id), undefined);
  const found = store.get(id);
  if (!found) return { answer: shard.fault('account_not_found', request_id) };
  const refused = core.change('revoke', Date.now(), core.head({ request_id, api, query }, { record: found.record }));
  if (!refused.ok) return { answer: shard.refusal(refused, request_id) };
  const { request, outcome: known, whose } = await revocation(shard, found);
  const sealed = request && (await sealRevocation(shard, request, whose));
  const sending = request ? sendRevocation(shard, request) : Promise.resolve(known ?? 'unsupported');
  const outcome = await soon(sending, 'pending');
  const kept = outcome === 'pending' ? sealed : null;
  const keep = () => {
    if (!kept) return;
    keepRevocation(shard, kept);
    sending.then((last) => concluded(shard, kept, last)); // it may only have been late
  };
  return shard.lock(found.user, async () => {
    const now = store.get(id);
    if (now?.generation === found.generation) {
      const reply = core.change('revoked', Date.now(), core.head({ outcome, by }, { record: now.record }));
      if (!reply.ok) return { answer: shard.refusal(reply, request_id) };
      return { row: await shard.write(now, reply, { also: keep }), outcome };
    }
    keep(); // of the older credential; it must stop all the same
    await shard.arm();
    return now ? { row: null, outcome } : { answer: shard.fault('account_not_found', request_id) };
  });
};
