// The echo scrub: takes every form of a credential's secrets out of what a provider answered. Its state is a block of
// bytes that is kept here and lent to the core for each piece, as the masker's is.
import { rounded } from './mask.js';

/** @typedef {import('./core.js').Core} Core */
/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Exports} Exports */

const PIECE = 65536; // bytes lent to the core at a time
export const GOING = 0;
export const DONE = 2;
const encoder = new TextEncoder();

/** The secrets are not JSON, or too many, or text was made to be slow. Nothing may pass that should have been scrubbed. */
export class ScrubFault extends Error {
  constructor() {
    super('What was to be scrubbed cannot be: the credential is not JSON or too large, or the text takes too long.');
    this.name = 'ScrubFault';
  }
}

/**
 * Room in the core, with some bytes at its end, for one use.
 * @template T @param {Exports} exports @param {Memory} memory
 * @param {number} size @param {Uint8Array[]} pieces @param {(at: number) => T} use @returns {T}
 */
function lend(exports, memory, size, pieces, use) {
  const at = memory.open(pieces.reduce((sum, { length }) => sum + length, size));
  try {
    let next = at + size;
    for (const piece of pieces) {
      memory.put(next, piece);
      next += piece.length;
    }
    return use(at);
  } finally {
    exports.dc_close();
  }
}

/**
 * The state of a scrub that is begun. It holds the secrets.
 * @param {Exports} exports @param {Memory} memory @param {string} val @param {Iterable<string>} harmless
 * @returns {Uint8Array}
 * @throws {ScrubFault}
 */
export function beginScrub(exports, memory, val, harmless) {
  const secrets = encoder.encode(val);
  const names = encoder.encode([...harmless].join('\n'));
  const size = lend(exports, memory, 0, [secrets, names], (at) =>
    exports.dc_scrub_size(at, secrets.length, at + secrets.length, names.length),
  );
  if (size === 0) throw new ScrubFault();
  const block = rounded(size);
  return lend(exports, memory, block, [secrets, names], (at) => {
    const from = at + block;
    const begun = exports.dc_scrub_begin(at, from, secrets.length, from + secrets.length, names.length);
    if (begun === 0) throw new ScrubFault();
    return memory.bytes(at, size).slice();
  });
}

class Scrubber {
  /** @type {Exports} */ #exports;
  /** @type {Memory} */ #memory;
  /** @type {Uint8Array} */ #state;
  #held = 0;

  /** @param {Exports} exports @param {Memory} memory @param {string} val @param {Iterable<string>} harmless */
  constructor(exports, memory, val, harmless) {
    this.#exports = exports;
    this.#memory = memory;
    this.#state = beginScrub(exports, memory, val, harmless);
  }

  /**
   * @param {Uint8Array} bytes the next ones of the answer
   * @returns {Uint8Array[]} what is known to hold no secret, copied
   */
  push(bytes) {
    const parts = [];
    for (let from = 0; from < bytes.length; from += PIECE) parts.push(this.#piece(bytes.subarray(from, from + PIECE)));
    return parts;
  }

  /** No more input. @returns {Uint8Array} what was held back */
  end() {
    const size = rounded(this.#state.length);
    return lend(this.#exports, this.#memory, size + this.#held, [], (at) => {
      this.#memory.bytes(at, this.#state.length).set(this.#state);
      const done = this.#exports.dc_scrub_end(at, at + size, this.#held);
      this.#state.fill(0); // it holds the secrets
      if (done !== DONE) throw new ScrubFault();
      return this.#memory.bytes(at + size, this.#memory.word(at + 4)).slice();
    });
  }

  /** @param {Uint8Array} bytes */
  #piece(bytes) {
    const size = rounded(this.#state.length);
    const outAt = size + rounded(bytes.length);
    const room = bytes.length + this.#held;
    return lend(this.#exports, this.#memory, outAt + room, [], (at) => {
      this.#memory.bytes(at, this.#state.length).set(this.#state);
      this.#memory.bytes(at + size, bytes.length).set(bytes);
      const going = this.#exports.dc_scrub(at, at + size, bytes.length, at + outAt, room);
      if (going !== GOING || this.#memory.word(at) !== bytes.length) {
        this.#state.fill(0);
        throw new ScrubFault();
      }
      this.#held = this.#memory.word(at + 8);
      this.#state.set(this.#memory.bytes(at, this.#state.length));
      return this.#memory.bytes(at + outAt, this.#memory.word(at + 4)).slice();
    });
  }
}

/**
 * A scrubber for one stream of bytes. The core must be the service's (edge.wasm).
 *
 * @param {Core} core
 * @param {string} val a credential as JSON, or a JSON array of secrets; strings of less than eight bytes do not count
 * @param {Iterable<string>} [harmless] further names under which nothing is secret
 * @throws {ScrubFault}
 * @example
 * const stream = scrubber(core, '{"access_token":"gho_0123456789"}');
 * const parts = [...stream.push(bytes), stream.end()];
 */
export function scrubber(core, val, harmless = []) {
  return core.lend((exports, memory) => new Scrubber(exports, memory, val, harmless));
}

/**
 * What fits into one piece, in one go: the state need not leave the core, and copying it costs more than a short text.
 *
 * @param {Exports} exports @param {Memory} memory @param {string} val @param {Iterable<string>} harmless
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
function scrubShort(exports, memory, val, harmless, bytes) {
  const secrets = encoder.encode(val);
  const names = encoder.encode([...harmless].join('\n'));
  try {
    const from = memory.open(secrets.length + names.length);
    memory.put(from, secrets);
    memory.put(from + secrets.length, names);
    const size = exports.dc_scrub_size(from, secrets.length, from + secrets.length, names.length);
    if (size === 0) throw new ScrubFault();
    const inAt = rounded(size);
    const outAt = inAt + bytes.length;
    const end = outAt + bytes.length;
    const at = memory.open(end + secrets.length + names.length);
    memory.put(at + inAt, bytes);
    memory.put(at + end, secrets);
    memory.put(at + end + secrets.length, names);
    const harmlessAt = at + end + secrets.length;
    if (exports.dc_scrub_begin(at, at + end, secrets.length, harmlessAt, names.length) === 0) throw new ScrubFault();
    const going = exports.dc_scrub(at, at + inAt, bytes.length, at + outAt, bytes.length);
    if (going !== GOING || memory.word(at) !== bytes.length) throw new ScrubFault();
    const first = memory.word(at + 4);
    if (exports.dc_scrub_end(at, at + outAt + first, bytes.length - first) !== DONE) throw new ScrubFault();
    return memory.bytes(at + outAt, first + memory.word(at + 4)).slice();
  } finally {
    exports.dc_close();
  }
}

/**
 * Scrub a whole body.
 *
 * @template {string | Uint8Array} T
 * @param {Core} core @param {string} val @param {T} text @param {Iterable<string>} [harmless]
 * @returns {T extends string ? string : Uint8Array<ArrayBuffer>} of the same kind as `text`
 * @throws {ScrubFault}
 */
export function scrubText(core, val, text, harmless = []) {
  const bytes = /** @type {Uint8Array} */ (typeof text === 'string' ? encoder.encode(text) : text);
  const parts = core.lend((exports, memory) => {
    if (bytes.length <= PIECE) return [scrubShort(exports, memory, val, harmless, bytes)];
    const stream = new Scrubber(exports, memory, val, harmless);
    return [...stream.push(bytes), stream.end()];
  });
  if (typeof text !== 'string' && parts.length === 1) return /** @type {any} */ (parts[0]);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const decoded = typeof text === 'string' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole) : whole;
  return /** @type {any} */ (decoded);
}
