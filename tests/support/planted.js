// Looking for many secrets in many bytes at once: as they are, percent-encoded, and in base64 and hex wherever they begin.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LENGTH = 10; // of the piece that is looked for: short enough for every form, too long for chance

/** Pieces of all forms of a secret of at least 16 characters. @param {string} secret @returns {string[]} */
function pieces(secret) {
  const inner = (/** @type {string} */ text) => text.slice(6, 6 + LENGTH);
  const bytes = Buffer.from(secret);
  // Where a secret begins in a longer text, its base64 begins at one of three places.
  const shifted = [0, 1, 2].map((pad) => Buffer.concat([Buffer.alloc(pad), bytes]));
  return [
    inner(secret),
    inner(bytes.toString('hex')),
    inner(bytes.toString('hex').toUpperCase()),
    ...shifted.flatMap((one) => [inner(one.toString('base64')), inner(one.toString('base64url'))]),
  ];
}

/**
 * @param {Iterable<string>} secrets
 * @param {Iterable<[string, Buffer | string]>} places name and content
 * @returns {{ secrets: number, bytes: number, found: string[] }} found: where one is, never which
 */
export function findPlanted(secrets, places) {
  const all = [...secrets].filter((secret) => secret.length >= 6 + LENGTH);
  const wanted = new Set(all.flatMap(pieces));
  const starts = new Uint8Array(65536); // most places can be passed over by two bytes
  for (const piece of wanted) starts[(piece.charCodeAt(0) << 8) | piece.charCodeAt(1)] = 1;
  /** @type {string[]} */
  const found = [];
  let bytes = 0;
  for (const [name, content] of places) {
    const buffer = typeof content === 'string' ? Buffer.from(content) : content;
    bytes += buffer.length;
    for (let at = 0; at + LENGTH <= buffer.length; at++) {
      if (starts[(buffer[at] << 8) | buffer[at + 1]] === 0) continue;
      if (!wanted.has(buffer.toString('latin1', at, at + LENGTH))) continue;
      found.push(`${name} at ${at}`);
      break;
    }
  }
  return { secrets: all.length, bytes, found };
}

/** Every file below a folder, write-ahead logs and journals too. @param {string} folder @returns {[string, Buffer][]} */
export const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => [path, readFileSync(path)]);
