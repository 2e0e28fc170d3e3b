/**
 * Auth configs that are being deleted, as far as a shard is concerned: it makes no further account of them, whatever it
 * still believes of the config. An id never comes again, so what was closed stays closed; it is one short row.
 */

/** Thrown inside the transaction that would have made an account of such a config. */
export class ClosingError extends Error {}

export class Closings {
  /** @type {import('./store.js').Storage} */ #storage;

  /** @param {import('./store.js').Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    this.#all('CREATE TABLE IF NOT EXISTS closed_configs (config TEXT PRIMARY KEY) WITHOUT ROWID');
    this.#all('DROP TABLE IF EXISTS closings'); // of an earlier version: they ended with time
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /** @param {string} config */
  close(config) {
    this.#all('INSERT OR IGNORE INTO closed_configs VALUES (?)', config);
  }

  /** It is not deleted after all. @param {string} config */
  reopen(config) {
    this.#all('DELETE FROM closed_configs WHERE config = ?', config);
  }

  /** @param {string} config @throws {ClosingError} */
  refuse(config) {
    const found = this.#all('SELECT 1 FROM closed_configs WHERE config = ?', config);
    if (found.length > 0) throw new ClosingError('the auth config is being deleted');
  }
}
