/** Revocations: a provider that does not take one now is asked again later; what is kept for that is sealed. */

import { randomName } from './bytes.js';
import { ask, ObjectError, shardObject } from './objects.js';
import { perform } from './outbound.js';
import { identify } from './provider.js';
import { holdsSince } from './since.js';
import { quoted } from './sql.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').CoreRequest} CoreRequest */
/** @typedef {{ id: string, request: string, attempts: number }} Kept request: sealed */

/**
 * @typedef {object} Whose the person who gave a grant that takes others of the same person along when it ends
 * @property {string | null} identity at the provider
 * @property {string} toolkit slug
 * @property {string} [user] whose account it was, and
 * @property {number} [since] when it was to end: what this person has given since is not meant. Without these two, nothing
 *   that anybody holds may end with it.
 */

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
 * What is kept of a revocation: the request itself, with the one token in it, and whom to look out for.
 * @param {Shard} shard
 * @param {CoreRequest} request
 * @param {Whose} [whose]
 * @returns {Promise<Kept>}
 */
export const sealRevocation = async ({ settings }, request, whose) => {
  const id = `rev_${randomName(12)}`;
  const sealed = await settings.vault.sealText('revocation', ['project', id], JSON.stringify({ request, whose }));
  return { id, request: sealed, attempts: 0 };
};

/**
 * @param {Shard} shard
 * @param {Kept} kept
 * @returns {Promise<{ request: CoreRequest, whose?: Whose }>}
 * @throws {UnreadableError}
 */
const openRevocation = async ({ settings }, { id, request: sealed }) => {
  const plain = JSON.parse(await settings.vault.openText('revocation', ['project', id], sealed));
  return plain.request ? plain : { request: plain }; // an earlier version kept the request alone
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
 * Does an account hold a credential of this identity, whatever toolkit it came by, or one of the toolkit of which nobody
 * knows whose it is?
 * @param {Shard} shard @param {Whose} whose
 */
const anyHolds = ({ storage, held, store: { keys } }, { identity, toolkit }) => {
  const unknown = `${quoted(keys.identity)} IS NULL AND ${quoted(keys.toolkit)} = ? AND credential IS NOT NULL`;
  const query = `SELECT 1 FROM accounts WHERE ${quoted(keys.identity)} = ? OR (${unknown}) LIMIT 1`;
  return [...storage.sql.exec(query, identity, toolkit)].length > 0 || held.waitingOf(toolkit) > 0;
};

/** @param {Shard} shard @param {Whose} whose @returns {boolean | Promise<boolean>} */
const holds = (shard, whose) => (whose.since === undefined ? anyHolds(shard, whose) : holdsSince(shard, whose));

/** A shard's part: of each, whether an account here might die of it. @param {Shard} shard @param {{ whose: Whose[] }} message */
export const holders = async (shard, { whose }) => {
  const held = [];
  for (const one of whose) held.push(await holds(shard, one));
  return { held };
};

/**
 * Of each, whether an account anywhere might die of it.
 * @param {Shard} shard
 * @param {Whose[]} whose
 * @returns {Promise<boolean[]>}
 */
const heldOf = async (shard, whose) => {
  if (whose.length === 0) return [];
  const { env } = shard.settings;
  const { shards } = await shard.directory.project();
  const all = await Promise.all(
    Array.from({ length: shards }, (_, i) => ask(shardObject(env, i), 'holders', { whose })),
  );
  return whose.map((_, at) => all.some(({ held }) => held[at]));
};

/**
 * Is nobody known who works with a grant of the same person? Only then may a token be revoked at a provider where that
 * ends everything that this person has given to the client.
 * @param {Shard} shard
 * @param {Whose | undefined} whose undefined: nobody knows it
 * @returns {Promise<boolean>}
 */
const isAlone = async (shard, whose) => {
  if (whose === undefined) return false;
  const [held] = await heldOf(shard, [whose]);
  return !held;
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
  const whose = asked !== null && identity ? { identity: identity.id, toolkit: asked } : undefined;
  if (asked !== null) {
    const alone = await isAlone(shard, whose);
    step = core.grant('discard', Date.now(), core.head({ alone }, parts));
  }
  if (!step.request) return;
  const kept = await sealRevocation(shard, step.request, whose);
  // Somebody may have connected meanwhile.
  if (asked !== null && !(await isAlone(shard, whose))) return;
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
  const { request } = await openRevocation(shard, kept);
  const outcome = await sendRevocation(shard, request);
  concluded(shard, kept, outcome);
  return outcome;
};

/**
 * Which of them have to wait, because somebody has connected meanwhile who would lose that again. All are asked about at
 * once, for each question is one to every shard. Where it cannot be found out now, they wait as well.
 * @param {Shard} shard
 * @param {Kept[]} due
 * @returns {Promise<Set<string>>} ids
 */
const waiting = async (shard, due) => {
  const opened = await Promise.all(due.map((kept) => openRevocation(shard, kept).catch(unlessUnreadable)));
  /** @type {{ id: string, whose: Whose }[]} */
  const asked = due.flatMap(({ id }, at) => (opened[at]?.whose ? [{ id, whose: opened[at].whose }] : []));
  const all = asked.map(({ whose }) => whose);
  const held = await heldOf(shard, all).catch((error) => {
    if (!(error instanceof ObjectError)) throw error;
    return all.map(() => true);
  });
  return new Set(asked.filter((_, at) => held[at]).map(({ id }) => id));
};

/** @param {unknown} error @returns {null} */
const unlessUnreadable = (error) => {
  if (error instanceof UnreadableError) return null;
  throw error;
};

/** @param {Shard} shard @param {Kept} kept @param {boolean} waits */
const retryRevocation = async (shard, kept, waits) => {
  const opened = waits ? null : await openRevocation(shard, kept).catch(unlessUnreadable);
  if (!waits && !opened) return shard.flows.dropRevocation(kept.id); // nobody can send it any more
  // The others were asked a while ago. Whoever connects again mostly does so here, and that is known this very moment.
  const isHeld = !opened || (opened.whose !== undefined && (await holds(shard, opened.whose)));
  return concluded(shard, kept, isHeld ? 'pending' : await sendRevocation(shard, opened.request));
};

/**
 * Revocations whose time has come again.
 * @param {Shard} shard
 * @param {number} limit
 */
export const retryRevocations = async (shard, limit) => {
  const due = shard.flows.dueRevocations(Date.now(), limit);
  const wait = await waiting(shard, due);
  const until = Date.now() + RETRY_TIME;
  const work = async () => {
    for (let kept = due.shift(); kept && Date.now() < until; kept = due.shift())
      await retryRevocation(shard, kept, wait.has(kept.id));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
};
