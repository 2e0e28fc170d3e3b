/** An API that fails again and again is left alone for a while: those who wait for it would only make it worse. */

/** @typedef {import('../../core/core.js').Core} Core */

export class Circuit {
  #failures = 0;
  #until = 0;

  /**
   * May the API be asked now? After a rest a single request finds out whether it is well again.
   * @param {Core} core @param {number} now
   * @returns {number} seconds to wait; 0: ask
   */
  wait(core, now) {
    if (this.#until === 0) return 0;
    if (now < this.#until) return Math.ceil((this.#until - now) / 1000);
    this.#until = now + this.#rest(core);
    return 0;
  }

  /** @param {Core} core @param {number} now */
  failed(core, now) {
    this.#failures += 1;
    const rest = this.#rest(core);
    this.#until = rest === 0 ? 0 : now + rest;
  }

  succeeded() {
    this.#failures = 0;
    this.#until = 0;
  }

  /** @param {Core} core @returns {number} */
  #rest(core) {
    return core.lend((exports) => exports.dc_rest(this.#failures) >>> 0);
  }
}
