/**
 * Refreshing a credential. An account has one writer: this shard, one refresh at a time. Before the call it is
 * written down that a refresh has begun, and nobody sees a new token before it is stored; so after a crash it is
 * known which refresh tokens may have been used.
 */

import { perform } from './outbound.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Renewed
 * @property {'granted' | 'lost' | 'broken' | 'later' | 'refused'} outcome
 * @property {string} [fault] of the host, when the provider could not be asked
 * @property {string} [detail] the provider's own words
 * @property {Reply} [reply] of the core, when it refused to begin
 */

/** @type {WeakMap<Shard, Map<string, Promise<Renewed>>>} */
const running = new WeakMap();

/** @param {Shard} shard */
const runningIn = (shard) => {
  const map = running.get(shard) ?? new Map();
  running.set(shard, map);
  return map;
};

/**
 * Wait until no refresh of this account is under way.
 * @param {Shard} shard
 * @param {string} id
 */
export const settled = async (shard, id) => {
  await runningIn(shard)
    .get(id)
    ?.catch(() => {});
};

/**
 * @param {Shard} shard
 * @param {string} id
 * @returns {Promise<Renewed>}
 */
export const renew = (shard, id) => {
  const map = runningIn(shard);
  const known = map.get(id);
  if (known) return known;
  const run = once(shard, id).finally(() => map.delete(id));
  map.set(id, run);
  return run;
};

/**
 * @param {Shard} shard
 * @param {string} id
 * @returns {Promise<Renewed>}
 */
const once = async (shard, id) => {
  const { core } = shard;
  const begun = await begin(shard, id);
  if ('outcome' in begun) return begun;
  const { parts } = begun;
  const request = core.grant('refresh', Date.now(), core.head({}, parts));
  const out = request.request && (await perform(shard.settings, request.request));
  const head = core.head({ http: out?.http ?? 0, content_type: out?.type ?? '' }, parts);
  // No answer is read as one that says "later": the core decides what that means for the account.
  const token = core.grant('token', Date.now(), head, out?.body ?? '');
  const grant = request.request ? token : request;
  return end(shard, id, grant, out?.fault ?? null);
};

/**
 * The journal's entry.
 * @param {Shard} shard
 * @param {string} id
 */
const begin = async (shard, id) => {
  const { core, store, directory, settings } = shard;
  const row = store.get(id);
  const config = row && (await directory.config(row.config));
  if (!row || !config)
    return /** @type {Renewed} */ ({ outcome: 'later', fault: row ? 'config_not_found' : 'account_not_found' });
  return shard.lock(row.user, async () => {
    const now = store.get(id);
    if (!now) return /** @type {Renewed} */ ({ outcome: 'later', fault: 'account_not_found' });
    const toolkit = settings.toolkits.definitions.get(now.toolkit) ?? 'null';
    const head = core.head({}, { record: now.record, config: config.record, toolkit });
    const reply = core.change('refresh_begin', Date.now(), head);
    if (!reply.ok) return /** @type {Renewed} */ ({ outcome: 'refused', reply });
    const val = await shard.credential(now);
    await shard.write(now, reply);
    return { parts: { toolkit, config: config.record, credentials: config.credentials, val } };
  });
};

/**
 * What came of it, in the same transaction as the new credential.
 * @param {Shard} shard
 * @param {string} id
 * @param {Reply} token
 * @param {string | null} fault
 * @returns {Promise<Renewed>}
 */
const end = async (shard, id, token, fault) => {
  const { core, store } = shard;
  const row = store.get(id);
  if (!row) return { outcome: 'later', fault: 'account_not_found' };
  const outcome = token.ok && token.value ? token.value : { outcome: 'later' };
  return shard.lock(row.user, async () => {
    const now = store.get(id);
    if (!now) return { outcome: 'later', fault: 'account_not_found' };
    const head = core.head(
      { grant: outcome, seed: crypto.getRandomValues(new Uint32Array(1))[0] },
      { record: now.record },
    );
    const reply = core.change('refresh_end', Date.now(), head);
    if (!reply.ok) return { outcome: 'refused', reply };
    await shard.write(now, reply, { credential: outcome.outcome === 'granted' ? token.second : '' });
    return { outcome: outcome.outcome, fault: fault ?? undefined, detail: outcome.error_description ?? outcome.error };
  });
};
