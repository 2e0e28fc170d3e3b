/** Work on one name at a time: what is asked for later waits, whatever became of what came before. */

export class Locks {
  /** @type {Map<string, Promise<unknown>>} the last work that was asked for */ #last = new Map();

  /**
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(name, work) {
    const before = this.#last.get(name);
    const run = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    this.#last.set(name, run);
    try {
      return await run;
    } finally {
      if (this.#last.get(name) === run) this.#last.delete(name);
    }
  }

  /** How many names are being worked on. */
  get size() {
    return this.#last.size;
  }
}
