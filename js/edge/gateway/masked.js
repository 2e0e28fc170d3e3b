/** What goes out of an answer: masked, and scrubbed of the gateway's key. The first fault ends it, and never as if all were well. */

import { MaskFault } from '../../core/core.js';
import { openScreen } from '../../core/screen.js';
import { ScrubFault, scrubText } from '../../core/scrub.js';
import { UpstreamFault } from './upstream.js';

/** @typedef {import('../../core/core.js').Core} Core */
/** @typedef {import('../../core/screen.js').Screen} Screen */
/** @typedef {import('./options.js').Settings} Settings */
/** @typedef {import('./reading.js').Pieces} Pieces */

/** @typedef {{ mask: number }} How the core's word on an operation's answers */

const RUN = 8; // bytes; the scrub looks for nothing shorter

/**
 * An error of the API's without the gateway's key, nor a longer part of it: an error likes to show the beginning of a key.
 * Every part is made of runs, and runs that overlap are hidden as one.
 * @param {Core} core @param {Settings} settings @param {Uint8Array} bytes
 */
export const scrubbed = (core, settings, bytes) => {
  const { apiKey } = settings;
  const runs = Array.from({ length: Math.max(1, apiKey.length - RUN + 1) }, (_, at) => apiKey.slice(at, at + RUN));
  return scrubText(core, JSON.stringify([...new Set(runs)]), bytes);
};

/**
 * What all answers go through: the one secret that the gateway itself has sent is in none of them.
 * @param {Core} core @param {Settings} settings @returns {Screen}
 * @throws {TypeError} when the names are too many
 */
export const screenOf = (core, { mask, harmless, apiKey }) => {
  const style = mask === 'full' ? core.catalog.mask.full : core.catalog.mask.prefix;
  try {
    return openScreen(core, style, harmless, JSON.stringify([apiKey]));
  } catch {
    throw new TypeError('createHandler: harmless has too many names, or upstream.apiKey is too long');
  }
};

/** Is it the answer's fault? @param {unknown} error */
const isFault = (error) => error instanceof MaskFault || error instanceof ScrubFault;

/**
 * A short answer. Whatever passes is one whole JSON document.
 * @param {Screen} screen @param {Uint8Array<ArrayBuffer>} bytes @param {How} how
 * @param {object | null} own whose it must be, one of the core's `reads`
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {UpstreamFault | import('../../core/screen.js').NotOwned}
 */
export const maskedWhole = (screen, bytes, { mask }, own) => {
  try {
    return screen.whole(bytes, mask, own);
  } catch (error) {
    throw isFault(error) ? new UpstreamFault('upstream_unusable', 'no JSON') : error;
  }
};

/** What is ready to go out of one piece, in a block of bytes that is there already: a long answer leaves no garbage behind. */
class Outgoing {
  #room;
  #size = 0;

  /** @param {Uint8Array<ArrayBuffer>} room that may be written over */
  constructor(room) {
    this.#room = room;
  }

  /** Takes a copy. @param {Uint8Array} bytes */
  put(bytes) {
    const size = this.#size + bytes.byteLength;
    if (size > this.#room.byteLength) {
      const larger = new Uint8Array(2 * size);
      larger.set(this.bytes);
      this.#room = larger;
    }
    this.#room.set(bytes, this.#size);
    this.#size = size;
  }

  get bytes() {
    return this.#room.subarray(0, this.#size);
  }
}

/**
 * A way out that holds nothing back. Workers have one whose bytes may be used again once they are written; with others the
 * reader keeps what it is given.
 * @returns {{ readable: ReadableStream<Uint8Array>, writer: WritableStreamDefaultWriter<any>, keeps: boolean, cut: (error: Error) => void }}
 *   cut: ends it at once, also while something is being written
 */
const openWay = () => {
  const Identity = /** @type {any} */ (globalThis).IdentityTransformStream;
  /** @type {TransformStreamDefaultController<any> | undefined} */
  let controller;
  const start = (/** @type {TransformStreamDefaultController<any>} */ given) => {
    controller = given;
  };
  const { readable, writable } = Identity ? new Identity() : new TransformStream({ start });
  const writer = writable.getWriter();
  // The standard's abort waits for a write that goes on, and that waits for the reader.
  const cut = (/** @type {Error} */ error) =>
    controller ? controller.error(error) : void writer.abort(error).catch(() => {});
  return { readable, writer, keeps: !Identity, cut };
};

/**
 * A long answer, as fast as its reader takes it and no faster: one piece is in hand at a time.
 * @param {Screen} screen @param {Pieces} rest @param {How} how
 * @param {(fault: string | null) => void} over null: it went well
 * @returns {ReadableStream<Uint8Array>}
 */
export const maskedStream = (screen, rest, how, over) => {
  const { readable, writer, keeps, cut } = openWay();
  // A reader that takes nothing holds what was read for it: not for ever.
  const end = setTimeout(() => cut(new UpstreamFault('upstream_timeout')), rest.left);
  /** @param {Uint8Array<ArrayBuffer>} part */
  const write = async (part) => {
    if (part.byteLength > 0) await writer.write(keeps ? part.slice() : part);
  };
  const pump = async () => {
    const stream = screen.stream(how.mask);
    for (let piece = await rest.next(); piece; piece = await rest.next()) {
      const out = new Outgoing(rest.lent ? piece : new Uint8Array(piece.byteLength));
      stream.push(piece, (window) => out.put(window));
      await write(out.bytes);
    }
    const last = new Outgoing(new Uint8Array(0));
    stream.end((window) => last.put(window));
    await write(last.bytes);
    await writer.close();
  };
  pump().then(
    () => {
      clearTimeout(end);
      over(null);
    },
    (error) => {
      clearTimeout(end);
      rest.cancel();
      // The connection breaks: who reads must not take the beginning for the whole.
      writer.abort(new UpstreamFault('upstream_unusable')).catch(() => {});
      over(error instanceof UpstreamFault ? error.fault : isFault(error) ? 'upstream_unusable' : 'abandoned');
    },
  );
  return readable;
};
