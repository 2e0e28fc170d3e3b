// A page of a list, which is also the way to all that follow it.

/**
 * @template T
 * @typedef {object} PageModel
 * @property {T[]} items
 * @property {string | null} nextCursor
 * @property {number} totalPages
 * @property {number} currentPage
 * @property {number} totalItems
 */

/**
 * @template T
 * @implements {AsyncIterable<T>}
 */
export class Page {
  #next;

  /**
   * @param {PageModel<T>} model
   * @param {(cursor: string) => Promise<Page<T>>} next
   */
  constructor(model, next) {
    this.#next = next;
    /** What is on this page. @type {T[]} */
    this.items = model.items;
    /** Give it to the next `list` as `cursor`; null: this is the last page. @type {string | null} */
    this.nextCursor = model.nextCursor ?? null;
    /** @type {number} */
    this.totalPages = model.totalPages;
    /** From 1. @type {number} */
    this.currentPage = model.currentPage;
    /** @type {number} */
    this.totalItems = model.totalItems;
  }

  /**
   * The page after this one, or null.
   *
   * @returns {Promise<Page<T> | null>}
   * @throws {import('./errors.js').DevcasterError} as the list itself
   * @example
   * const first = await devcaster.connectedAccounts.list({ limit: 100 });
   * const second = await first.nextPage();
   */
  async nextPage() {
    return this.nextCursor === null ? null : this.#next(this.nextCursor);
  }

  /** Every item from this page to the last one; pages are fetched as they are needed. */
  async *[Symbol.asyncIterator]() {
    /** @type {Page<T> | null} */
    let page = this;
    while (page) {
      yield* page.items;
      page = await page.nextPage();
    }
  }
}

/**
 * A list call: a promise of its first page that can also be walked without awaiting it.
 *
 * @template T
 * @param {(query: any) => Promise<PageModel<T>>} fetchPage
 * @param {{ cursor?: string }} query
 * @returns {Promise<Page<T>> & AsyncIterable<T>}
 */
export function listing(fetchPage, query) {
  /** @param {object} from @returns {Promise<Page<T>>} */
  const open = async (from) => new Page(await fetchPage(from), (cursor) => open({ ...query, cursor }));
  const first = open(query);
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      yield* await first;
    },
  });
}
