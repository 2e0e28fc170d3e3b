/**
 * Uses of accounts, gathered for a moment and written together. A use tells of nothing else that is stored, so the answer
 * of a tool call does not wait for a disk: what a crash can take are the entries of the last quarter of a second, and never
 * an entry of another kind, which are all written with what they tell. Whoever asks for an account sees them,
 * and a refresh after a refused token waits for them: the core decides by how the last uses went.
 */

import { nameOf } from './objects.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').Reply} Reply */
/**
 * @typedef {object} Uses of one account
 * @property {string} user
 * @property {Map<number, number>} last by the provider's HTTP status, when there was one last; in that order
 * @property {string[]} entries as the core made them, nothing secret
 */

const PAUSE = 250; // milliseconds
const MOST = 1000; // entries; then they are written at once

export class Used {
  /** @type {Shard} */ #shard;
  /** @type {Map<string, Uses>} by account */ #waiting = new Map();
  #count = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {Map<string, Promise<void>>} what is being written, by account */ #writing = new Map();

  /** @param {Shard} shard */
  constructor(shard) {
    this.#shard = shard;
  }

  /**
   * @param {import('./store.js').Row} row
   * @param {number} at
   * @param {number} http what the provider answered; 0: nothing
   * @param {string} entries of the event, JSON text
   */
  add({ id, user }, at, http, entries) {
    /** @type {Uses} */
    const uses = this.#waiting.get(id) ?? { user, last: new Map(), entries: [] };
    uses.last.delete(http);
    uses.last.set(http, at);
    uses.entries.push(entries);
    this.#waiting.set(id, uses);
    this.#count += 1;
    if (this.#count >= MOST) void this.#write();
    else this.#timer ??= setTimeout(() => void this.#write(), PAUSE);
  }

  /**
   * Until all uses so far of these accounts stand in the tables.
   * @param {string[]} ids
   * @returns {Promise<void> | undefined} undefined: they do already
   */
  settled(ids) {
    if (ids.some((id) => this.#waiting.has(id))) void this.#write();
    const writing = ids.map((id) => this.#writing.get(id)).filter((one) => one !== undefined);
    return writing.length === 0 ? undefined : Promise.all(writing).then(() => {});
  }

  /** @returns {Promise<void>} never rejected */
  #write() {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    this.#count = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...waiting.keys()];
    const before = ids.map((id) => this.#writing.get(id)).filter((one) => one !== undefined);
    const writing = this.#keepAll(waiting, before).finally(() => {
      for (const id of ids) if (this.#writing.get(id) === writing) this.#writing.delete(id);
    });
    for (const id of ids) this.#writing.set(id, writing);
    return writing;
  }

  /** @param {Map<string, Uses>} waiting @param {Promise<void>[]} before what was begun earlier of the same accounts */
  async #keepAll(waiting, before) {
    const keep = (/** @type {[string, Uses]} */ [id, uses]) =>
      this.#shard.lock(uses.user, async () => this.#keep(id, uses));
    const kept = await Promise.allSettled([...waiting].map(keep));
    const rest = await Promise.allSettled([this.#shard.arm(), ...before]);
    for (const one of [...kept, ...rest])
      if (one.status === 'rejected') console.error(JSON.stringify({ uses: 'lost', error: nameOf(one.reason) }));
  }

  /** Inside the user's lock: the account may have changed since. @param {string} id @param {Uses} uses */
  #keep(id, { last, entries }) {
    const { core, store, activity } = this.#shard;
    const row = store.get(id);
    if (!row) return; // deleted, and its log with it
    /** @type {Reply | undefined} */
    let reply;
    for (const [http, at] of last) {
      const record = reply ? JSON.stringify(reply.value.record) : row.record;
      const next = core.change('use', at, core.head({ request: { http } }, { record }));
      if (next.ok) reply = next;
    }
    store.together(() => {
      for (const third of entries) activity.note(id, { third });
      if (reply) store.put({ ...row, record: JSON.stringify(reply.value.record) }, reply.value.row);
    });
  }
}
