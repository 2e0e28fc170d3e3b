/** The tables of the Project object. */

/** @typedef {import('./store.js').Storage} Storage */

/** @param {string} name @returns {string} */
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

const TABLES = [
  'CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS api_keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, record TEXT NOT NULL,
    scopes TEXT NOT NULL, first INTEGER NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER)`,
  `CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, scopes TEXT NOT NULL, key_id TEXT,
    expires_at INTEGER NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS used_tokens (hash TEXT PRIMARY KEY, used_at INTEGER NOT NULL)',
];

/** @typedef {{ id: string, record: string, sealed: string | null, toolkit: string, managed: boolean }} ConfigRow */

export class Tables {
  /** @type {Storage} */ #storage;
  /** @type {string[]} */ #columns;
  /** @type {{ id: string, created: string, toolkit: string, managed: string, deleting: string }} */ #keys;

  /**
   * @param {Storage} storage
   * @param {Readonly<import('../core/core.js').Catalog>} catalog
   */
  constructor(storage, catalog) {
    this.#storage = storage;
    this.#columns = catalog.config_columns.map(([name]) => name);
    this.#keys = /** @type {any} */ (catalog).config_keys;
    for (const table of TABLES) this.all(table);
    const listed = catalog.config_columns.map(
      ([name, type]) => `${quoted(name)} ${type}${name === this.#keys.id ? ' PRIMARY KEY NOT NULL' : ''}`,
    );
    this.all(`CREATE TABLE IF NOT EXISTS configs (${listed.join(', ')}, record TEXT NOT NULL, sealed TEXT)`);
    const there = new Set(this.all("SELECT name FROM pragma_table_info('configs')").map((row) => row.name));
    for (const [name, type] of catalog.config_columns) {
      if (!there.has(name)) this.all(`ALTER TABLE configs ADD COLUMN ${quoted(name)} ${type}`);
    }
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /** @template T @param {() => T} work @returns {T} */
  together(work) {
    return this.#storage.transactionSync(work);
  }

  /** @param {string} name @returns {string | null} */
  fact(name) {
    return this.all('SELECT value FROM facts WHERE name = ?', name)[0]?.value ?? null;
  }

  /** @param {string} name @param {string} value */
  putFact(name, value) {
    this.all('INSERT OR REPLACE INTO facts VALUES (?, ?)', name, value);
  }

  /** @param {any} row @returns {ConfigRow} */
  #config(row) {
    const { id, toolkit, managed } = this.#keys;
    const text = row[managed]; // what the core calls managed is written as a word
    return { id: row[id], record: row.record, sealed: row.sealed, toolkit: row[toolkit], managed: text === 'true' };
  }

  /** @param {string} id @returns {ConfigRow | null} */
  config(id) {
    const [row] = this.all(`SELECT * FROM configs WHERE ${quoted(this.#keys.id)} = ?`, id);
    return row ? this.#config(row) : null;
  }

  /**
   * The same of a config that was read before something was waited for.
   * @param {ConfigRow} old as it was read
   * @param {Record<string, any>} index @param {string} record @param {string | null} sealed
   * @returns {boolean} false: somebody else has changed it meanwhile, and nothing was written
   */
  replaceConfig(old, index, record, sealed) {
    const now = this.config(old.id);
    if (now?.record !== old.record || now.sealed !== old.sealed) return false;
    this.putConfig(index, record, sealed);
    return true;
  }

  /** Those whose deletion has begun. @returns {string[]} ids */
  deletingConfigs() {
    const { id, deleting } = this.#keys;
    return this.all(`SELECT ${quoted(id)} AS id FROM configs WHERE ${quoted(deleting)} = 'true'`).map((row) => row.id);
  }

  /**
   * @param {Record<string, any>} index values of the core's columns
   * @param {string} record
   * @param {string | null} sealed
   */
  putConfig(index, record, sealed) {
    const names = [...this.#columns.map(quoted), 'record', 'sealed'];
    const values = [...this.#columns.map((name) => index[name] ?? null), record, sealed];
    this.all(
      `INSERT OR REPLACE INTO configs (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ...values,
    );
  }

  /**
   * Auth configs whose credentials another master key seals, in the order of their ids.
   * @param {string} active key id @param {string} after @param {number} limit @returns {{ id: string, sealed: string }[]}
   */
  sealedByOther(active, after, limit) {
    const id = quoted(this.#keys.id);
    const start = `${active}.`;
    const where = `sealed IS NOT NULL AND substr(sealed, 1, ?) <> ? AND ${id} > ?`;
    const query = `SELECT ${id} AS id, sealed FROM configs WHERE ${where} ORDER BY ${id} LIMIT ?`;
    return this.all(query, start.length, start, after, limit);
  }

  /** Whoever changed it meanwhile was right. @param {string} id @param {string} old @param {string} fresh */
  resealConfig(id, old, fresh) {
    this.all(`UPDATE configs SET sealed = ? WHERE ${quoted(this.#keys.id)} = ? AND sealed = ?`, fresh, id, old);
  }

  /** The project's alarm comes then, or before. @param {number} at */
  async wake(at) {
    const next = await this.#storage.getAlarm();
    if (next === null || next > at) await this.#storage.setAlarm(at);
  }

  /** @param {string} id */
  dropConfig(id) {
    this.all(`DELETE FROM configs WHERE ${quoted(this.#keys.id)} = ?`, id);
  }

  /**
   * @param {{ filters: [string, any[]][], search: [string[], string] | null, limit: number, offset: number }} page
   * @returns {{ rows: ConfigRow[], total: number }}
   */
  configs({ filters, search, limit, offset }) {
    const parts = filters.map(([column]) => `${quoted(column)} IN (SELECT value FROM json_each(?))`);
    const values = filters.map(([, list]) => JSON.stringify(list.map(String)));
    if (search) {
      // instr, not LIKE: what somebody types has no wildcards.
      parts.push(`(${search[0].map((name) => `instr(lower(${quoted(name)}), lower(?)) > 0`).join(' OR ')})`);
      values.push(...search[0].map(() => search[1]));
    }
    const where = parts.length ? parts.join(' AND ') : 'TRUE';
    const order = `${quoted(this.#keys.created)} DESC, ${quoted(this.#keys.id)} DESC`;
    const rows = this.all(
      `SELECT * FROM configs WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
      ...values,
      limit,
      offset,
    );
    const [{ n }] = this.all(`SELECT COUNT(*) AS n FROM configs WHERE ${where}`, ...values);
    return { rows: rows.map((row) => this.#config(row)), total: n };
  }
}
