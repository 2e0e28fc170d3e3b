// What a gateway lets out of an answer: masked, and without the gateway's own secrets. A short answer stays in the core
// for all of it; of a long one the two states are kept here and lent to the core for each piece.
import { readReply } from './base.js';
import { listed, MaskFault, pump, roomFor, rounded } from './mask.js';
import { beginScrub, DONE, GOING, ScrubFault } from './scrub.js';

/** @typedef {import('./core.js').Core} Core */
/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Exports} Exports */
/** @typedef {import('./mask.js').MaskCodes} MaskCodes */
/** @typedef {import('./reply.js').Reply} Reply */

/** @typedef {{ exports: Exports, memory: Memory, codes: MaskCodes }} Inside the core, as it lends itself */
/** @typedef {{ mask: number, scrub: number, mid: number, room: number, in: number, out: number }} Places */

const encoder = new TextEncoder();

/** An answer that is not the caller's. */
export class NotOwned extends Error {
  /** @param {Reply} reply the refusal */
  constructor(reply) {
    super('The answer is not the caller’s.');
    this.name = 'NotOwned';
    this.reply = reply;
  }
}

/**
 * Take the secrets out of what was masked, from the room in the middle to its place.
 * @param {Inside} inside @param {Places} at @param {number} size @param {number} room
 * @returns {number} bytes that are out
 * @throws {ScrubFault}
 */
function scrub({ exports, memory }, at, size, room) {
  const going = exports.dc_scrub(at.scrub, at.mid, size, at.out, room);
  if (going !== GOING || memory.word(at.scrub) !== size) throw new ScrubFault();
  return memory.word(at.scrub + 4);
}

/**
 * What the scrub has held back.
 * @param {Inside} inside @param {Places} at @param {number} out where to @param {number} room
 * @returns {number} bytes
 * @throws {ScrubFault}
 */
function scrubEnd({ exports, memory }, at, out, room) {
  if (exports.dc_scrub_end(at.scrub, out, room) !== DONE) throw new ScrubFault();
  return memory.word(at.scrub + 4);
}

/** One long answer. What has met a fault gives nothing more: its states are wiped. */
class ScreenStream {
  /** @type {Inside} */ #inside;
  /** @type {Uint8Array} */ #mask;
  /** @type {Uint8Array} */ #scrub;
  #held = 0;

  /** @param {Inside} inside @param {Uint8Array} mask @param {Uint8Array} scrub states that are begun, its own */
  constructor(inside, mask, scrub) {
    this.#inside = inside;
    this.#mask = mask;
    this.#scrub = scrub;
  }

