// Masking an answer, bytes in to bytes out, against what a JavaScript program does. Both write into room that is there:
// making an array for each result takes longer than masking a short one, and nobody who counts does it.
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

/** @typedef {(bytes: Uint8Array, target: Uint8Array) => number} Way  writes to `target`, answers how much */

/** The core. @param {Core} core @param {number} scope @returns {Way} */
const byCore = (core, scope) => (bytes, target) => core.maskInto(bytes, target, scope, core.catalog.mask.prefix);

/** The ways of JavaScript programs: each prints, and the text is encoded. @param {(document: any) => string} print @returns {Way} */
const byPrinting = (print) => (bytes, target) =>
  encoder.encodeInto(print(JSON.parse(decoder.decode(bytes))), target).written;

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
  const room = new Uint8Array(2 * bytes.length);
  /** @type {Record<string, (document: any) => string>} */
  const printers = { walk: (value) => JSON.stringify(maskWalk(value)), ...others };
  const ours = byCore(core, scope);
  agree(ours, printers, bytes, room);
  const names = Object.keys(printers);
  const ways = Object.fromEntries(names.map((one) => [one, byPrinting(printers[one])]));
  /** @type {Record<string, () => unknown>} */
  const candidates = {
    ...Object.fromEntries(names.map((one) => [one, () => ways[one](bytes, room)])),
    core: () => ours(bytes, room),
    wasm: inWasm(core, scope, bytes),
    parse: () => JSON.parse(decoder.decode(bytes)),
    made: () => core.mask(bytes, scope, core.catalog.mask.prefix),
    ...Object.fromEntries(names.map((one) => [`made ${one}`, () => room.slice(0, ways[one](bytes, room))])),
  };
  const measured = rounds(candidates, bytes.length > 1e6 ? { rounds: 7, slice: 1 } : {});
  const winner = best(measured, names);
  const alone = ratio(measured, 'parse', 'core');
  return [
    atLeast(`${name}: faster than the best JavaScript way`, ratio(measured, winner, 'core'), target, winner),
    ...names.filter((one) => one !== winner).map((one) => atLeast(`  than ${one}`, ratio(measured, one, 'core'))),
    atLeast('  each result in an array of its own', ratio(measured, `made ${winner}`, 'made')),
    atLeast('  without taking the output out of wasm', ratio(measured, winner, 'wasm')),
    atLeast(`${name}: faster than JSON.parse alone`, alone, hostile ? undefined : 2.5),
  ];
}

/** A way that does other work proves nothing. @param {Way} ours @param {Record<string, (document: any) => string>} printers @param {Uint8Array} bytes @param {Uint8Array} room */
function agree(ours, printers, bytes, room) {
  const size = ours(bytes, room);
  const masked = JSON.parse(decoder.decode(room.subarray(0, size)));
  for (const [name, print] of Object.entries(printers)) {
    assert.deepEqual(JSON.parse(print(JSON.parse(decoder.decode(bytes)))), masked, name);
  }
}

/** @param {Core} core @returns {Row[]} */
export function benchMask(core) {
  const { state, data, params, connection } = core.catalog.mask; // as for the list operation
  const scope = state | data | params | connection;
  const others = redactors();
  return documents().flatMap((document) => measureOne(core, scope, document, others));
}
