/**
 * What happened to each account of a shard. The entries are the core's; here they are kept, in the transaction of what
 * they tell, so many of each group that none of them pushes out another, and they go with their account.
 */

import { openCursor, sealCursor } from './list.js';
import { ask, shardObject } from './objects.js';
import { shardOfId } from './shards.js';
import { emptyView } from './views.js';

/** @typedef {import('./handler.js').Context} Context */
/** @typedef {import('./store.js').Storage} Storage */

/**
 * @typedef {object} By who did it, as the core's events take it; none: the service itself
 * @property {string} kind
 * @property {string} [id] of the API key, also of the one that a session began with
 * @property {string} request_id
 */

const TABLES = [
  `CREATE TABLE IF NOT EXISTS activity (number INTEGER PRIMARY KEY, account TEXT NOT NULL, kind INTEGER NOT NULL,
    entry TEXT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS activity_account ON activity (account, kind, number)',
];

export class Activity {
  /** @type {Storage} */ #storage;
  /** @type {number[]} */ #most;

  /**
   * @param {Storage} storage
   * @param {Readonly<import('../core/core.js').Catalog>} catalog
   */
  constructor(storage, catalog) {
    this.#storage = storage;
    this.#most = /** @type {any} */ (catalog).activity;
    for (const table of TABLES) this.#all(table);
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /**
   * Keep what an event says of itself. Call it inside the transaction of the change.
   * @param {string} account
   * @param {{ third: string }} reply of core.change
   */
  note(account, { third }) {
    if (third === '') return;
    for (const [kind, entry] of JSON.parse(third)) {
      this.#all('INSERT INTO activity (account, kind, entry) VALUES (?, ?, ?)', account, kind, JSON.stringify(entry));
      const older = 'SELECT number FROM activity WHERE account = ? AND kind = ? ORDER BY number DESC LIMIT 1 OFFSET ?';
      const [last] = this.#all(older, account, kind, this.#most[kind]);
      if (!last) continue;
      this.#all('DELETE FROM activity WHERE account = ? AND kind = ? AND number <= ?', account, kind, last.number);
    }
  }

  /**
   * @param {string} account
   * @param {number | null} before number of the last entry that was seen
   * @param {number} limit
   * @returns {{ number: number, entry: string }[]} newest first
   */
  page(account, before, limit) {
    const where = 'account = ? AND number < ?';
    const query = `SELECT number, entry FROM activity WHERE ${where} ORDER BY number DESC LIMIT ?`;
    return this.#all(query, account, before ?? Number.MAX_SAFE_INTEGER, limit);
  }

  /** @param {string} account @returns {number} */
  count(account) {
    return this.#all('SELECT COUNT(*) AS n FROM activity WHERE account = ?', account)[0].n;
  }

  /** The account is deleted. @param {string} account */
  drop(account) {
    this.#all('DELETE FROM activity WHERE account = ?', account);
  }
}

/**
 * The credential itself. Nobody sees it without an entry in the account's log.
 * @param {import('./shard.js').Shard} shard
 * @param {import('./store.js').Row} row
 * @param {import('./shard.js').Sight} sight
 * @returns {Promise<import('./views.js').View>}
 */
export const revealed = async (shard, row, sight) => {
  const val = await shard.credential(row);
  if (!shard.store.get(row.id)) return emptyView(sight); // deleted meanwhile, and its log with it
  const head = shard.core.head({ by: sight.by }, { record: row.record });
  const reply = shard.core.change('reveal', Date.now(), head);
  if (!reply.ok) throw new TypeError('what cannot be noted is not shown');
  shard.activity.note(row.id, reply);
  return { val };
};

/**
 * The shard's part of a page.
 * @param {import('./shard.js').Shard} shard
 * @param {{ id: string, before: number | null, limit: number }} message
 */
export const activity = async (shard, { id, before, limit }) => {
  if (!(await shard.load(id))) return { entries: null };
  return { entries: shard.activity.page(id, before, limit + 1), total: shard.activity.count(id) };
};

/**
 * A page of an account's log.
 * @param {Context} context
 * @returns {Promise<import('./objects.js').Answer>}
 */
export const listActivity = async (context) => {
  const { route, settings, project } = context;
  const { id, limit, api } = route;
  const place = await openCursor(context);
  if (!place) return context.fault('bad_cursor');
  const shard = shardOfId(id, project.shards);
  if (shard === null) return context.fault('account_not_found');
  const { before = null, page } = place;
  const { entries, total } = await ask(shardObject(settings.env, shard), 'activity', { id, before, limit });
  if (!entries) return context.fault('account_not_found');
  const shown = entries.slice(0, limit);
  const more = entries.length > limit;
  const next = { before: shown.at(-1)?.number, page: page + 1 };
  const next_cursor = more ? await sealCursor(context, next) : null;
  const items = `[${shown.map((/** @type {{ entry: string }} */ { entry }) => entry).join(',')}]`;
  const head = settings.core.head({ api, next_cursor, total, limit, page }, { entries: items });
  const { status, text } = settings.core.answer(route.name, Date.now(), head);
  return { status, text };
};
