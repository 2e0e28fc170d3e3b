/** Revocations: a provider that does not take one now is asked again later; what is kept for that is sealed. */

import { randomName } from './bytes.js';
import { ask, shardObject } from './objects.js';
import { perform } from './outbound.js';
import { identify } from './provider.js';
import { quoted } from './sql.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').CoreRequest} CoreRequest */
/** @typedef {{ id: string, request: string, attempts: number }} Kept */

const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 6 * 3600_000;
const PATIENCE = 2500; // of who asks for it
const AT_ONCE = 20;
const RETRY_TIME = 20_000; // none is begun later: a provider that hangs must not keep the shard's alarm from refreshing
const MOST_ATTEMPTS = 16; // some days; then the provider is taken to be gone for good

/** @param {Shard} shard @param {CoreRequest} request @returns {Promise<string>} the core's word for what came of it */
export const sendRevocation = async ({ core, settings }, request) => {
  const out = await perform(settings, request);
  const head = { http: out.fault ? 0 : out.http, content_type: out.type };
  return core.grant('revoked', Date.now(), head, out.body).value?.outcome ?? 'pending';
};

/**
 * What is kept of a revocation: the request itself, with the one token in it.
 * @param {Shard} shard
 * @param {CoreRequest} request
 * @returns {Promise<Kept>}
 */
export const sealRevocation = async ({ settings }, request) => {
  const id = `rev_${randomName(12)}`;
  const sealed = await settings.vault.sealText('revocation', ['project', id], JSON.stringify(request));
  return { id, request: sealed, attempts: 0 };
};

/** Inside the transaction that it belongs to. @param {Shard} shard @param {Kept} kept @param {number} [at] when the alarm takes it up */
export const keepRevocation = ({ flows }, { id, request }, at = Date.now() + FIRST_PAUSE) =>
  flows.putRevocation(id, request, at);

/**
 * What a caller waits for no longer than is bearable; the work itself goes on.
 * @template T
 * @param {Promise<T>} work
 * @param {T} otherwise what is answered where it takes longer
 * @returns {Promise<T>}
 */
export const soon = async (work, otherwise) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE);
  });
  work.catch(() => {}); // nobody may be waiting any more
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * A shard's part of that: how many of its accounts hold a credential of this identity, whatever toolkit it came by, or
 * one of the toolkit of which nobody knows whose it is.
 * @param {Shard} shard
 * @param {{ identity: string, toolkit: string }} message
 */
export const holders = ({ storage, held, store: { keys } }, { identity, toolkit }) => {
  const unknown = `${quoted(keys.identity)} IS NULL AND ${quoted(keys.toolkit)} = ? AND credential IS NOT NULL`;
  const query = `SELECT COUNT(*) AS n FROM accounts WHERE ${quoted(keys.identity)} = ? OR (${unknown})`;
  const [{ n }] = [...storage.sql.exec(query, identity, toolkit)];
  return { accounts: n + held.waitingOf(toolkit) };
};

/**
 * Is nobody known who works with a grant of the same person? Only then may a token be revoked at a provider where that
 * ends everything that this person has given to the client.
 * @param {Shard} shard
 * @param {string | undefined} identity of the token that is to go; undefined: nobody knows whose it is
 * @param {string} toolkit slug
 * @returns {Promise<boolean>}
 */
const isAlone = async (shard, identity, toolkit) => {
  const { env } = shard.settings;
  if (identity === undefined) return false;
  const { shards } = await shard.directory.project();
  const all = Array.from({ length: shards }, (_, i) => ask(shardObject(env, i), 'holders', { identity, toolkit }));
  return (await Promise.all(all)).every(({ accounts }) => accounts === 0);
};

/**
 * A token came for an account that does not take it: it must not stay alive at the provider with nobody knowing it,
 * unless other accounts would die of that.
 * @param {Shard} shard
 * @param {{ toolkit: string, config: string, credentials?: string, val: string }} parts
 */
export const discard = async (shard, parts) => {
  const { core } = shard;
  let step = core.grant('discard', Date.now(), core.head({}, parts));
  const asked = step.ok && step.value?.outcome === 'ask' ? step.value.toolkit : null;
  const identity = asked === null ? null : /** @type {{ id: string } | null} */ (await identify(shard, parts));
  if (asked !== null) {
    const alone = await isAlone(shard, identity?.id, asked);
    step = core.grant('discard', Date.now(), core.head({ alone }, parts));
  }
  if (!step.request) return;
  const kept = await sealRevocation(shard, step.request);
  // Somebody may have connected meanwhile.
  if (asked !== null && !(await isAlone(shard, identity?.id, asked))) return;
  keepRevocation(shard, kept);
  await shard.arm();
  await soon(tryRevocation(shard, kept), 'pending');
};

/** What came of one attempt. @param {Shard} shard @param {Kept} kept @param {string} outcome */
export const concluded = ({ flows }, { id, attempts }, outcome) => {
  if (outcome !== 'pending' || attempts + 1 >= MOST_ATTEMPTS) flows.dropRevocation(id);
  else flows.delayRevocation(id, Date.now() + Math.min(FIRST_PAUSE * 2 ** attempts, LONGEST_PAUSE));
};

/**
 * Try a kept revocation once.
 * @param {Shard} shard
 * @param {Kept} kept
 * @returns {Promise<string>} outcome
 */
export const tryRevocation = async (shard, kept) => {
  const plain = JSON.parse(await shard.settings.vault.openText('revocation', ['project', kept.id], kept.request));
  const outcome = await sendRevocation(shard, plain);
  concluded(shard, kept, outcome);
  return outcome;
};

/**
 * Revocations whose time has come again.
 * @param {Shard} shard
 * @param {number} limit
 */
export const retryRevocations = async (shard, limit) => {
  const due = shard.flows.dueRevocations(Date.now(), limit);
  const until = Date.now() + RETRY_TIME;
  const work = async () => {
    for (let kept = due.shift(); kept && Date.now() < until; kept = due.shift()) {
      try {
        await tryRevocation(shard, kept);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        shard.flows.dropRevocation(kept.id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
};
