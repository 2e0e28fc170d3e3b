import { join } from 'node:path';

import { Shelf } from './store.js';

/** How long a used refresh token or code stays known, so that its reuse ends the grant as RFC 9700 asks. */
const REUSE_MEMORY = 24 * 3600;

/** @returns {number} seconds since the epoch */
const now = () => Math.floor(Date.now() / 1000);

/** What oidc-provider asks of a store, for one kind of record. Method names are the library's. */
class DiskAdapter {
  #shelf;
  #alreadyUsed;

  /**
   * @param {Shelf} shelf
   * @param {() => Error} alreadyUsed the error that the library answers with `invalid_grant`
   */
  constructor(shelf, alreadyUsed) {
    this.#shelf = shelf;
    this.#alreadyUsed = alreadyUsed;
  }

  /** @param {string} id @param {object} payload @param {number} [expiresIn] seconds */
  async upsert(id, payload, expiresIn) {
    await this.#shelf.set(id, payload, expiresIn ? now() + expiresIn : null);
  }

  /** @param {string} id */
  async find(id) {
    return this.#shelf.get(id);
  }

  /** @param {string} uid */
  async findByUid(uid) {
    const [id] = this.#shelf.where('uid', uid);
    return id === undefined ? undefined : this.#shelf.get(id);
  }

  /**
   * Marks a code or refresh token as used. The library reads and marks in two steps; of two requests that arrive
   * together with one token, the second must lose here, or both would get new tokens.
   *
   * @param {string} id
   */
  async consume(id) {
    const payload = this.#shelf.get(id);
    if (!payload || payload.consumed) throw this.#alreadyUsed();
    const end = now() + REUSE_MEMORY;
    await this.#shelf.set(id, { ...payload, consumed: now() }, Math.min(this.#shelf.expiry(id) ?? end, end));
  }

  /** @param {string} id */
  async destroy(id) {
    await this.#shelf.delete(id);
  }

  /** @param {string} grantId */
  async revokeByGrantId(grantId) {
    await Promise.all(this.#shelf.where('grantId', grantId).map((id) => this.#shelf.delete(id)));
  }
}

/**
 * Keeps sessions, codes, grants and tokens under `folder`.
 *
 * @param {string} folder
 * @param {() => Error} alreadyUsed
 * @returns {{ adapter: (kind: string) => DiskAdapter, sweep: () => Promise<void>, flush: () => Promise<void> }}
 */
export function openStore(folder, alreadyUsed) {
  /** @type {Map<string, Shelf>} */
  const shelves = new Map();
  const each = async (/** @type {(shelf: Shelf) => Promise<void>} */ act) => {
    await Promise.all([...shelves.values()].map(act));
  };
  return {
    adapter(kind) {
      const shelf = shelves.get(kind) ?? new Shelf(join(folder, kind));
      shelves.set(kind, shelf);
      return new DiskAdapter(shelf, alreadyUsed);
    },
    sweep: () => each((shelf) => shelf.sweep()),
    flush: () => each((shelf) => shelf.flush()),
  };
}
