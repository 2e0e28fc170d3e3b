/** An API that fails again and again is left alone for a while: those who wait for it would only make it worse. */

/** @typedef {import('../../core/core.js').Core} Core */

/** So many failures of one caller count: what one asks for may be what fails, and it is no reason to stop the others. */
const MOST_OF_ONE = 3;

export class Circuit {
  #failures = 0;
  #until = 0;
  /** @type {Map<string, number>} failures by caller, of as many as it takes to stop */ #by = new Map();
  /** @type {string | null} who finds out whether the API is well again */ #prober = null;

  /**
   * May the API be asked now? After a rest a single request finds out whether it is well again. Whoever has found out
   * that it is not lets the others try for as long again: its requests may be what the API fails at.
   * @param {Core} core @param {number} now @param {string} who asks
   * @returns {number} seconds to wait; 0: ask
   */
  wait(core, now, who) {
    if (this.#until === 0) return 0;
    const until = who === this.#prober ? this.#until + this.#rest(core) : this.#until;
    if (now < until) return Math.ceil((until - now) / 1000);
    this.#until = now + this.#rest(core);
    this.#prober = who;
    return 0;
  }

  /** @param {Core} core @param {number} now @param {string | null} who asked; null: whoever asks, it fails */
  failed(core, now, who) {
    if (who !== null && this.#until === 0) {
      const times = (this.#by.get(who) ?? 0) + 1;
      if (times > MOST_OF_ONE) return;
      this.#by.set(who, times);
    }
    // Of those that were on their way when the rest began, none makes it longer.
    if (who !== null && this.#until !== 0 && who !== this.#prober) return;
    this.#failures += 1;
    const rest = this.#rest(core);
    this.#until = rest === 0 ? 0 : now + rest;
  }

  succeeded() {
    this.#failures = 0;
    this.#until = 0;
    this.#prober = null;
    if (this.#by.size > 0) this.#by.clear(); // which takes its time even where there is nothing
  }

  /** @param {Core} core @returns {number} */
  #rest(core) {
    return core.lend((exports) => exports.dc_rest(this.#failures) >>> 0);
  }
}
