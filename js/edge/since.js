/**
 * Has a person connected since? A user may have a hundred thousand accounts, so the table finds those that come into
 * question, and the core judges them a few at a time.
 */

import { quoted } from './sql.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./revocations.js').Whose} Whose */

const PAGE = 50;

/** Others get their turn. @returns {Promise<void>} */
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Where this person's accounts are found: by who it is at the provider and, where that is not known of either, by the user
 * of the same toolkit.
 * @param {import('./store.js').Keys} keys @param {Whose} whose @returns {[string, any[]][]} conditions with their values
 */
const placesOf = (keys, { identity, user, toolkit }) => {
  const own = `${quoted(keys.user)} = ? AND ${quoted(keys.toolkit)} = ?`;
  const column = quoted(keys.identity);
  if (identity === null) return [[own, [user, toolkit]]];
  const other = `${own} AND ${column} IS NULL`;
  return [
    [`${column} = ?`, [identity]],
    [other, [user, toolkit]],
  ];
};

/**
 * Of a version that did not know the column: when these were given, only their records say.
 * @param {Shard} shard @param {Whose} whose @returns {Generator<string[]>} pages of records
 */
function* untold({ storage, store: { keys } }, whose) {
  for (const [where, values] of placesOf(keys, whose)) {
    const query = `SELECT rowid AS row, record FROM accounts
      WHERE ${where} AND ${quoted(keys.given)} IS NULL AND rowid > ? ORDER BY rowid LIMIT ?`;
    for (let rows, after = 0; !rows || rows.length === PAGE; after = rows.at(-1)?.row) {
      rows = [...storage.sql.exec(query, ...values, after, PAGE)];
      if (rows.length > 0) yield rows.map(({ record }) => record);
    }
  }
}

/** @param {Shard} shard @param {Whose} whose @returns {Generator<string[]>} pages of records of what was given since */
function* given({ storage, store: { keys } }, whose) {
  const at = quoted(keys.given);
  for (const [where, values] of placesOf(keys, whose)) {
    const query = `SELECT rowid AS row, ${at} AS at, record FROM accounts
      WHERE ${where} AND ${at} >= ? AND (${at}, rowid) > (?, ?) ORDER BY ${at}, rowid LIMIT ?`;
    let after = { at: whose.since, row: 0 };
    for (let rows; !rows || rows.length === PAGE; after = rows.at(-1)) {
      rows = [...storage.sql.exec(query, ...values, after.at, after.at, after.row, PAGE)];
      if (rows.length > 0) yield rows.map(({ record }) => record);
    }
  }
}

/** What the core cannot judge is not given free. @param {Shard} shard @param {Whose} whose @param {string[]} records */
const holdsOne = ({ core }, whose, records) => {
  const head = core.head(whose, { accounts: `[${records.join(',')}]` });
  return core.grant('retry', Date.now(), head).value?.outcome !== 'send';
};

/** Does an account here hold what this person has given since? @param {Shard} shard @param {Whose} whose @returns {Promise<boolean>} */
export const holdsSince = async (shard, whose) => {
  for (const records of untold(shard, whose)) {
    if (holdsOne(shard, whose, records)) return true;
    await turn();
  }
  // Last, and at one go: whoever has connected in those turns is among these.
  for (const records of given(shard, whose)) if (holdsOne(shard, whose, records)) return true;
  return false;
};
