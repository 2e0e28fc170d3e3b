/** What goes out of an answer: masked, and scrubbed of the gateway's key. The first fault ends it, and never as if all were well. */

import { MaskFault } from '../../core/core.js';
import { scrubber, scrubText } from '../../core/scrub.js';
import { UpstreamFault } from './upstream.js';

/** @typedef {import('../../core/core.js').Core} Core */
/** @typedef {import('./options.js').Settings} Settings */
/** @typedef {Awaited<ReturnType<typeof import('./reading.js').readStart>>} Start */

const ROOM = 40 * 1024; // a piece, and a little more for what masking makes longer

/** @typedef {{ mask: number }} How the core's word on an operation's answers */

/** The secrets that the gateway itself has sent. @param {Settings} settings */
const secretsOf = ({ apiKey }) => JSON.stringify([apiKey]);

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

/** @param {Core} core @param {Settings} settings */
const styleOf = ({ catalog }, { mask }) => (mask === 'full' ? catalog.mask.full : catalog.mask.prefix);

/**
 * A short answer. Whatever passes is one whole JSON document.
 * @param {Core} core @param {Settings} settings @param {Uint8Array<ArrayBuffer>} bytes @param {How} how
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {UpstreamFault}
 */
export const maskedWhole = (core, settings, bytes, { mask }) => {
  try {
    const masked = core.mask(bytes, mask, styleOf(core, settings), settings.harmless);
    return scrubText(core, secretsOf(settings), masked);
  } catch {
    throw new UpstreamFault('upstream_unusable', 'no JSON');
  }
};

/** What is ready to go out, in one block of bytes that is used again and again: a long answer leaves no garbage behind. */
class Outgoing {
  #room = new Uint8Array(ROOM);
  #size = 0;

  /** Takes a copy. @param {Uint8Array} bytes */
  put(bytes) {
    const size = this.#size + bytes.byteLength;
    if (size > this.#room.byteLength) {
      const larger = new Uint8Array(2 * size);
      larger.set(this.#room.subarray(0, this.#size));
      this.#room = larger;
    }
    this.#room.set(bytes, this.#size);
    this.#size = size;
  }

  /** @returns {Uint8Array<ArrayBuffer>} good until something is put again */
  take() {
    const bytes = this.#room.subarray(0, this.#size);
    // What one piece has needed once is not held for as long as the answer lasts.
    if (this.#room.byteLength > 4 * ROOM) this.#room = new Uint8Array(ROOM);
    this.#size = 0;
    return bytes;
  }
}

/** @param {Core} core @param {Settings} settings @param {How} how */
const passes = (core, settings, { mask }) => {
  const masker = core.masker(mask, styleOf(core, settings), settings.harmless);
  const scrubs = scrubber(core, secretsOf(settings));
  const out = new Outgoing();
  return {
    /** @param {Uint8Array} bytes */
    push(bytes) {
      masker.push(bytes, (masked) => {
        for (const part of scrubs.push(masked)) out.put(part);
      });
      return out.take();
    },
    end() {
      masker.end();
      out.put(scrubs.end());
      return out.take();
    },
  };
};

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
 * @param {Core} core @param {Settings} settings @param {Start} start @param {How} how
 * @param {(fault: string | null) => void} over null: it went well
 * @returns {ReadableStream<Uint8Array>}
 */
export const maskedStream = (core, settings, { bytes, rest }, how, over) => {
  const { readable, writer, keeps, cut } = openWay();
  // A reader that takes nothing holds what was read for it: not for ever.
  const end = setTimeout(() => cut(new UpstreamFault('upstream_timeout')), rest?.left);
  /** @param {Uint8Array<ArrayBuffer>} part */
  const write = async (part) => {
    if (part.byteLength > 0) await writer.write(keeps ? part.slice() : part);
  };
  const pump = async () => {
    const pass = passes(core, settings, how);
    await write(pass.push(bytes));
    for (let piece = await rest?.next(); piece; piece = await rest?.next()) await write(pass.push(piece));
    await write(pass.end());
    await writer.close();
  };
  pump().then(
    () => {
      clearTimeout(end);
      over(null);
    },
    (error) => {
      clearTimeout(end);
      rest?.cancel();
      // The connection breaks: who reads must not take the beginning for the whole.
      writer.abort(new UpstreamFault('upstream_unusable')).catch(() => {});
      over(
        error instanceof UpstreamFault ? error.fault : error instanceof MaskFault ? 'upstream_unusable' : 'abandoned',
      );
    },
  );
  return readable;
};
