/**
 * Walks through a list whose order changes underneath: by the time of the last update. An account that is updated after
 * a walk began keeps the place that it had then, for this walk: so the walk comes by it once, whatever happens. For that
 * the moves of accounts are written down while a walk is under way, and only then.
 */

import { quoted, whereOf } from './sql.js';

/** @typedef {import('./store.js').Storage} Storage */
/** @typedef {import('./store.js').Walk & { after: [any, string] | null, limit: number }} Page */

/** How long a cursor of such a walk is good. */
export const WALK_LIFE = 3600_000;

/** Nobody begins a walk twice in this time without finding that moves are written down already. */
const SLACK = 300_000;

const TABLES = [
  `CREATE TABLE IF NOT EXISTS moves (seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, at INTEGER NOT NULL,
    time INTEGER NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS moves_account ON moves (account, seq)',
  'CREATE TABLE IF NOT EXISTS walks (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL)',
];

export class Walks {
  /** @type {Storage} */ #storage;
  /** @type {import('./store.js').Keys} */ #keys;
  #until = 0;

  /** @param {Storage} storage @param {import('./store.js').Keys} keys of the accounts' table */
  constructor(storage, keys) {
    this.#storage = storage;
    this.#keys = keys;
    for (const table of TABLES) this.#all(table);
    this.#until = this.#all('SELECT until FROM walks')[0]?.until ?? 0;
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /** Can the place of an account in a list of this order change? @param {string} column */
  isMovable(column) {
    return column === this.#keys.updated;
  }

  /** @param {number} now @returns {number} the walk's mark: moves from here on are later than it */
  begin(now) {
    if (this.#until < now + WALK_LIFE + SLACK) {
      this.#until = now + 2 * WALK_LIFE;
      this.#all('INSERT OR REPLACE INTO walks VALUES (1, ?)', this.#until);
      this.prune(now);
    }
    return this.#all("SELECT seq FROM sqlite_sequence WHERE name = 'moves'")[0]?.seq ?? 0;
  }

  /**
   * An account is about to be written with another value: it moves. Inside the transaction that writes it.
   * @param {string} id
   * @param {number} at the new value
   */
  move(id, at) {
    const now = Date.now();
    if (this.#until <= now) return;
    const { id: own, updated } = this.#keys;
    const [before] = this.#all(`SELECT ${quoted(updated)} AS at FROM accounts WHERE ${quoted(own)} = ?`, id);
    if (!before || before.at === at) return;
    this.#all('INSERT INTO moves (account, at, time) VALUES (?, ?, ?)', id, before.at, now);
  }

  /** Nothing of a deleted account is kept. @param {string} id */
  drop(id) {
    this.#all('DELETE FROM moves WHERE account = ?', id);
  }

  /** What no walk asks for any more. @param {number} now */
  prune(now) {
    this.#all('DELETE FROM moves WHERE time < ?', now - WALK_LIFE - SLACK);
  }

  /**
   * A page in the order that was when the walk began: whoever moved since stands where it stood.
   * @param {Page} page
   * @param {number} mark
   * @returns {{ id: string, at: any }[]} keys in order
   */
  page({ filters, order, after, limit }, mark) {
    const id = quoted(this.#keys.id);
    const column = quoted(order[0]);
    const [sign, direction] = order[1] === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
    const { where, values } = whereOf(filters);
    const place = after ?? [];
    const beyond = (/** @type {string} */ at) => (after ? `AND (${at}, ${id}) ${sign} (?, ?)` : '');
    const sorted = `ORDER BY at ${direction}, id ${direction} LIMIT ?`;
    // Those that stayed, by the index; and the few that did not, each where its first move began.
    const stayed = `SELECT ${id} AS id, ${column} AS at FROM accounts WHERE ${where} ${beyond(column)}
      AND NOT EXISTS (SELECT 1 FROM moves WHERE moves.account = accounts.${id} AND seq > ?) ${sorted}`;
    const first = 'SELECT account, MIN(seq) AS first FROM moves WHERE seq > ? GROUP BY account';
    const moved = `SELECT ${id} AS id, moves.at AS at FROM (${first}) JOIN moves ON moves.seq = first
      JOIN accounts ON ${id} = moves.account WHERE ${where} ${beyond('moves.at')} ${sorted}`;
    return this.#all(
      `SELECT * FROM (${stayed}) UNION ALL SELECT * FROM (${moved}) ${sorted}`,
      ...[...values, ...place, mark, limit],
      ...[mark, ...values, ...place, limit],
      limit,
    );
  }
}
