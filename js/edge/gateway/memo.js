/** What the core answered to the same question before: it is pure, and browsers ask the same again and again. */

/** @typedef {import('../../core/reply.js').Reply} Reply */

const MOST = 256; // questions
const LONGEST = 2048; // characters of one

export class Memo {
  /** @type {Map<string, Reply>} */ #known = new Map();

  /** @param {string} question @param {() => Reply} ask @returns {Reply} */
  read(question, ask) {
    const known = this.#known.get(question);
    if (known) return known;
    const reply = ask();
    if (question.length > LONGEST || !reply.ok) return reply;
    // The oldest goes: maps keep the order in which their keys came.
    if (this.#known.size >= MOST) this.#known.delete(/** @type {string} */ (this.#known.keys().next().value));
    this.#known.set(question, reply);
    return reply;
  }
}
