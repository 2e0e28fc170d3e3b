/** Reading a request's body, and never more of it than is allowed. */

import { joined, text } from './bytes.js';

/**
 * @param {Request} request
 * @param {number} most bytes
 * @returns {Promise<{ body: string, fault: null } | { body: null, fault: 'body_too_large' | 'bad_body' }>}
 */
export const readBody = async (request, most) => {
  if (Number(request.headers.get('content-length') ?? 0) > most) return { body: null, fault: 'body_too_large' };
  if (!request.body) return { body: '', fault: null };
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  const reader = request.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > most) {
      await reader.cancel();
      return { body: null, fault: 'body_too_large' };
    }
    parts.push(part.value);
  }
  try {
    return { body: text(joined(parts, size)), fault: null };
  } catch {
    return { body: null, fault: 'bad_body' }; // not UTF-8
  }
};
