/**
 * After a rotation of the master keys: everything that an older key seals is sealed by the active one, so that the
 * older key can be dropped. The project's alarm drives it, a bounded step at a time; how far it came is a fact.
 */

import { ask, shardObject } from './objects.js';
import { resealings } from './project-keys.js';
import { UnreadableError } from './vault.js';
import { resealHeld } from './verifier.js';

const ROWS = 100; // that one step reads
const STEPS = 20; // that one alarm takes
const PAUSE = 1000;
const FACT = 'rotation';

/**
 * @typedef {object} Progress
 * @property {string} key id of the active master key
 * @property {number} place 0: what the project has itself; else one more than the shard's number
 * @property {string} after the last id that was looked at there
 * @property {number} moved
 * @property {number} unreadable what no configured key opens
 * @property {boolean} done
 */

/** @typedef {{ moved: number, unreadable: number, next: string | null }} Step next: null where nothing is left */

/** @param {() => Promise<void>} work @returns {Promise<boolean>} false: no configured key opens it */
const readable = async (work) => {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof UnreadableError) return false;
    throw error;
  }
};

/** @param {import('./project.js').Office} office @returns {Progress | null} */
const progressOf = ({ tables }) => JSON.parse(tables.fact(FACT) ?? 'null');

/** @param {import('./project.js').Office} office @param {Progress} progress */
const keep = ({ tables }, progress) => tables.putFact(FACT, JSON.stringify(progress));

/**
 * The project was opened. Is another key the active one than at the last time?
 * @param {import('./project.js').Office} office
 * @param {boolean} isNew a project without any data
 */
export const beginRotation = async (office, isNew) => {
  const key = office.vault.active;
  const last = progressOf(office);
  if (last?.key !== key) keep(office, { key, place: 0, after: '', moved: 0, unreadable: 0, done: isNew });
  if (!progressOf(office)?.done) await office.tables.wake(Date.now() + PAUSE);
};

/** One alarm's share of the work. @param {import('./project.js').Office} office */
export const rotate = async (office) => {
  const progress = progressOf(office);
  if (!progress || progress.done) return;
  try {
    for (let steps = 0; steps < STEPS && !progress.done; steps++) await stepOf(office, progress);
  } finally {
    if (!progress.done) await office.tables.wake(Date.now() + PAUSE);
  }
  const { key, moved, unreadable, done } = progress;
  // Where nothing is unreadable, the older keys can be taken out of the settings.
  if (done) console.log(JSON.stringify({ rotation: 'done', key, moved, unreadable }));
};

/** @param {import('./project.js').Office} office @param {Progress} progress */
const stepOf = async (office, progress) => {
  const { place, after } = progress;
  const { moved, unreadable, next } =
    place === 0
      ? await sweepProject(office, after)
      : await ask(shardObject(office.env, place - 1), 'sweep', { after, limit: ROWS });
  progress.moved += moved;
  progress.unreadable += unreadable;
  progress.after = next ?? '';
  if (next === null) progress.place += 1;
  progress.done = progress.place > office.shards;
  keep(office, progress);
};

/** @param {import('./project.js').Office} office @param {string} after @returns {Promise<Step>} */
const sweepProject = async (office, after) => {
  const { tables, vault } = office;
  const rows = tables.sealedByOther(vault.active, after, ROWS);
  let moved = 0;
  let unreadable = 0;
  for (const reseal of after === '' ? resealings(office) : []) {
    const good = await readable(async () => {
      if (await reseal()) moved += 1;
    });
    if (!good) unreadable += 1;
  }
  for (const { id, sealed } of rows) {
    const good = await readable(async () => {
      tables.resealConfig(id, sealed, await vault.reseal('auth-config', ['project', id], sealed));
    });
    if (good) moved += 1;
    else unreadable += 1;
  }
  return { moved, unreadable, next: rows.length === ROWS ? rows[ROWS - 1].id : null };
};

/**
 * A shard's part: its accounts, and the revocations that it keeps.
 * @param {import('./shard.js').Shard} shard
 * @param {{ after: string, limit: number }} message
 * @returns {Promise<Step>}
 */
export const sweep = async (shard, { after, limit }) => {
  const { store, flows, held, settings } = shard;
  const { vault } = settings;
  const ids = store.wrappedByOther(vault.active, after, limit);
  let moved = 0;
  let unreadable = 0;
  /** @param {boolean} good */
  const count = (good) => {
    if (good) moved += 1;
    else unreadable += 1;
  };
  for (const id of ids) {
    const found = store.get(id);
    if (!found) continue;
    // Under the lock: a change that is under way must not write the old key back.
    const work = () => shard.lock(found.user, async () => void (await shard.rewrap(store.get(id) ?? found)));
    count(await readable(work));
  }
  const kept = flows.revocationsOfOther(vault.active, limit);
  for (const { id, request } of kept) {
    const good = await readable(async () => {
      flows.resealRevocation(id, request, await vault.reseal('revocation', ['project', id], request));
    });
    if (!good) flows.dropRevocation(id); // nobody can send it any more
    count(good);
  }
  const waiting = held.ofOther(vault.active, limit);
  for (const one of waiting) {
    const good = await readable(() => resealHeld(shard, one));
    if (!good) held.drop(one.id);
    count(good);
  }
  const more = [ids, kept, waiting].some(({ length }) => length === limit);
  return { moved, unreadable, next: more ? (ids.at(-1) ?? after) : null };
};
