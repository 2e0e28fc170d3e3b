/**
 * Refreshing a credential. An account has one writer: this shard, one refresh at a time. Before the call it is
 * written down that a refresh has begun, and nobody sees a new token before it is stored; so after a crash it is
 * known which refresh tokens may have been used.
 */

import { randomSeed } from './bytes.js';
import { perform } from './outbound.js';
import { discard } from './revocations.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Renewed
 * @property {'granted' | 'lost' | 'broken' | 'later' | 'refused'} outcome
 * @property {string} [fault] of the host, when the provider could not be asked
 * @property {string} [detail] the provider's own words
 * @property {Reply} [reply] of the core, when it refused
 * @property {boolean} [useless] the account has no use for the new credential
 */

/** @typedef {{ user: string, generation: number, parts: import('./provider.js').Parts }} Begun */

/** @type {Renewed} */
const gone = { outcome: 'later', fault: 'account_not_found', useless: true };

/** @type {WeakMap<Shard, Map<string, Promise<Renewed>>>} */
const running = new WeakMap();

/** @param {Shard} shard */
const runningIn = (shard) => {
  const map = running.get(shard) ?? new Map();
  running.set(shard, map);
  return map;
};

/**
 * Whether a refresh of this account is under way: then whoever asks for one joins it.
 * @param {Shard} shard
 * @param {string} id
 */
export const underWay = (shard, id) => runningIn(shard).has(id);

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
 * @param {boolean} [rejected] the provider's API has just refused the access token
 * @returns {Promise<Renewed>}
 */
export const renew = (shard, id, rejected = false) => {
  const map = runningIn(shard);
  const known = map.get(id);
  if (known) return known;
  const run = once(shard, id, rejected).finally(() => map.delete(id));
  map.set(id, run);
  return run;
};

/**
 * @param {Shard} shard
 * @param {string} id
 * @param {boolean} rejected
 * @returns {Promise<Renewed>}
 */
const once = async (shard, id, rejected) => {
  const { core } = shard;
  const begun = await begin(shard, id, rejected);
  if ('outcome' in begun) return begun;
  const { parts } = begun;
  const request = core.grant('refresh', Date.now(), core.head({}, parts));
  const out = request.request && (await perform(shard.settings, request.request));
  const head = core.head({ http: out?.http ?? 0, content_type: out?.type ?? '' }, parts);
  // No answer is read as one that says "later": the core decides what that means for the account.
  const token = core.grant('token', Date.now(), head, out?.body ?? '');
  const grant = request.request ? token : request;
  return end(shard, id, begun, grant, out?.fault ?? null);
};

/**
 * The journal's entry.
 * @param {Shard} shard
 * @param {string} id
 * @param {boolean} rejected
 * @returns {Promise<Renewed | Begun>}
 */
const begin = async (shard, id, rejected) => {
  const { core, store, directory, settings } = shard;
  const row = store.get(id);
  if (!row) return gone;
  const config = await directory.config(row.config);
  if (!config) return { outcome: 'later', fault: 'config_not_found' };
  return shard.lock(row.user, async () => {
    const now = store.get(id);
    if (!now) return gone;
    const toolkit = settings.toolkits.definitions.get(now.toolkit) ?? 'null';
    const head = core.head({ link: { url: '' }, rejected }, { record: now.record, config: config.record, toolkit });
    const may = core.change('refresh', Date.now(), head);
    // A disabled account or auth config, or no refresh token any more: then no call is made.
    if (!may.ok) return { outcome: 'refused', reply: may };
    if (!may.value.effects.includes('refresh')) return { outcome: 'lost' };
    const reply = core.change('refresh_begin', Date.now(), head);
    if (!reply.ok) return { outcome: 'refused', reply };
    const val = await shard.credential(now);
    const { user, generation } = await shard.write(now, reply);
    return { user, generation, parts: { toolkit, config: config.record, credentials: config.credentials, val } };
  });
};

/**
 * A refresh that was due and may not be made now: it is due again later.
 * @param {Shard} shard
 * @param {string} id
 */
export const postpone = async (shard, id) => {
  const row = shard.store.get(id);
  if (!row) return;
  await shard.lock(row.user, async () => {
    const now = shard.store.get(id);
    if (!now) return;
    // Unanswered: what the journal says of an earlier call stays said.
    const head = shard.core.head({ grant: { outcome: 'later', unanswered: true } }, { record: now.record });
    const reply = shard.core.change('refresh_end', Date.now(), head);
    if (reply.ok) await shard.write(now, reply);
  });
};

/**
 * What came of it, in the same transaction as the new credential.
 * @param {Shard} shard
 * @param {string} id
 * @param {Begun} begun
 * @param {Reply} token
 * @param {string | null} fault
 * @returns {Promise<Renewed>}
 */
const end = async (shard, id, { user, generation, parts }, token, fault) => {
  const { core, store } = shard;
  const grant = token.ok && token.value ? token.value : { outcome: 'later' };
  /** @returns {Promise<Renewed>} */
  const conclude = async () => {
    const now = store.get(id);
    if (!now) return gone;
    // Somebody connected the account anew meanwhile: what came of the old grant says nothing about the new one.
    if (now.generation !== generation) return { outcome: 'granted', useless: true };
    const head = core.head({ grant, seed: randomSeed() }, { record: now.record });
    const reply = core.change('refresh_end', Date.now(), head);
    if (!reply.ok) return { outcome: 'refused', reply, useless: true };
    await shard.write(now, reply, { credential: grant.outcome === 'granted' ? token.second : '' });
    return { outcome: grant.outcome, fault: fault ?? undefined, detail: grant.error_description ?? grant.error };
  };
  const done = await shard.lock(user, conclude);
  if (done.useless && grant.outcome === 'granted') await discard(shard, { ...parts, val: token.second });
  return done;
};
