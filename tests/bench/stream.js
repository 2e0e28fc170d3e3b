// What a long stream does to the memory.
import { list } from './documents.js';
import { atMost } from './measure.js';

/** @typedef {import('../../js/core/core.js').Core} Core */

const GIGABYTE = 2 ** 30;

/** A new core, because memory never shrinks. @param {Core} core @returns {import('./measure.js').Row[]} */
export function benchStream(core) {
  const encoder = new TextEncoder();
  const { mask } = core.catalog;
  const items = encoder.encode(`${JSON.stringify(list(1000).items).slice(1, -1)},`);
  const masker = core.masker(mask.data | mask.state, mask.prefix);
  let out = 0;
  const take = (/** @type {Uint8Array} */ part) => {
    out += part.length;
  };
  masker.push(encoder.encode('['), take);
  let read = 0;
  for (; read < GIGABYTE; read += items.length) masker.push(items, take);
  masker.push(encoder.encode('null]'), take);
  masker.end();
  const kilobytes = core.lend((exports) => exports.memory.buffer.byteLength) / 1024;
  const note = `${(read / 1e6).toFixed(0)} MB in, ${(out / 1e6).toFixed(0)} MB out`;
  return [atMost('masking 1 GB: wasm memory', kilobytes, 1023, 'KB', note)];
}
