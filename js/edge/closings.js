/**
 * Auth configs that are about to be deleted. A shard that has counted a config's accounts for its deletion makes
 * no further ones, whatever it still believes of the config.
 */

/** Long enough for a deletion, and for every cache to forget the config; a deletion that broke off ends with it. */
const PATIENCE = 120_000;

/** Thrown inside the transaction that would have made an account of such a config. */
export class ClosingError extends Error {}

export class Closings {
  /** @type {import('./store.js').Storage} */ #storage;

  /** @param {import('./store.js').Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    this.#all('CREATE TABLE IF NOT EXISTS closings (config TEXT PRIMARY KEY, until INTEGER NOT NULL)');
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /** @param {string} config */
  close(config) {
    this.#all('DELETE FROM closings WHERE until <= ?', Date.now());
    this.#all('INSERT OR REPLACE INTO closings VALUES (?, ?)', config, Date.now() + PATIENCE);
  }

  /** The deletion was refused. @param {string} config */
  reopen(config) {
    this.#all('DELETE FROM closings WHERE config = ?', config);
  }

  /** @param {string} config @throws {ClosingError} */
  refuse(config) {
    const found = this.#all('SELECT 1 FROM closings WHERE config = ? AND until > ?', config, Date.now());
    if (found.length > 0) throw new ClosingError('the auth config is being deleted');
  }
}
