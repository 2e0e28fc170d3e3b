// The echo scrub of the built module, called as plainly as can be, and the ways in which a secret is echoed, made by
// JavaScript's own encoders. Nothing here is taken from the core.
import { readFileSync } from 'node:fs';
import { edgeWasmPath } from './build.js';

/** @type {any} */
let core;
const rounded = (/** @type {number} */ size) => (size + 7) & ~7;

/**
 * @param {Uint8Array[]} chunks
 * @param {string[] | string} secrets a list, or a credential as JSON text
 * @param {{ room?: number, harmless?: string }} [options] room: bytes of output at a time, beside what is held back
 * @returns {Buffer | null} null: the secrets were refused
 */
export function scrubChunks(chunks, secrets, { room = 1 << 16, harmless = '' } = {}) {
  core ??= new WebAssembly.Instance(new WebAssembly.Module(readFileSync(edgeWasmPath)), {}).exports;
  const json = Buffer.from(typeof secrets === 'string' ? secrets : JSON.stringify(secrets));
  const names = Buffer.from(harmless);
  const most = Math.max(0, ...chunks.map(({ length }) => length));
  let at = core.dc_open(json.length + names.length);
  const put = (/** @type {Uint8Array} */ bytes, /** @type {number} */ to) => {
    new Uint8Array(core.memory.buffer).set(bytes, to);
    return to;
  };
  const size = core.dc_scrub_size(put(json, at), json.length, put(names, at + json.length), names.length);
  if (size === 0) return null;
  const space = rounded(size) + rounded(most) + size + room;
  at = core.dc_open(space + json.length + names.length);
  const [input, output] = [at + rounded(size), at + rounded(size) + rounded(most)];
  const secretsAt = put(json, at + space);
  core.dc_scrub_begin(at, secretsAt, json.length, put(names, secretsAt + json.length), names.length);
  const word = (/** @type {number} */ i) => new DataView(core.memory.buffer).getUint32(at + 4 * i, true);
  /** @type {Buffer[]} */
  const result = [];
  const keep = () => result.push(Buffer.from(new Uint8Array(core.memory.buffer, output, word(1))));
  for (const chunk of chunks) {
    put(chunk, input);
    for (let done = 0; done < chunk.length; done += word(0)) {
      if (core.dc_scrub(at, input + done, chunk.length - done, output, room + word(2)) !== 0) throw new Error('fault');
      if (word(0) === 0) throw new Error('no progress');
      keep();
    }
  }
  if (core.dc_scrub_end(at, output, size) !== 2) throw new Error('fault at the end');
  keep();
  core.dc_close();
  return Buffer.concat(result);
}

/** @param {string | Uint8Array} text @param {string[] | string} secrets @param {Parameters<typeof scrubChunks>[2]} [options] */
export function scrubText(text, secrets, options) {
  return String(scrubChunks([Buffer.from(text)], secrets, options));
}

/** Percent-encode all but what `keep` matches. @param {string} text @param {RegExp} keep @param {boolean} lower */
function percent(text, keep, lower) {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (byte < 128 && keep.test(character)) return character;
      const hex = byte.toString(16).padStart(2, '0');
      return `%${lower ? hex : hex.toUpperCase()}`;
    })
    .join('');
}

/** @param {string} text @param {RegExp} which @param {boolean} [upper] */
function unicode(text, which, upper) {
  return text.replace(which, (unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${upper ? hex.toUpperCase() : hex}`;
  });
}

/** Base64 at a phase: only the characters that hold bits of the secret. @param {string} text @param {number} phase */
function base64(text, phase) {
  const bytes = Buffer.from(text);
  const whole = Buffer.concat([Buffer.alloc(phase, 'x'), bytes, Buffer.alloc(3, 'y')]).toString('base64');
  return whole.slice(Math.floor((8 * phase) / 6), Math.ceil((8 * (phase + bytes.length)) / 6));
}

/** How a writer writes a text: no escapes at all, in URLs, in JSON. @type {Record<string, (text: string) => string>} */
export const writers = {
  plain: (text) => text,
  encodeURIComponent,
  encodeURI,
  'percent-encoded in lower case': (text) => percent(text, /[A-Za-z0-9\-._~]/, true),
  'percent-encoded throughout': (text) => percent(text, /(?!)/, false),
  'percent-encoded throughout in lower case': (text) => percent(text, /(?!)/, true),
  form: (text) => new URLSearchParams({ a: text }).toString().slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON with \\/': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'JSON in ASCII': (text) => unicode(JSON.stringify(text).slice(1, -1), /[^ -~]/g),
  'JSON for HTML': (text) => unicode(JSON.stringify(text).slice(1, -1), /[<>&'+=]/g, true),
  'JSON, all \\u': (text) => unicode(text, /[\s\S]/g),
};

/** What is written. @type {Record<string, (text: string) => string>} */
export const shapes = {
  'as it is': (text) => text,
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex in upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'base64, phase 0': (text) => base64(text, 0),
  'base64, phase 1': (text) => base64(text, 1),
  'base64, phase 2': (text) => base64(text, 2),
  'base64url, phase 0': (text) => base64(text, 0).replaceAll('+', '-').replaceAll('/', '_'),
  'base64url, phase 1': (text) => base64(text, 1).replaceAll('+', '-').replaceAll('/', '_'),
  'base64url, phase 2': (text) => base64(text, 2).replaceAll('+', '-').replaceAll('/', '_'),
};

/** All forms of a secret, each once. @param {string} secret @returns {[string, string][]} name, text */
export function formsOf(secret) {
  const forms = Object.entries(shapes).flatMap(([shape, make]) =>
    Object.entries(writers).map(
      ([writer, write]) => /** @type {[string, string]} */ ([`${shape}, ${writer}`, write(make(secret))]),
    ),
  );
  return [...new Map(forms.map(([name, text]) => [text, name]))].map(([text, name]) => [name, text]);
}
