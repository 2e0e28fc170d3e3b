/** The accounts' table of a shard. By which columns an account is found is the core's to say. */

import { Recent } from './recent.js';
import { quoted, whereOf } from './sql.js';
import { Walks } from './walks.js';

/**
 * @typedef {object} Storage what a Durable Object keeps its data in
 * @property {{ exec: (query: string, ...values: any[]) => Iterable<any> }} sql
 * @property {<T>(work: () => T) => T} transactionSync
 * @property {() => Promise<number | null>} getAlarm
 * @property {(at: number) => Promise<void>} setAlarm
 */

/** @typedef {{ id: string, user: string, toolkit: string, config: string, identity: string, due: string, created: string, updated: string, given: string }} Keys */

/**
 * @typedef {object} Row an account as it is stored
 * @property {string} id
 * @property {string} user
 * @property {string} config
 * @property {string} toolkit
 * @property {string} record JSON of the core's: status, times, names; nothing secret
 * @property {import('./vault.js').Wrapped | null} key the account's own key, wrapped
 * @property {Uint8Array<ArrayBuffer> | null} credential sealed
 * @property {Uint8Array<ArrayBuffer> | null} view the masked credential, sealed
 * @property {number} style of the view's masking
 * @property {number} prints number of the key of the view's fingerprints; 0: it has none
 * @property {number} generation counts the credentials that the account has had
 * @property {string | null} identity who it is at the provider
 * @property {number | null} due when there is something to do with it
 */

/**
 * @typedef {object} Walk what a page of a list is asked by
 * @property {[string, any[]][]} filters column and accepted values
 * @property {[string, 'asc' | 'desc']} order
 */

/** Other accounts of one identity that are told of: nobody means to have more. */
const MOST_TWINS = 20;

/** @param {ArrayBuffer | null} blob */
const bytes = (blob) => (blob === null ? null : new Uint8Array(blob));

/** What the host keeps beside the core's columns. @type {[string, string][]} */
const OWN = [
  ['record', 'TEXT NOT NULL'],
  ['key_id', 'TEXT'],
  ['key_bytes', 'BLOB'],
  ['credential', 'BLOB'],
  ['view', 'BLOB'],
  ['view_style', 'INTEGER NOT NULL DEFAULT 0'],
  ['view_prints', 'INTEGER NOT NULL DEFAULT 0'],
  ['generation', 'INTEGER NOT NULL DEFAULT 0'],
];

export class Store {
  /** @type {Storage} */ #storage;
  /** @type {Keys} */ #keys;
  /** @type {string[]} */ #columns;
  /** @type {number | null} how many accounts there are; null: to be counted */ #total = null;

