// The echo scrub once more, as simply as can be: from each byte of the text, in each way of reading it, does a secret
// begin here? Slow, and independent of the core.

const SIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** @type {Record<string, string>} */
const SHORT = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** One unit of a text: its end, and the bytes that it stands for. @param {string} text latin1 @param {number} at @param {boolean} json @param {boolean} percent */
function unitAt(text, at, json, percent) {
  const rest = text.slice(at, at + 12);
  const hex = percent && /^%([0-9a-f]{2})/i.exec(rest);
  if (hex) return { end: at + 3, bytes: [Number.parseInt(hex[1], 16)] };
  const short = json && /^\\(["\\/bfnrt])/.exec(rest);
  if (short) return { end: at + 2, bytes: [SHORT[short[1]].charCodeAt(0)] };
  const pair = json && (/^(?:\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})/i.exec(rest) ?? /^\\u[0-9a-f]{4}/i.exec(rest));
  if (pair) return { end: at + pair[0].length, bytes: [...Buffer.from(JSON.parse(`"${pair[0]}"`))] };
  return { end: at + 1, bytes: [text.charCodeAt(at)] };
}

/** @param {number} byte @param {number} width */
function bitsOf(byte, width) {
  if (width === 8) return byte;
  const character = String.fromCharCode(byte).replace('-', '+').replace('_', '/');
  const value = width === 6 ? `${SIX}+/`.indexOf(character) : '0123456789abcdef'.indexOf(character.toLowerCase());
  return value;
}

/** Where a secret that begins at `at` ends, -1 where none does. @param {string} text @param {number} at @param {Buffer} secret @param {{ json: boolean, percent: boolean, width: number, drop: number }} way */
function endOf(text, at, secret, { json, percent, width, drop }) {
  let bits = 0;
  let have = -drop;
  let done = 0;
  while (at < text.length) {
    const { end, bytes } = unitAt(text, at, json, percent);
    if (width < 8 && bytes.length > 1) return -1;
    for (const byte of bytes) {
      const value = bitsOf(byte, width);
      if (value < 0) return -1;
      bits = ((bits << width) | value) & 0xffff;
      have += width;
      if (have < 8) continue;
      have -= 8;
      if (secret[done] !== ((bits >> have) & 255)) return -1;
      done++;
      if (done === secret.length) return end;
    }
    at = end;
  }
  return -1;
}

const WAYS = [true, false].flatMap((json) =>
  [true, false].flatMap((percent) =>
    [
      [8, 0],
      [4, 0],
      [6, 0],
      [6, 2],
      [6, 4],
    ].map(([width, drop]) => ({ json, percent, width, drop })),
  ),
);

/** @param {string} text @param {string[]} secrets @returns {string} */
export function scrubReference(text, secrets) {
  const latin = Buffer.from(text).toString('latin1');
  const wanted = secrets
    .flatMap((secret) => [secret, secret.replaceAll(' ', '+')])
    .map((secret) => Buffer.from(secret));
  /** @type {[number, number][]} */
  const pieces = [];
  for (let at = 0; at < latin.length; at++) {
    for (const secret of wanted.filter(({ length }) => length >= 8)) {
      for (const way of WAYS) {
        const end = endOf(latin, at, secret, way);
        if (end < 0) continue;
        const last = pieces.at(-1);
        if (last && at < last[1]) last[1] = Math.max(last[1], end);
        else pieces.push([at, end]);
      }
    }
  }
  let done = 0;
  let out = '';
  for (const [start, end] of pieces) {
    out += `${latin.slice(done, start)}REDACTED`;
    done = end;
  }
  return Buffer.from(out + latin.slice(done), 'latin1').toString();
}
