// Reading an answer's bytes, never more than a bound: a server that sends without end must not fill the memory.
import { ConnectionError } from './errors.js';

/** Far over any answer of the service: a full page of accounts with large credentials is about 10 MiB. */
export const LARGEST_ANSWER = 64 * 1024 * 1024;

/**
 * @param {Response} response
 * @param {number} [most] bytes
 * @returns {Promise<Uint8Array>}
 * @throws {ConnectionError} when there are more
 */
export async function readBytes(response, most = LARGEST_ANSWER) {
  if (Number(response.headers.get('content-length')) > most) {
    await response.body?.cancel();
    throw tooLarge(most);
  }
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const reader = response.body.getReader();
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(pieces, size);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw tooLarge(most);
    }
    pieces.push(value);
  }
}

/** @param {Uint8Array[]} pieces @param {number} size */
function joined(pieces, size) {
  if (pieces.length === 1) return pieces[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** @param {number} most */
const tooLarge = (most) => new ConnectionError(`The answer is larger than ${most / 1024 / 1024} MiB; it was not read.`);
