// The masker of the built module, called as plainly as can be: a state, an input, an output, all in one block.
import { readFileSync } from 'node:fs';
import { maskWasmPath } from './build.js';

const ROOM = 1 << 16;
const EXTRA = 1024;

/** @type {any} */
let core;
/** @type {number} */
let state;
let size = 0;

function load() {
  if (core) return;
  core = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(maskWasmPath)), {}).exports;
  size = core.dc_mask_size();
  state = core.dc_open(size + EXTRA + 2 * ROOM);
}

/**
 * @param {Uint8Array[]} chunks at most 64 KiB each
 * @param {{ scope: number, full?: boolean, extra?: string[], room?: number }} options
 * @returns {Buffer | null} null: refused
 */
export function maskChunks(chunks, { scope, full = false, extra = [], room = ROOM }) {
  load();
  const memory = Buffer.from(core.memory.buffer);
  const [names, input, output] = [state + size, state + size + EXTRA, state + size + EXTRA + ROOM];
  const length = memory.write(extra.join('\n'), names);
  if (core.dc_mask_begin(state, scope, full ? 1 : 0, names, length) !== 1) throw new Error('the names do not fit');
  const result = [];
  for (const chunk of chunks) {
    memory.set(chunk, input);
    for (let done = 0; done < chunk.length; ) {
      if (core.dc_mask(state, input + done, chunk.length - done, output, room) !== 0) return null;
      const [consumed, produced] = [memory.readUInt32LE(state), memory.readUInt32LE(state + 4)];
      if (consumed + produced === 0) throw new Error('no progress');
      result.push(Buffer.from(memory.subarray(output, output + produced)));
      done += consumed;
    }
  }
  return core.dc_mask_end(state) === 2 ? Buffer.concat(result) : null;
}

/**
 * @param {string | Uint8Array} document
 * @param {Parameters<typeof maskChunks>[1]} options
 */
export function maskText(document, options) {
  const bytes = Buffer.from(document);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += ROOM) chunks.push(bytes.subarray(at, at + ROOM));
  return maskChunks(chunks, options)?.toString('utf8') ?? null;
}
