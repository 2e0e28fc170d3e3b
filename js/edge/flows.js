/** Links, consents that are under way, and revocations that a provider still has to answer. */

/** @typedef {import('./store.js').Storage} Storage */

/**
 * @typedef {object} Flow one trip of a browser to a provider and back
 * @property {string} account
 * @property {string} verifier of PKCE, sealed
 * @property {string} redirectUri
 */

/** How long a used or dead flow stays known, so that a replay is told from a forgery. */
const MEMORY = 24 * 3600_000;

const TABLES = [
  'CREATE TABLE IF NOT EXISTS links (hash TEXT PRIMARY KEY, account TEXT NOT NULL, expires_at INTEGER NOT NULL)',
  'CREATE INDEX IF NOT EXISTS links_account ON links (account)',
  `CREATE TABLE IF NOT EXISTS flows (hash TEXT PRIMARY KEY, account TEXT NOT NULL, browser TEXT NOT NULL,
    verifier TEXT, redirect_uri TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER)`,
  'CREATE INDEX IF NOT EXISTS flows_account ON flows (account)',
  `CREATE TABLE IF NOT EXISTS revocations (id TEXT PRIMARY KEY, request TEXT NOT NULL, attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL)`,
];

export class Flows {
  /** @type {Storage} */ #storage;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    for (const table of TABLES) this.#all(table);
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /**
   * An account has one link: whoever holds an older one cannot use it any more.
   * @param {string} hash of the link token @param {string} account @param {number} expiresAt
   */
  putLink(hash, account, expiresAt) {
    this.#all('DELETE FROM links WHERE account = ?', account);
    this.#all('INSERT INTO links VALUES (?, ?, ?)', hash, account, expiresAt);
  }

  /** @param {string} hash @returns {{ account: string, expires_at: number } | undefined} */
  link(hash) {
    return this.#all('SELECT account, expires_at FROM links WHERE hash = ?', hash)[0];
  }

  /**
   * @param {string} hash of the state's random part
   * @param {string} browser hash of the browser's cookie
   * @param {Flow} flow
   * @param {number} expiresAt
   */
  put(hash, browser, { account, verifier, redirectUri }, expiresAt) {
    this.#all(
      'INSERT INTO flows VALUES (?, ?, ?, ?, ?, ?, NULL)',
      hash,
      account,
      browser,
      verifier,
      redirectUri,
      expiresAt,
    );
  }

  /**
   * Take a flow for the one time that it may be taken.
   * @param {string} hash
   * @param {string} browser
   * @param {number} now
   * @returns {{ flow: Flow, fault: null } | { flow: null, fault: 'state_invalid' | 'state_replayed' }}
   */
  take(hash, browser, now) {
    return this.#storage.transactionSync(() => {
      const [row] = this.#all('SELECT * FROM flows WHERE hash = ?', hash);
      // Another browser's cookie must not burn the flow of the right one.
      if (!row || row.browser !== browser) return { flow: null, fault: 'state_invalid' };
      if (row.used_at !== null) return { flow: null, fault: 'state_replayed' };
      if (row.expires_at <= now) return { flow: null, fault: 'state_invalid' };
      this.#all('UPDATE flows SET used_at = ?, verifier = NULL WHERE hash = ?', now, hash);
      return { flow: { account: row.account, verifier: row.verifier, redirectUri: row.redirect_uri }, fault: null };
    });
  }

  /** Forget every link and flow of an account. @param {string} account */
  drop(account) {
    this.#all('DELETE FROM links WHERE account = ?', account);
    this.#all('DELETE FROM flows WHERE account = ?', account);
  }

  /** @param {number} now */
  prune(now) {
    this.#all('DELETE FROM links WHERE expires_at < ?', now - MEMORY);
    this.#all('DELETE FROM flows WHERE expires_at < ?', now - MEMORY);
    this.#all('UPDATE flows SET verifier = NULL WHERE expires_at < ?', now);
  }

  /** @param {string} id @param {string} request sealed @param {number} nextAt */
  putRevocation(id, request, nextAt) {
    this.#all('INSERT INTO revocations VALUES (?, ?, 0, ?)', id, request, nextAt);
  }

  /** @param {string} id */
  dropRevocation(id) {
    this.#all('DELETE FROM revocations WHERE id = ?', id);
  }

  /** @param {string} id @param {number} nextAt */
  delayRevocation(id, nextAt) {
    this.#all('UPDATE revocations SET attempts = attempts + 1, next_at = ? WHERE id = ?', nextAt, id);
  }

  /** @param {number} now @param {number} limit @returns {{ id: string, request: string, attempts: number }[]} */
  dueRevocations(now, limit) {
    return this.#all('SELECT * FROM revocations WHERE next_at <= ? ORDER BY next_at LIMIT ?', now, limit);
  }

  /** @returns {number | null} */
  nextRevocation() {
    return this.#all('SELECT MIN(next_at) AS at FROM revocations')[0].at;
  }
}
