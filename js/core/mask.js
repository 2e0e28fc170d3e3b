// The masker: a stream whose state is a block of bytes that is kept here and lent to the core for each piece,
// so any number of streams go on side by side over one core.

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Exports} Exports */
/**
 * The masking constants of the catalogue.
 * @typedef {Record<'byName'|'state'|'data'|'params'|'connection'|'credentials'|'whole'|'prefix'|'full'|'going'|'fault'|'done', number>} MaskCodes
 */

const PIECE = 65536; // bytes lent to the core at a time
const SHORT = 1 << 18; // a document that is lent to the core as a whole
const LEAST_ROOM = 256; // for what comes out; the core asks for 64
const NOTHING = new Uint8Array(0);
const TOO_MANY = 'Too many harmless names for one masker';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What was to be masked is not one whole JSON document. Nothing of it may be used. */
export class MaskFault extends Error {
  constructor() {
    super('What was to be masked is not one whole, well-formed JSON document.');
    this.name = 'MaskFault';
  }
}

export const rounded = (/** @type {number} */ size) => Math.ceil(size / 8) * 8;

/** What comes out is seldom longer than what goes in, and all that is opened is wiped. @param {Uint8Array} bytes */
export const roomFor = (bytes) => Math.max(rounded(bytes.length), LEAST_ROOM);

/** Harmless names as the core takes them. @param {Iterable<string>} harmless */
export function listed(harmless) {
  const lines = [...harmless].join('\n');
  return lines === '' ? NOTHING : encoder.encode(lines);
}

/**
 * Mask what stands in the core's memory.
 * @param {Exports} exports @param {Memory} memory @param {MaskCodes} codes
 * @param {{ at: number, inAt: number, outAt: number, size: number, room: number }} places `at`: of the state
 * @param {(window: Uint8Array<ArrayBuffer>) => void} take  what comes out, to be copied; it must not call the core
 * @throws {MaskFault}
 */
