/**
 * Refreshing a credential. An account has one writer: this shard, one refresh at a time. Before the call it is
 * written down that a refresh has begun, and nobody sees a new token before it is stored; so after a crash it is
 * known which refresh tokens may have been used.
 */

import { randomSeed } from './bytes.js';
import { enter, healthOf, note, teach } from './health.js';
import { discard } from './revocations.js';
import { askToken } from './token.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Renewed
 * @property {'granted' | 'lost' | 'broken' | 'later' | 'refused'} outcome
 * @property {string} [fault] of the host, when the provider could not be asked
 * @property {string} [detail] the provider's own words
 * @property {Reply} [reply] of the core, when it refused
 * @property {boolean} [useless] the account has no use for the new credential
 * @property {boolean} [stale] the client was refused, and is another one by now
 */

/** @typedef {{ user: string, config: import('./health.js').Config, generation: number, parts: import('./provider.js').Parts }} Begun */

/**
 * @typedef {object} Wish why a refresh is wanted
 * @property {number} [generation] of the credential that is no longer good enough: a newer one needs no refresh
 * @property {boolean} [rejected] the provider's API has just refused its access token
 * @property {import('./activity.js').By} [by] who asks for it, for the account's log
 */

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
 * @param {Wish} [wish]
 * @returns {Promise<Renewed>}
 */
export const renew = (shard, id, wish = {}) => {
  const map = runningIn(shard);
  const known = map.get(id);
  if (known) return known;
  const run = once(shard, id, wish).finally(() => map.delete(id));
  map.set(id, run);
  return run;
};

/**
 * @param {Shard} shard
 * @param {string} id
 * @param {Wish} wish
 * @returns {Promise<Renewed>}
 */
const once = async (shard, id, wish) => {
  for (let again = false; ; again = true) {
    const begun = await begin(shard, id, wish);
    if ('outcome' in begun) return begun;
    const asked = await askToken(shard, begun.config.id, 'refresh', {}, begun.parts);
    const done = await end(shard, id, begun, asked, wish);
    if (!done.stale || again) return done;
  }
};

/**
 * The journal's entry.
 * @param {Shard} shard
 * @param {string} id
 * @param {Wish} wish
 * @returns {Promise<Renewed | Begun>}
 */
const begin = async (shard, id, { generation, rejected = false }) => {
  const { core, store, directory, settings } = shard;
  const row = store.get(id);
  if (!row) return gone;
  const config = await directory.config(row.config);
  if (!config) return { outcome: 'later', fault: 'config_not_found' };
  return shard.lock(row.user, async () => {
    const now = store.get(id);
    if (!now) return gone;
    // Somebody was faster: what was not good enough is there no more.
    if (generation !== undefined && now.generation !== generation) return { outcome: 'granted' };
    const toolkit = settings.toolkits.definitions.get(now.toolkit) ?? 'null';
    const known = { record: now.record, config: config.record, toolkit, health: healthOf(shard, row.config) };
    const head = core.head({ link: { url: '' }, rejected }, known);
    const may = core.change('refresh', Date.now(), head);
    // A disabled account or auth config, no refresh token any more, or a pause: then no call is made.
    if (!may.ok) return { outcome: 'refused', reply: may };
    if (!may.value.effects.includes('refresh')) return { outcome: 'lost' };
    const whole = { id: row.config, record: config.record, toolkit };
    const val = await shard.credential(now); // one that does not open takes nobody's turn
    if (!(await enter(shard, whole, row))) return { outcome: 'later', fault: 'provider_unreachable' };
    const reply = core.change('refresh_begin', Date.now(), head);
    if (!reply.ok) return { outcome: 'refused', reply };
    const begun = await shard.write(now, reply, { config: config.record });
    const parts = { toolkit, config: config.record, credentials: config.credentials, val };
    return { user: begun.user, config: whole, generation: begun.generation, parts };
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
  const config = (await shard.directory.configRecord(row.config)) ?? 'null';
  await shard.lock(row.user, async () => {
    const now = shard.store.get(id);
    if (!now) return;
    const parts = { record: now.record, config, health: healthOf(shard, row.config) };
    const head = shard.core.head({ grant: { outcome: 'paused' }, seed: randomSeed() }, parts);
    const reply = shard.core.change('refresh_end', Date.now(), head);
    if (reply.ok) await shard.write(now, reply);
  });
};

/**
 * What came of it, in the same transaction as the new credential.
 * @param {Shard} shard
 * @param {string} id
 * @param {Begun} begun
 * @param {import('./token.js').Asked} asked
 * @param {Wish} wish
 * @returns {Promise<Renewed>}
 */
const end = async (shard, id, begun, { grant, credential, fault, refusal }, { rejected, by }) => {
  const { core, store } = shard;
  const { user, generation, parts } = begun;
  const granted = grant.outcome === 'granted';
  const remember = () => note(shard, begun.config, { id, user }, grant);
  // Nothing is waited for between new tokens and the disk.
  const asItWas = { record: parts.config, stale: false };
  const { record: config, stale } = granted || refusal ? asItWas : await remember();
  /** @returns {Promise<Renewed & { learned?: number }>} */
  const conclude = async () => {
    const now = store.get(id);
    if (!now) return gone;
    // Somebody connected the account anew meanwhile: what came of the old grant says nothing about the new one.
    if (now.generation !== generation) return { outcome: 'granted', useless: true };
    const known = { record: now.record, config, health: healthOf(shard, begun.config.id) };
    const reply = core.change('refresh_end', Date.now(), core.head({ grant, rejected, by, seed: randomSeed() }, known));
    if (!reply.ok) return { outcome: 'refused', reply, useless: true };
    await shard.write(now, reply, { credential, config });
    if (refusal) return { outcome: 'refused', reply: refusal };
    const learned = reply.value.effects.includes('learned') ? reply.value.result.learned : undefined;
    const detail = grant.error_description ?? grant.error;
    return { outcome: grant.outcome, fault: fault ?? undefined, detail, learned, stale };
  };
  const { learned, ...done } = await shard.lock(user, conclude);
  if (granted) await remember();
  if (learned !== undefined) await teach(shard, begun.config.id, user, learned);
  if (done.useless && granted) await discard(shard, { ...parts, val: credential });
  return done;
};
