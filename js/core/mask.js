// The masker: a stream whose state is a block of bytes that is kept here and lent to the core for each piece,
// so any number of streams go on side by side over one core.

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Exports} Exports */
/**
 * The masking constants of the catalogue.
 * @typedef {Record<'byName'|'state'|'data'|'params'|'connection'|'credentials'|'whole'|'prefix'|'full'|'going'|'fault'|'done', number>} MaskCodes
 */

const PIECE = 65536; // bytes lent to the core at a time
const encoder = new TextEncoder();

/** What was to be masked is not one whole JSON document. Nothing of it may be used. */
export class MaskFault extends Error {
  constructor() {
    super('What was to be masked is not one whole, well-formed JSON document.');
    this.name = 'MaskFault';
  }
}

const rounded = (/** @type {number} */ size) => Math.ceil(size / 8) * 8;

export class Masker {
  /** @type {Exports} */ #exports;
  /** @type {Memory} */ #memory;
  /** @type {MaskCodes} */ #codes;
  /** @type {Uint8Array} */ #state;

  /**
   * @param {Exports} exports
   * @param {Memory} memory
   * @param {MaskCodes} codes
   * @param {number} scope  bits of the catalogue
   * @param {number} style
   * @param {Iterable<string>} harmless  further names that are not secret
   */
  constructor(exports, memory, codes, scope, style, harmless) {
    this.#exports = exports;
    this.#memory = memory;
    this.#codes = codes;
    this.#state = new Uint8Array(exports.dc_mask_size());
    const names = encoder.encode([...harmless].join('\n'));
    const at = memory.open(rounded(this.#state.length) + names.length);
    try {
      const namesAt = at + rounded(this.#state.length);
      memory.bytes(namesAt, names.length).set(names);
      const fits = exports.dc_mask_begin(at, scope, style, namesAt, names.length);
      if (fits === 0) throw new RangeError('Too many harmless names for one masker');
      this.#state.set(memory.bytes(at, this.#state.length));
    } finally {
      exports.dc_close();
    }
  }

  /**
   * Mask the next bytes.
   *
   * @param {Uint8Array} bytes
   * @param {(masked: Uint8Array) => void} give  takes copies, in order
   * @throws {MaskFault}
   */
  push(bytes, give) {
    for (let from = 0; from < bytes.length; from += PIECE) this.#piece(bytes.subarray(from, from + PIECE), give);
  }

  /** No more input. @throws {MaskFault} when the document was cut short */
  end() {
    const at = this.#memory.open(this.#state.length);
    try {
      this.#memory.bytes(at, this.#state.length).set(this.#state);
      if (this.#exports.dc_mask_end(at) !== this.#codes.done) throw new MaskFault();
    } finally {
      this.#exports.dc_close();
      this.#state.fill(0); // an unfinished value may stand in it
    }
  }

  /** @param {Uint8Array} bytes @param {(masked: Uint8Array) => void} give */
  #piece(bytes, give) {
    const memory = this.#memory;
    const size = this.#state.length;
    /** @type {Uint8Array[]} */
    const masked = [];
    const at = memory.open(rounded(size) + rounded(bytes.length) + PIECE);
    const inAt = at + rounded(size);
    const outAt = inAt + rounded(bytes.length);
    try {
      memory.bytes(at, size).set(this.#state);
      memory.bytes(inAt, bytes.length).set(bytes);
      let taken = 0;
      while (taken < bytes.length) {
        const going = this.#exports.dc_mask(at, inAt + taken, bytes.length - taken, outAt, PIECE);
        const consumed = memory.word(at);
        const produced = memory.word(at + 4);
        if (going !== this.#codes.going || (consumed === 0 && produced === 0)) throw new MaskFault();
        taken += consumed;
        if (produced > 0) masked.push(memory.bytes(outAt, produced).slice());
      }
      this.#state.set(memory.bytes(at, size));
    } finally {
      this.#exports.dc_close();
    }
    // Only now: whoever takes the bytes may call the core again.
    for (const part of masked) give(part);
  }
}

/**
 * A masker as a stream of bytes. On a fault the stream errors; it never ends as if all were well.
 *
 * @param {() => Masker | Promise<Masker>} make
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
export function toStream(make) {
  /** @type {Masker} */
  let masker;
  return new TransformStream({
    async start() {
      masker = await make();
    },
    transform: (bytes, controller) => masker.push(bytes, (masked) => controller.enqueue(masked)),
    flush: () => masker.end(),
  });
}

/**
 * Mask a text at once.
 *
 * @param {Masker} masker
 * @param {string | Uint8Array} text
 * @returns {string}
 * @throws {MaskFault}
 */
export function toText(masker, text) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let masked = '';
  masker.push(typeof text === 'string' ? encoder.encode(text) : text, (bytes) => {
    masked += decoder.decode(bytes, { stream: true });
  });
  masker.end();
  return masked + decoder.decode();
}