export function pump(exports, memory, codes, { at, inAt, outAt, size, room }, take) {
  for (let taken = 0; taken < size; ) {
    const going = exports.dc_mask(at, inAt + taken, size - taken, outAt, room);
    const consumed = memory.word(at);
    const produced = memory.word(at + 4);
    if (going !== codes.going || (consumed === 0 && produced === 0)) throw new MaskFault();
    taken += consumed;
    if (produced > 0) take(memory.bytes(outAt, produced));
  }
}

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
    const names = listed(harmless);
    const at = memory.open(rounded(this.#state.length) + names.length);
    try {
      const namesAt = at + rounded(this.#state.length);
      memory.put(namesAt, names);
      const fits = exports.dc_mask_begin(at, scope, style, namesAt, names.length);
      if (fits === 0) throw new RangeError(TOO_MANY);
      this.#state.set(memory.bytes(at, this.#state.length));
    } finally {
      exports.dc_close();
    }
  }

  /**
   * Mask the next bytes.
   *
   * @param {Uint8Array} bytes
   * @param {(masked: Uint8Array<ArrayBuffer>) => void} give  takes copies, in order
   * @throws {MaskFault}
   */
  push(bytes, give) {
    for (let from = 0; from < bytes.length; from += PIECE) {
      /** @type {Uint8Array<ArrayBuffer>[]} */
      const masked = [];
      this.lend(bytes.subarray(from, from + PIECE), (window) => masked.push(window.slice()));
      // Only now: whoever takes the bytes may call the core again.
      for (const part of masked) give(part);
    }
  }

  /**
   * The same without the copies.
   *
   * @param {Uint8Array} bytes
   * @param {(window: Uint8Array<ArrayBuffer>) => void} take  what comes out, to be copied at once; it must not call
   *   the core
   * @throws {MaskFault} and what was taken before is of no use
   */
  lend(bytes, take) {
    for (let from = 0; from < bytes.length; from += PIECE) this.#piece(bytes.subarray(from, from + PIECE), take);
  }

  /** No more input. @throws {MaskFault} when the document was cut short */
  end() {
    const at = this.#memory.open(this.#state.length);
    try {
      this.#memory.put(at, this.#state);
      if (this.#exports.dc_mask_end(at) !== this.#codes.done) throw new MaskFault();
    } finally {
      this.#exports.dc_close();
      this.#state.fill(0); // an unfinished value may stand in it, and nothing may follow
    }
  }

  /** @param {Uint8Array} bytes @param {(window: Uint8Array<ArrayBuffer>) => void} take */
  #piece(bytes, take) {
    const memory = this.#memory;
    const size = this.#state.length;
    const room = roomFor(bytes);
    const at = memory.open(rounded(size) + rounded(bytes.length) + room);
    const inAt = at + rounded(size);
    const outAt = inAt + rounded(bytes.length);
    try {
      memory.put(at, this.#state);
      memory.put(inAt, bytes);
      pump(this.#exports, memory, this.#codes, { at, inAt, outAt, size: bytes.length, room }, take);
      this.#state.set(memory.bytes(at, size));
    } catch (error) {
      this.#state.fill(0); // which is a masker at fault: nothing comes out of it any more
      throw error;
    } finally {
      this.#exports.dc_close();
    }
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

/** @typedef {{ scope: number, style: number, harmless: Iterable<string> }} How */

/**
 * Mask a whole document at once.
 *
 * @template {string | Uint8Array} T
 * @param {Exports} exports
 * @param {Memory} memory
 * @param {MaskCodes} codes
 * @param {T} document
 * @param {How} how
 * @returns {T extends string ? string : Uint8Array<ArrayBuffer>} of the same kind as `document`
 * @throws {MaskFault}
 */
export function maskWhole(exports, memory, codes, document, how) {
  /** @type {Uint8Array} */
  const bytes = typeof document === 'string' ? encoder.encode(document) : document;
  /** @type {Uint8Array[]} */
  const parts = [];
  maskAll(exports, memory, codes, bytes, how, (window) => parts.push(window.slice()));
  const whole = parts.length === 1 ? parts[0] : joined(parts);
  return /** @type {any} */ (typeof document === 'string' ? decoder.decode(whole) : whole);
}

/**
 * The same into room that the caller has: making room for every document costs more than masking a short one.
 *
 * @param {Exports} exports @param {Memory} memory @param {MaskCodes} codes
 * @param {Uint8Array} bytes @param {How} how
 * @param {Uint8Array} target  may be `bytes` itself
 * @returns {number} how many bytes of it were written; -1: they are too few, and what it holds is of no use
 * @throws {MaskFault} likewise
 */
export function maskInto(exports, memory, codes, bytes, how, target) {
  // Where `target` is `bytes`, all that is written so far must have been read: masked, a document can be longer.
  const source = bytes.length > SHORT && target.buffer === bytes.buffer ? bytes.slice() : bytes;
  let written = 0;
  maskAll(exports, memory, codes, source, how, (window) => {
    if (written + window.length <= target.length) target.set(window, written);
    written += window.length;
  });
  return written <= target.length ? written : -1;
}

/**
 * A short document is lent to the core together with its state, so that neither is copied more often than it must be.
 *
 * @param {Exports} exports @param {Memory} memory @param {MaskCodes} codes @param {Uint8Array} bytes
 * @param {How} how @param {(window: Uint8Array<ArrayBuffer>) => void} take  as in Masker.lend
 */
function maskAll(exports, memory, codes, bytes, how, take) {
  if (bytes.length <= SHORT) {
    maskShort(exports, memory, codes, bytes, how, take);
    return;
  }
  const masker = new Masker(exports, memory, codes, how.scope, how.style, how.harmless);
  masker.lend(bytes, take);
  masker.end();
}

/**
 * @param {Exports} exports @param {Memory} memory @param {MaskCodes} codes @param {Uint8Array} bytes
 * @param {How} how @param {(window: Uint8Array<ArrayBuffer>) => void} take
 */
function maskShort(exports, memory, codes, bytes, { scope, style, harmless }, take) {
  const names = listed(harmless);
  const size = exports.dc_mask_size();
  const room = roomFor(bytes);
  const at = memory.open(size + room + bytes.length + names.length);
  const [outAt, inAt, namesAt] = [at + size, at + size + room, at + size + room + bytes.length];
  try {
    memory.put(inAt, bytes);
    if (names.length > 0) memory.put(namesAt, names);
    if (exports.dc_mask_begin(at, scope, style, namesAt, names.length) === 0) throw new RangeError(TOO_MANY);
    pump(exports, memory, codes, { at, inAt, outAt, size: bytes.length, room }, take);
    if (exports.dc_mask_end(at) !== codes.done) throw new MaskFault();
  } finally {
    exports.dc_close();
  }
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