  /**
   * @param {Uint8Array} bytes the next ones
   * @param {(window: Uint8Array<ArrayBuffer>) => void} take what may go out, to be copied at once; it must not call the core
   * @throws {MaskFault | ScrubFault}
   */
  push(bytes, take) {
    const room = roomFor(bytes);
    this.#lend(room, rounded(bytes.length), room, (at) => {
      const inside = this.#inside;
      const { exports, memory, codes } = inside;
      memory.put(at.in, bytes);
      const places = { at: at.mask, inAt: at.in, outAt: at.mid, size: bytes.length, room };
      pump(exports, memory, codes, places, ({ length }) => {
        const size = scrub(inside, at, length, length + this.#held);
        this.#held = memory.word(at.scrub + 8);
        if (size > 0) take(memory.bytes(at.out, size));
      });
    });
  }

  /** No more of it. @param {(window: Uint8Array<ArrayBuffer>) => void} take likewise @throws {MaskFault | ScrubFault} */
  end(take) {
    this.#lend(0, 0, 0, (at) => {
      const { exports, memory, codes } = this.#inside;
      if (exports.dc_mask_end(at.mask) !== codes.done) throw new MaskFault();
      const size = scrubEnd(this.#inside, at, at.out, this.#held);
      if (size > 0) take(memory.bytes(at.out, size));
    });
    this.#wipe();
  }

  #wipe() {
    this.#mask.fill(0);
    this.#scrub.fill(0);
  }

  /**
   * Both states in the core, and room; then they are here again.
   * @param {number} room in the middle @param {number} size of what is put in @param {number} more room for what comes out
   * @param {(at: Places) => void} use
   */
  #lend(room, size, more, use) {
    const { exports, memory } = this.#inside;
    // Of what is held back, all may come out with the next piece, and it fits into the state.
    const out = rounded(this.#mask.length) + rounded(this.#scrub.length) + room + size;
    const mask = memory.open(out + more + this.#scrub.length);
    const scrub = mask + rounded(this.#mask.length);
    const mid = scrub + rounded(this.#scrub.length);
    try {
      memory.put(mask, this.#mask);
      memory.put(scrub, this.#scrub);
      use({ mask, scrub, mid, room, in: mid + room, out: mask + out });
      this.#mask.set(memory.bytes(mask, this.#mask.length));
      this.#scrub.set(memory.bytes(scrub, this.#scrub.length));
    } catch (error) {
      this.#wipe();
      throw error;
    } finally {
      exports.dc_close();
    }
  }
}

export class Screen {
  /** @type {Inside} */ #inside;
  /** @type {number} */ #style;
  /** @type {Uint8Array} */ #harmless;
  /** @type {Uint8Array} */ #scrub;

  /**
   * @param {Inside} inside @param {number} style @param {Iterable<string>} harmless @param {string} secrets as JSON
   * @throws {ScrubFault}
   */
  constructor(inside, style, harmless, secrets) {
    this.#inside = inside;
    this.#style = style;
    this.#harmless = listed(harmless);
    // Beginning one takes longer than scrubbing a short answer, and is the same each time.
    this.#scrub = beginScrub(inside.exports, inside.memory, secrets, []);
    this.stream(0); // names that no masker takes are found out now
  }

  /**
   * A whole answer.
   * @param {Uint8Array} bytes
   * @param {number} scope bits of the catalogue
   * @param {object | null} read whose it must be, one of dc_forward's `reads`
   * @returns {Uint8Array<ArrayBuffer>}
   * @throws {MaskFault | ScrubFault | NotOwned}
   */
  whole(bytes, scope, read) {
    const { exports, memory } = this.#inside;
    const wanted = read === null ? this.#harmless : encoder.encode(JSON.stringify(read));
    const tail = Math.max(wanted.length, this.#harmless.length);
    const mid = rounded(exports.dc_mask_size()) + rounded(this.#scrub.length);
    let room = roomFor(bytes);
    for (;;) {
      const mask = memory.open(mid + 2 * room + tail);
      const scrub = mask + rounded(exports.dc_mask_size());
      const at = { mask, scrub, mid: mask + mid, room, in: mask + mid + room, out: mask + mid + room };
      try {
        memory.put(at.in, bytes);
        const size = this.#mask(at, bytes.length, scope, at.in + room);
        if (size < 0) {
          room *= 2; // masked, most answers are shorter
          continue;
        }
        if (read !== null) this.#own(at.in, bytes.length, wanted, at.in + room);
        return this.#scrubbed(at, size);
      } finally {
        exports.dc_close();
      }
    }
  }

  /** A long answer, piece by piece. @param {number} scope bits of the catalogue @returns {ScreenStream} */
  stream(scope) {
    const { exports, memory } = this.#inside;
    const size = exports.dc_mask_size();
    const at = memory.open(rounded(size) + this.#harmless.length);
    try {
      this.#begin(at, scope, at + rounded(size));
      return new ScreenStream(this.#inside, memory.bytes(at, size).slice(), this.#scrub.slice());
    } finally {
      exports.dc_close();
    }
  }

  /** @param {number} mask @param {number} scope @param {number} namesAt */
  #begin(mask, scope, namesAt) {
    const { exports, memory } = this.#inside;
    if (this.#harmless.length > 0) memory.put(namesAt, this.#harmless);
    const begun = exports.dc_mask_begin(mask, scope, this.#style, namesAt, this.#harmless.length);
    if (begun === 0) throw new RangeError('Too many harmless names for one masker');
  }

  /**
   * The whole at once, into the room in the middle.
   * @param {Places} at @param {number} size @param {number} scope @param {number} namesAt
   * @returns {number} bytes that are there; -1: the room is too small
   */
  #mask(at, size, scope, namesAt) {
    const { exports, memory, codes } = this.#inside;
    this.#begin(at.mask, scope, namesAt);
    if (exports.dc_mask(at.mask, at.in, size, at.mid, at.room) !== codes.going) throw new MaskFault();
    const [consumed, produced] = [memory.word(at.mask), memory.word(at.mask + 4)];
    if (consumed < size) return -1;
    if (exports.dc_mask_end(at.mask) !== codes.done) throw new MaskFault();
    return produced;
  }

  /** @param {number} at @param {number} size @param {Uint8Array} read @param {number} readAt */
  #own(at, size, read, readAt) {
    const { exports, memory } = this.#inside;
    memory.put(readAt, read);
    const reply = readReply(memory, exports.dc_owned_at(readAt, read.length, at, size));
    if (!reply.ok) throw new NotOwned(reply);
  }

  /** Out of the middle, over what was read: that is not needed any more. @param {Places} at @param {number} size */
  #scrubbed(at, size) {
    const { memory } = this.#inside;
    memory.put(at.scrub, this.#scrub);
    const first = scrub(this.#inside, at, size, at.room);
    const held = scrubEnd(this.#inside, at, at.out + first, at.room - first);
    return memory.bytes(at.out, first + held).slice();
  }
}

/**
 * @param {Core} core the service's (edge.wasm)
 * @param {number} style @param {Iterable<string>} harmless further names that are not secret
 * @param {string} secrets a JSON array: what is in no answer, in any form
 * @returns {Screen}
 */
export const openScreen = (core, style, harmless, secrets) =>
  core.lend((exports, memory) => new Screen({ exports, memory, codes: core.catalog.mask }, style, harmless, secrets));