  /**
   * @param {Storage} storage
   * @param {Readonly<import('../core/core.js').Catalog>} catalog
   */
  constructor(storage, catalog) {
    this.#storage = storage;
    this.#keys = /** @type {any} */ (catalog).keys;
    this.#columns = catalog.columns.map(([name]) => name);
    this.#create(catalog.columns);
    this.walks = new Walks(storage, this.#keys);
    this.recent = new Recent();
  }

  /** Names of the columns that the host looks accounts up by. */
  get keys() {
    return this.#keys;
  }

  /** @param {readonly (readonly [string, string])[]} columns */
  #create(columns) {
    const { id, user, toolkit, config, identity, due, created, updated, given } = this.#keys;
    const all = [...columns, ...OWN];
    const listed = all.map(([name, type]) => `${quoted(name)} ${type}${name === id ? ' PRIMARY KEY NOT NULL' : ''}`);
    this.#all(`CREATE TABLE IF NOT EXISTS accounts (${listed.join(', ')})`);
    // A newer version may know columns that the one which made the table did not have.
    const there = new Set(this.#all("SELECT name FROM pragma_table_info('accounts')").map((row) => row.name));
    for (const [name, type] of all) {
      if (!there.has(name)) this.#all(`ALTER TABLE accounts ADD COLUMN ${quoted(name)} ${type}`);
    }
    const walked = [created, updated].map((time) => [time, id]);
    const owned = [
      [user, toolkit, identity, given],
      [identity, given],
    ];
    for (const index of [[user, created], [config], [due], [identity, toolkit], ...owned, ...walked]) {
      const name = quoted(`by_${index.join('_')}`);
      this.#all(`CREATE INDEX IF NOT EXISTS ${name} ON accounts (${index.map(quoted).join(', ')})`);
    }
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /** @param {any} row @returns {Row} */
  #read(row) {
    const { id, user, config, toolkit, identity, due } = this.#keys;
    return {
      id: row[id],
      user: row[user],
      config: row[config],
      toolkit: row[toolkit],
      record: row.record,
      key: row.key_id === null ? null : { id: row.key_id, bytes: /** @type {any} */ (bytes(row.key_bytes)) },
      credential: bytes(row.credential),
      view: bytes(row.view),
      style: row.view_style,
      prints: row.view_prints,
      generation: row.generation,
      identity: row[identity],
      due: row[due],
    };
  }

  /** @param {string} id @returns {Row | null} */
  get(id) {
    const known = this.recent.get(id);
    if (known) return known;
    const [row] = this.#all(`SELECT * FROM accounts WHERE ${quoted(this.#keys.id)} = ?`, id);
    return row ? this.recent.put(this.#read(row)) : null;
  }

  /** All of it or nothing. @param {() => void} work */
  together(work) {
    try {
      this.#storage.transactionSync(work);
    } catch (error) {
      this.recent.clear(); // what was read in there is not what is stored
      throw error;
    }
  }

  /** @param {string} user @param {string} toolkit @returns {Row[]} every account of that user for that toolkit */
  siblings(user, toolkit) {
    const where = `${quoted(this.#keys.user)} = ? AND ${quoted(this.#keys.toolkit)} = ?`;
    return this.#all(`SELECT * FROM accounts WHERE ${where}`, user, toolkit).map((row) => this.#read(row));
  }

  /** @param {string} user @param {string} toolkit @returns {string} the records of the same as one JSON array */
  records(user, toolkit) {
    const where = `${quoted(this.#keys.user)} = ? AND ${quoted(this.#keys.toolkit)} = ?`;
    return `[${this.#all(`SELECT record FROM accounts WHERE ${where}`, user, toolkit)
      .map(({ record }) => record)
      .join(',')}]`;
  }

  /** @param {Row} row @returns {string[]} the user's other accounts that are the same identity at the provider */
  twins(row) {
    if (row.identity === null) return [];
    const { id, user, toolkit, identity } = this.#keys;
    const where = [user, toolkit, identity].map((name) => `${quoted(name)} = ?`).join(' AND ');
    const query = `SELECT ${quoted(id)} AS id FROM accounts WHERE ${where} AND ${quoted(id)} <> ? ORDER BY id LIMIT ?`;
    return this.#all(query, row.user, row.toolkit, row.identity, row.id, MOST_TWINS).map((other) => other.id);
  }

  /**
   * Write an account whole. Call it inside a transaction together with what belongs to the same change.
   * @param {Row} row
   * @param {Record<string, any>} index values of the core's columns
   */
  put(row, index) {
    this.#total = null;
    this.recent.drop(row.id);
    this.walks.move(row.id, index[this.#keys.updated]);
    const names = [...this.#columns.map(quoted), ...OWN.map(([name]) => name)];
    const values = this.#columns.map((name) => index[name] ?? null);
    values.push(
      row.record,
      row.key?.id ?? null,
      row.key?.bytes ?? null,
      row.credential,
      row.view,
      row.style,
      row.prints,
      row.generation,
    );
    const marks = names.map(() => '?').join(', ');
    const set = names.map((name) => `${name} = excluded.${name}`).join(', ');
    // Not REPLACE: that would write every index anew, also of what stays as it is.
    const query = `INSERT INTO accounts (${names.join(', ')}) VALUES (${marks})
      ON CONFLICT (${quoted(this.#keys.id)}) DO UPDATE SET ${set}`;
    this.#all(query, ...values);
  }

  /** @param {Row} row with a view that was made anew */
  putView({ id, view, style, prints, generation }) {
    const where = `${quoted(this.#keys.id)} = ? AND generation = ? AND credential IS NOT NULL`; // a newer one has a view of its own
    this.recent.drop(id);
    const set = 'view = ?, view_style = ?, view_prints = ?';
    this.#all(`UPDATE accounts SET ${set} WHERE ${where}`, view, style, prints, id, generation);
  }

  /**
   * The account's key, wrapped by another master key. Whoever changed the row meanwhile was right.
   * @param {string} id
   * @param {import('./vault.js').Wrapped} old
   * @param {import('./vault.js').Wrapped} fresh
   */
  putKey(id, old, fresh) {
    this.recent.drop(id);
    const where = `${quoted(this.#keys.id)} = ? AND key_id = ? AND key_bytes = ?`;
    this.#all(
      `UPDATE accounts SET key_id = ?, key_bytes = ? WHERE ${where}`,
      fresh.id,
      fresh.bytes,
      id,
      old.id,
      old.bytes,
    );
  }

  /**
   * Accounts whose key another master key wraps, in the order of their ids.
   * @param {string} active @param {string} after @param {number} limit @returns {string[]} ids
   */
  wrappedByOther(active, after, limit) {
    const id = quoted(this.#keys.id);
    const where = `key_id IS NOT NULL AND key_id <> ? AND ${id} > ?`;
    const rows = this.#all(
      `SELECT ${id} AS id FROM accounts WHERE ${where} ORDER BY ${id} LIMIT ?`,
      active,
      after,
      limit,
    );
    return rows.map((row) => row.id);
  }

  /** @param {string} id */
  remove(id) {
    this.#total = null;
    this.recent.drop(id);
    this.walks.drop(id);
    this.#all(`DELETE FROM accounts WHERE ${quoted(this.#keys.id)} = ?`, id);
  }

  /** @param {number} now @param {number} limit @returns {string[]} ids of accounts with something to do */
  due(now, limit) {
    const { id, due } = this.#keys;
    const rows = this.#all(
      `SELECT ${quoted(id)} AS id FROM accounts WHERE ${quoted(due)} <= ? ORDER BY ${quoted(due)} LIMIT ?`,
      now,
      limit,
    );
    return rows.map((row) => row.id);
  }

  /** @param {string} id @param {number} now */
  isDue(id, now) {
    const { id: column, due } = this.#keys;
    return this.#all(`SELECT 1 FROM accounts WHERE ${quoted(column)} = ? AND ${quoted(due)} <= ?`, id, now).length > 0;
  }

  /** @returns {number | null} when the next account has something to do */
  nextDue() {
    const due = quoted(this.#keys.due);
    const [row] = this.#all(`SELECT MIN(${due}) AS at FROM accounts WHERE ${due} IS NOT NULL AND ${due} > 0`);
    return row.at;
  }

  /**
   * @param {Walk & { after: [any, string] | null, limit: number }} page
   * @returns {{ id: string, at: any }[]} keys in order; `at` is the value that the list is ordered by
   */
  page({ filters, order, after, limit }) {
    const id = quoted(this.#keys.id);
    const column = quoted(order[0]);
    const [sign, direction] = order[1] === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
    const { where, values } = whereOf(filters);
    if (after) values.push(...after);
    const beyond = after ? `AND (${column}, ${id}) ${sign} (?, ?)` : '';
    return this.#all(
      `SELECT ${id} AS id, ${column} AS at FROM accounts WHERE ${where} ${beyond}
       ORDER BY ${column} ${direction}, ${id} ${direction} LIMIT ?`,
      ...values,
      limit,
    );
  }

  /** @param {Walk['filters']} filters @returns {number} */
  count(filters) {
    const { where, values } = whereOf(filters);
    const counted = () => this.#all(`SELECT COUNT(*) AS n FROM accounts WHERE ${where}`, ...values)[0].n;
    if (filters.length > 0) return counted();
    this.#total ??= counted(); // nobody else writes here, so it holds until the next change
    return /** @type {number} */ (this.#total);
  }

  /** @param {string[]} configs @returns {Record<string, number>} accounts of each auth config */
  countByConfig(configs) {
    const config = quoted(this.#keys.config);
    const { where, values } = whereOf([[this.#keys.config, configs]]);
    const rows = this.#all(
      `SELECT ${config} AS id, COUNT(*) AS n FROM accounts WHERE ${where} GROUP BY ${config}`,
      ...values,
    );
    return Object.fromEntries(rows.map((row) => [row.id, row.n]));
  }

  /** @param {string} config @param {number} limit @returns {string[]} ids of its accounts */
  idsOfConfig(config, limit) {
    const { id, config: column } = this.#keys;
    const query = `SELECT ${quoted(id)} AS id FROM accounts WHERE ${quoted(column)} = ? LIMIT ?`;
    return this.#all(query, config, limit).map((row) => row.id);
  }
}
