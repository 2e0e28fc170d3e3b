// What the core and its host share: one linear memory. This file copies in and out of it and nothing else.

const encoder = new TextEncoder();
// fatal: what the core hands out is UTF-8 or a defect; ignoreBOM: a byte order mark is part of the text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** How many bytes of UTF-8 one UTF-16 unit can become at most. */
const WIDEST = 3;

/**
 * The exports of devcaster.wasm (src/devcaster.h says what each one does).
 *
 * @typedef {Record<string, (...numbers: number[]) => number> & { memory: WebAssembly.Memory }} Exports
 */

export class Memory {
  /** @type {Exports} */ #exports;
  /** @type {ArrayBuffer | undefined} */ #buffer;
  #bytes = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));

  /** @param {Exports} exports */
  constructor(exports) {
    this.#exports = exports;
  }

  // The memory grows now and then, and every view of the old buffer is dead from then on.
  #renew() {
    const { buffer } = this.#exports.memory;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** @param {number} at @returns {number} */
  word(at) {
    this.#renew();
    return this.#view.getUint32(at, true);
  }

  /** A live window, good until the next call of the core. @param {number} at @param {number} size */
  bytes(at, size) {
    this.#renew();
    return this.#bytes.subarray(at, at + size);
  }

  /** @param {number} at @param {Uint8Array} bytes */
  put(at, bytes) {
    this.#renew();
    this.#bytes.set(bytes, at);
  }

  /** A text of the core's, copied. @param {number} at @param {number} size @returns {string} */
  text(at, size) {
    return size === 0 ? '' : decoder.decode(this.bytes(at, size));
  }

  /**
   * Open room in the core and put the pieces there, one behind the other.
   *
   * @param {(string | Uint8Array)[]} pieces
   * @returns {number} how many bytes they are
   */
  write(pieces) {
    let widest = 0;
    for (const piece of pieces) widest += piece.length * (typeof piece === 'string' ? WIDEST : 1);
    // A long text is measured first by encoding it, so that the room is not three times what it needs.
    if (widest > 65536) {
      pieces = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
      widest = pieces.reduce((sum, piece) => sum + piece.length, 0);
    }
    let at = this.open(widest);
    const start = at;
    const room = this.bytes(at, widest);
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        at += encoder.encodeInto(piece, room.subarray(at - start)).written;
      } else {
        room.set(piece, at - start);
        at += piece.length;
      }
    }
    return at - start;
  }

  /** @param {number} size @returns {number} the address of that much room */
  open(size) {
    const at = this.#exports.dc_open(size);
    if (at === 0) throw new RangeError(`The core has no room for ${size} bytes`);
    return at;
  }
}
