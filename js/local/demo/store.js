import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * `exp`: seconds since the epoch, null for never. `grantId` and `uid` repeat members of the record, for searches.
 * @typedef {{ id: string, exp: number | null, json: string, grantId?: string, uid?: string }} Entry
 */

/** Entries of one kind; the oldest leave first. Far above any demo, low enough that a loop cannot fill a disk. */
const MAX_ENTRIES = 20_000;

/** @returns {number} seconds since the epoch */
const now = () => Math.floor(Date.now() / 1000);

/** @param {string} id @returns {string} */
// An id IS the token, so a file carries its hash as its name: a folder listing in a bug report gives nothing away.
const fileOf = (id) => `${createHash('sha256').update(id).digest('hex')}.json`;

/** @param {string} id @param {any} payload @param {number | null} exp @returns {Entry} */
const entryOf = (id, payload, exp) => ({
  id,
  exp,
  json: JSON.stringify(payload),
  grantId: payload.grantId,
  uid: payload.uid,
});

/**
 * One kind of record (sessions, grants, refresh tokens ...): all in memory, each also in its own file, so that a
 * restart keeps every grant. Memory changes at once and decides; the files follow in the order of the changes, and
 * a caller is answered after its own file is in place.
 */
export class Shelf {
  #folder;
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {Promise<void>} */
  #writes = Promise.resolve();

  /** @param {string} folder made with mode 0700 when it does not exist */
  constructor(folder) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#load();
  }

  /** Reads what an earlier run left. A file that cannot be read whole was never answered for, so it goes. */
  #load() {
    /** @type {Entry[]} */
    const found = [];
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      try {
        const { id, exp, payload } = JSON.parse(readFileSync(path, 'utf8'));
        if (fileOf(id) !== name || (exp !== null && exp <= now())) throw new Error('stale');
        found.push(entryOf(id, payload, exp));
      } catch {
        rmSync(path, { force: true });
      }
    }
    found.sort((a, b) => (a.exp ?? Infinity) - (b.exp ?? Infinity));
    for (const entry of found) this.#entries.set(entry.id, entry);
  }

  /** @param {() => Promise<void>} change @returns {Promise<void>} settles when the change is on disk */
  #queue(change) {
    const done = this.#writes.then(change);
    this.#writes = done.catch(() => {});
    return done;
  }

  /** @param {string} id @returns {any} a fresh copy of the record, or undefined */
  get(id) {
    const entry = this.#entries.get(id);
    if (!entry || (entry.exp !== null && entry.exp <= now())) return undefined;
    return JSON.parse(entry.json);
  }

  /** @param {string} id @returns {number | null} when the record ends */
  expiry(id) {
    return this.#entries.get(id)?.exp ?? null;
  }

  /**
   * @param {'grantId' | 'uid'} member
   * @param {string} value
   * @returns {string[]} the ids of the records that have it
   */
  where(member, value) {
    return [...this.#entries.values()].filter((entry) => entry[member] === value).map((entry) => entry.id);
  }

  /**
   * @param {string} id
   * @param {object} payload
   * @param {number | null} exp
   * @returns {Promise<void>}
   */
  set(id, payload, exp) {
    const entry = entryOf(id, payload, exp);
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES) void this.delete(oldest).catch(() => {});
    return this.#queue(async () => {
      const path = join(this.#folder, fileOf(id));
      const temporary = `${path}.${randomBytes(6).toString('hex')}`;
      await writeFile(temporary, `{"id":${JSON.stringify(id)},"exp":${exp},"payload":${entry.json}}`, { mode: 0o600 });
      await rename(temporary, path);
    });
  }

  /** @param {string} id @returns {Promise<void>} */
  delete(id) {
    if (!this.#entries.delete(id)) return Promise.resolve();
    return this.#queue(() => rm(join(this.#folder, fileOf(id)), { force: true }));
  }

  /** Forgets what has expired. @returns {Promise<void>} */
  async sweep() {
    const time = now();
    const gone = [...this.#entries.values()].filter((entry) => entry.exp !== null && entry.exp <= time);
    await Promise.all(gone.map((entry) => this.delete(entry.id)));
  }

  /** @returns {Promise<void>} settles when every change so far is on disk */
  flush() {
    return this.#writes;
  }
}
