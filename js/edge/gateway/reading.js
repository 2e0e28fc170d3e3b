/** Reading what the API answers: the whole of a short answer, a long one piece by piece. */

import { joined } from '../bytes.js';
import { UpstreamFault } from './upstream.js';

/** @typedef {import('./upstream.js').Exchange} Exchange */

/** The longest answer that is checked before its first byte goes out. */
export const WHOLE = 1 << 20;
/** What is read of a longer one at a time. */
const PIECE = 1 << 16;

/** Reads the pieces of a body, where the platform can into large ones: its own are of 4 KB. */
export class Pieces {
  /** @type {any} */ #reader;
  /** @type {boolean} */ #bytes;
  /** @type {Exchange} */ #exchange;
  #flowing = false;
  #room = new Uint8Array(0);
  /** @type {Uint8Array<ArrayBuffer>[]} what was read and comes again */ #held = [];

  /** @param {ReadableStream<Uint8Array>} stream @param {Exchange} exchange */
  constructor(stream, exchange) {
    this.#exchange = exchange;
    try {
      this.#reader = stream.getReader({ mode: 'byob' });
      this.#bytes = true;
    } catch {
      this.#reader = stream.getReader();
      this.#bytes = false;
    }
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer> | null>} good until the next one is read; null: the end */
  async next() {
    const held = this.#held.shift();
    if (held) return this.#cut(held);
    if (this.#flowing) this.#exchange.renew();
    const { done, value } = await this.#exchange.wait(this.#bytes ? this.#fill() : this.#reader.read());
    if (this.#flowing) this.#exchange.close(); // how long the reader takes over it is no fault of the API's
    return done ? null : this.#cut(value);
  }

  /** No more of a large piece than is masked at a time. @param {Uint8Array<ArrayBuffer>} piece */
  #cut(piece) {
    if (piece.byteLength <= PIECE) return piece;
    this.#held.unshift(piece.subarray(PIECE));
    return piece.subarray(0, PIECE);
  }

  /**
   * From here on each piece has a time of its own. Until then there is one for all of them together, or an API that trickles
   * would have us hold what comes for very long.
   * @param {Uint8Array<ArrayBuffer>[]} [read] comes again, before all else
   */
  flow(read = []) {
    this.#held.unshift(...read);
    this.#flowing = true;
    this.#exchange.close();
    return this;
  }

  /** Are they in a block of our own, which may be written over? Else whoever made them may need them again. */
  get lent() {
    return this.#bytes;
  }

  /** Milliseconds until the whole must have been taken. */
  get left() {
    return this.#exchange.left;
  }

  cancel() {
    this.#exchange.abort();
    this.#reader.cancel().catch(() => {});
  }

  async #fill() {
    const room = this.#room.byteLength === 0 ? new Uint8Array(PIECE) : this.#room;
    const reader = this.#reader;
    const read = await (reader.readAtLeast ? reader.readAtLeast(PIECE / 2, room) : reader.read(room));
    // The buffer went away with the question and comes back with the answer, as one that may be used again.
    this.#room = read.value ? new Uint8Array(read.value.buffer) : new Uint8Array(0);
    return read;
  }
}

/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, rest: Pieces | null }} Start `rest`: it is too long for `bytes` */

/**
 * The whole of an answer, or the beginning of a long one.
 * @param {Response} response
 * @param {Exchange} exchange
 * @returns {Promise<Start>}
 * @throws {UpstreamFault}
 */
export const readStart = async (response, exchange) => {
  const { headers, body } = response;
  const length = headers.get('content-length');
  // What came encoded although nobody asked for it may be a thousand times as long as it says.
  const known = length !== null && !headers.has('content-encoding');
  if (!body) return { bytes: new Uint8Array(0), rest: null };
  if (known && Number(length) <= WHOLE) {
    return { bytes: new Uint8Array(await exchange.wait(response.arrayBuffer())), rest: null };
  }
  const pieces = new Pieces(body, exchange);
  return known ? { bytes: new Uint8Array(0), rest: pieces.flow() } : collect(pieces);
};

/** An answer that does not say how long it is. @param {Pieces} pieces @returns {Promise<Start>} @throws {UpstreamFault} */
const collect = async (pieces) => {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  try {
    for (let part = await pieces.next(); part; part = await pieces.next()) {
      parts.push(part.slice());
      size += part.byteLength;
      if (size > WHOLE) return { bytes: new Uint8Array(0), rest: pieces.flow(parts) };
    }
    return { bytes: joined(parts, size), rest: null };
  } catch (error) {
    pieces.cancel();
    throw error;
  }
};

/**
 * The whole of an answer that must be short.
 * @param {Response} response @param {Exchange} exchange @param {number} [most] bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {UpstreamFault} when it is not
 */
export const readWhole = async (response, exchange, most = WHOLE) => {
  const { bytes, rest } = await readStart(response, exchange);
  if (rest || bytes.byteLength > most) {
    rest?.cancel();
    throw new UpstreamFault('upstream_unusable', 'too long');
  }
  exchange.close();
  return bytes;
};
