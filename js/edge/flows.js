/** Links, consents that are under way, and revocations that a provider still has to answer. */

/** @typedef {import('./store.js').Storage} Storage */

/**
 * @typedef {object} Flow one trip of a browser to a provider and back
 * @property {string} account
 * @property {string} verifier of PKCE, or the temporary credential that the trip began with; sealed
 * @property {string} redirectUri
 */

/** How long a used or dead flow stays known, so that a replay is told from a forgery. */
const MEMORY = 24 * 3600_000;

const TABLES = [
  `CREATE TABLE IF NOT EXISTS links (hash TEXT PRIMARY KEY, account TEXT NOT NULL, expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0)`,
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
    // The table may be older than its last column.
    if (this.#all("SELECT 1 FROM pragma_table_info('links') WHERE name = 'attempts'").length === 0)
      this.#all('ALTER TABLE links ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0');
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /**
   * An account has one link: whoever holds an older one cannot use it any more, nor what was begun with it.
   * @param {string} hash of the link token @param {string} account @param {number} expiresAt
   */
  putLink(hash, account, expiresAt) {
    this.drop(account);
    this.#all('INSERT INTO links (hash, account, expires_at) VALUES (?, ?, ?)', hash, account, expiresAt);
  }

  /** @param {string} hash @returns {{ account: string, expires_at: number, attempts: number } | undefined} */
  link(hash) {
    return this.#all('SELECT account, expires_at, attempts FROM links WHERE hash = ?', hash)[0];
  }

  /**
   * One more credential is tried by this link.
   * @param {string} hash @param {number} most @returns {boolean} false: that was enough
   */
  attempt(hash, most) {
    const change = 'UPDATE links SET attempts = attempts + 1 WHERE hash = ? AND attempts < ? RETURNING attempts';
    return this.#all(change, hash, most).length > 0;
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
   * A flow that may still be taken.
   * @param {string} hash
   * @param {string} browser
   * @param {number} now
   * @returns {{ flow: Flow, fault: null } | { flow: null, fault: 'state_invalid' | 'state_replayed' }}
   */
  find(hash, browser, now) {
    const [row] = this.#all('SELECT * FROM flows WHERE hash = ?', hash);
    // Another browser's cookie must not burn the flow of the right one.
    if (!row || row.browser !== browser) return { flow: null, fault: 'state_invalid' };
    if (row.used_at !== null) return { flow: null, fault: 'state_replayed' };
    if (row.expires_at <= now) return { flow: null, fault: 'state_invalid' };
    return { flow: { account: row.account, verifier: row.verifier, redirectUri: row.redirect_uri }, fault: null };
  }

  /**
   * Take a flow for the one time that it may be taken.
   * @param {string} hash
   * @param {string} browser
   * @param {number} now
   */
  take(hash, browser, now) {
    return this.#storage.transactionSync(() => {
      const found = this.find(hash, browser, now);
      if (found.flow) this.#all('UPDATE flows SET used_at = ?, verifier = NULL WHERE hash = ?', now, hash);
      return found;
    });
  }

  /** Whether a browser may still come back for this account. @param {string} account */
  isOpen(account) {
    return this.#all('SELECT 1 FROM flows WHERE account = ? AND used_at IS NULL LIMIT 1', account).length > 0;
  }

  /** The account waits for nobody any more: whoever is still on the way comes too late. @param {string} account @param {number} now */
  end(account, now) {
    this.#all('UPDATE flows SET used_at = ?, verifier = NULL WHERE account = ? AND used_at IS NULL', now, account);
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

  /**
   * What an older master key seals.
   * @param {string} active key id @param {number} limit @returns {{ id: string, request: string }[]}
   */
  revocationsOfOther(active, limit) {
    const other = 'substr(request, 1, ?) <> ?';
    const start = `${active}.`;
    return this.#all(`SELECT id, request FROM revocations WHERE ${other} LIMIT ?`, start.length, start, limit);
  }

  /** @param {string} id @param {string} old @param {string} fresh */
  resealRevocation(id, old, fresh) {
    this.#all('UPDATE revocations SET request = ? WHERE id = ? AND request = ?', fresh, id, old);
  }

  /** @returns {number | null} */
  nextRevocation() {
    return this.#all('SELECT MIN(next_at) AS at FROM revocations')[0].at;
  }
}
