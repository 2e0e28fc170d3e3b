/**
 * Accounts of a shard that were read a moment ago, as they are stored: what is sealed stays sealed, but for the masked
 * view, which is what callers see and holds no secret. Nobody else writes a shard's rows, so what is here is what the disk
 * has; an account that is written or deleted is dropped in the same step.
 */

/** @typedef {import('./store.js').Row} Row */

const MOST = 256;
const LARGEST = 16 * 1024; // characters and bytes of a row; a larger one is read from the disk each time

/** @param {Row} row */
const sizeOf = ({ record, credential, view }) => record.length + (credential?.length ?? 0) + (view?.length ?? 0);

export class Recent {
  /** @type {Map<string, { row: Row, view: string | null }>} the one that was asked for last is the last */
  #known = new Map();

  /** @param {string} id @returns {Row | null} the caller's own, to change as it likes */
  get(id) {
    const known = this.#known.get(id);
    if (!known) return null;
    this.#known.delete(id);
    this.#known.set(id, known);
    return { ...known.row };
  }

  /** @param {Row} row as it was read @returns {Row} likewise */
  put(row) {
    if (sizeOf(row) > LARGEST) return row;
    if (this.#known.size >= MOST) this.drop(/** @type {string} */ (this.#known.keys().next().value));
    this.#known.set(row.id, { row, view: null });
    return { ...row };
  }

  /** The view of a row, where it was opened before. @param {Row} row @returns {string | null} */
  viewOf(row) {
    const known = this.#known.get(row.id);
    return known && known.row.view === row.view ? known.view : null;
  }

  /** @param {Row} row @param {string} text what the seal of its view was opened to */
  putView(row, text) {
    const known = this.#known.get(row.id);
    if (known && known.row.view === row.view) known.view = text; // else it was changed or deleted meanwhile
  }

  /** @param {string} id */
  drop(id) {
    this.#known.delete(id);
  }

  clear() {
    this.#known.clear();
  }
}
