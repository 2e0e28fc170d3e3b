/** Bytes as text and back, digests and random names: what the edge needs of WebCrypto besides the vault. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} UTF-8 */
export const utf8 = (text) => encoder.encode(text);

/**
 * @param {ArrayBuffer | Uint8Array} bytes UTF-8
 * @returns {string}
 * @throws {TypeError} when the bytes are not well-formed
 */
export const text = (bytes) => decoder.decode(bytes);

/** @param {Uint8Array[]} parts @param {number} size of all of them @returns {Uint8Array<ArrayBuffer>} */
export const joined = (parts, size) => {
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
};

/** @param {ArrayBuffer | Uint8Array} bytes @returns {string} base64 */
export const toBase64 = (bytes) => {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let out = '';
  // In pieces: the arguments of one call are limited.
  for (let at = 0; at < view.length; at += 8192) out += String.fromCharCode(...view.subarray(at, at + 8192));
  return btoa(out);
};

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
export const fromBase64 = (base64) => {
  const raw = atob(base64);
  const out = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) out[at] = raw.charCodeAt(at);
  return out;
};

/** @param {ArrayBuffer | Uint8Array} bytes @returns {string} base64url without padding */
export const toBase64Url = (bytes) => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** @param {string} base64url @returns {Uint8Array<ArrayBuffer>} */
export const fromBase64Url = (base64url) => fromBase64(base64url.replaceAll('-', '+').replaceAll('_', '/'));

/** @param {number} size bytes of randomness @returns {string} base64url */
export const randomName = (size) => toBase64Url(crypto.getRandomValues(new Uint8Array(size)));

/** @returns {number} a random unsigned 32-bit number */
export const randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** @param {string | Uint8Array<ArrayBuffer>} data @returns {Promise<Uint8Array<ArrayBuffer>>} SHA-256 */
export const digest = async (data) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', typeof data === 'string' ? utf8(data) : data));

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes @returns {string} lower-case hex */
export const toHex = (bytes) => {
  let out = '';
  for (const byte of new Uint8Array(bytes)) out += HEX[byte];
  return out;
};

/** @param {string} data @returns {Promise<string>} SHA-256 as lower-case hex: the only form in which tokens are kept */
export const hashHex = async (data) => toHex(await digest(data));

/**
 * Compare two texts in a time that depends on their length alone.
 * @param {string} a
 * @param {string} b
 */
export const same = (a, b) => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
};
