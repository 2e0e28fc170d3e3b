// Masking an answer, bytes in to bytes out, against what a JavaScript program does.
import assert from 'node:assert/strict';
import { documents } from './documents.js';
import { atLeast, best, ratio, rounds } from './measure.js';
import { peer } from './peers.js';
import { maskWalk } from './walk.js';

/** @typedef {import('../../js/core/core.js').Core} Core */
/** @typedef {import('./measure.js').Row} Row */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ROOM = 65536;

/** As the callers of the core have it: a body at once, a long one as the pieces of a stream. @param {Core} core @param {number} scope @param {Uint8Array} bytes */
function maskByCore(core, scope, bytes) {
  const { prefix } = core.catalog.mask;
  if (bytes.length <= 1 << 20) return [core.mask(bytes, scope, prefix)];
  /** @type {Uint8Array[]} */
  const parts = [];
  const masker = core.masker(scope, prefix);
  masker.push(bytes, (part) => parts.push(part));
  masker.end();
  return parts;
}

/**
 * The core by itself: the document in wasm memory already, what comes out is looked at nowhere.
 * @param {Core} core @param {number} scope @param {Uint8Array} bytes
 */
function inWasm(core, scope, bytes) {
  return core.lend((exports) => {
    const size = exports.dc_mask_size();
    return () => {
      const at = exports.dc_open(size + 2 * ROOM);
      const memory = new DataView(exports.memory.buffer);
      exports.dc_mask_begin(at, scope, 0, 0, 0);
      for (let from = 0; from < bytes.length; from += ROOM) {
        const piece = bytes.subarray(from, from + ROOM);
        new Uint8Array(exports.memory.buffer).set(piece, at + size);
        for (let done = 0; done < piece.length; done += memory.getUint32(at, true)) {
          exports.dc_mask(at, at + size + done, piece.length - done, at + size + ROOM, ROOM);
        }
      }
      return exports.dc_mask_end(at);
    };
  });
}

/** Where these documents hold secrets: the packages take paths, not rules. */
const PATHS = ['access_token', 'refresh_token'].flatMap((name) => [
  `items[*].state.val.${name}`,
  `items[*].data.${name}`,
]);

const censor = (/** @type {unknown} */ value) =>
  typeof value === 'string' && value.length >= 4 ? `${value.slice(0, 4)}...` : 'REDACTED';

/** The redacting packages that are installed, as functions from object to text. */
function redactors() {
  /** @type {Record<string, (document: any) => string>} */
  const found = {};
  for (const name of ['fast-redact', '@pinojs/redact']) {
    const make = peer(name);
    if (make) found[name] = (make.default ?? make)({ paths: PATHS, censor });
  }
  return found;
}

/** @param {Core} core @param {number} scope @param {ReturnType<typeof documents>[number]} document @param {ReturnType<typeof redactors>} others */
function measureOne(core, scope, { name, bytes, target, hostile }, others) {
  const big = bytes.length > 1e6;
  const text = () => decoder.decode(bytes);
  /** @type {Record<string, () => unknown>} */
  const ways = { walk: () => encoder.encode(JSON.stringify(maskWalk(JSON.parse(text())))) };
  for (const [other, redact] of Object.entries(others)) ways[other] = () => encoder.encode(redact(JSON.parse(text())));
  agree(core, scope, bytes, ways);
  const names = /** @type {(keyof typeof candidates)[]} */ (Object.keys(ways));
  const run = inWasm(core, scope, bytes);
  const candidates = {
    ...ways,
    core: () => maskByCore(core, scope, bytes),
    wasm: run,
    parse: () => JSON.parse(text()),
  };
  const measured = rounds(candidates, big ? { rounds: 7, slice: 1 } : {});
  const winner = best(measured, names);
  /** @type {Row[]} */
  const rows = [
    atLeast(`${name}: faster than the best JavaScript way`, ratio(measured, winner, 'core'), target, winner),
    ...names.filter((one) => one !== winner).map((one) => atLeast(`  than ${one}`, ratio(measured, one, 'core'))),
    atLeast('  without taking the output out of wasm', ratio(measured, winner, 'wasm')),
  ];
  const alone = ratio(measured, 'parse', 'core');
  rows.push(atLeast(`${name}: faster than JSON.parse alone`, alone, hostile ? undefined : 2.5));
  return rows;
}

/** A way that does other work proves nothing. @param {Core} core @param {number} scope @param {Uint8Array} bytes @param {Record<string, () => any>} ways */
function agree(core, scope, bytes, ways) {
  const ours = JSON.parse(Buffer.concat(maskByCore(core, scope, bytes)).toString());
  for (const [name, way] of Object.entries(ways)) assert.deepEqual(JSON.parse(decoder.decode(way())), ours, name);
}

/** @param {Core} core @returns {Row[]} */
export function benchMask(core) {
  const scope = core.catalog.operations.find(({ name }) => name === 'connected_accounts.list')?.mask ?? 0;
  const others = redactors();
  return documents().flatMap((document) => measureOne(core, scope, document, others));
}
