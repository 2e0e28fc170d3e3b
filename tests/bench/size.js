// What the module weighs, and how soon it is there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { edgeWasmPath, maskWasmPath, wasmPath } from '../support/build.js';
import { atMost, median, notMeasured } from './measure.js';
import { peer } from './peers.js';

/** @typedef {import('./measure.js').Row} Row */

const here = fileURLToPath(new URL('.', import.meta.url));
const coreUrl = new URL('../../js/core/core.js', import.meta.url);

/** Milliseconds of one statement in a process of its own, where nothing is loaded or compiled yet. @param {string} before @param {string} statement */
function alone(before, statement) {
  const code = `${before}; const start = performance.now(); ${statement}; console.log(performance.now() - start);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: here,
    encoding: 'utf8',
  });
  const took = Number.parseFloat(stdout);
  if (Number.isNaN(took)) throw new Error(stderr);
  return took;
}

/** @param {string} what @returns {Row[]} */
function starting(what) {
  if (!peer('zod')) return [notMeasured(what, 'under 10 % of importing zod', 'zod is not installed')];
  const bytes = `import { readFileSync } from 'node:fs'; const bytes = readFileSync(${JSON.stringify(wasmPath)})`;
  const open = `import { openCore } from ${JSON.stringify(pathToFileURL(fileURLToPath(coreUrl)).href)}; ${bytes}`;
  const taken = Array.from({ length: 9 }, () => ({
    zod: alone('', "await import('zod')"),
    wasm: alone(bytes, 'await WebAssembly.instantiate(bytes)'),
    core: alone(open, 'await openCore(bytes)'),
  }));
  const share = (/** @type {'wasm' | 'core'} */ name) => 100 * median(taken.map((each) => each[name] / each.zod));
  return [
    atMost(what, share('wasm'), 10, '%'),
    { what: '  with its catalogue read', target: '', measured: `${share('core').toFixed(2)} %`, value: share('core') },
  ];
}

/** @param {string} name @param {string} path @returns {Row[]} */
function weight(name, path) {
  const bytes = readFileSync(path);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).length;
  return [
    atMost(name, bytes.length, 32 * 1024, 'bytes'),
    atMost(`${name}, gzipped`, gzipSync(bytes, { level: 9 }).length, 14 * 1024, 'bytes'),
    atMost(`${name}: imports`, imports, 0, 'imports'),
  ];
}

/** @returns {Row[]} */
export function benchSize() {
  const edge = readFileSync(edgeWasmPath);
  return [
    ...weight('devcaster.wasm', wasmPath),
    ...weight('devcaster-mask.wasm', maskWasmPath),
    {
      what: "  the service's module",
      target: '',
      measured: `${edge.length} bytes, ${gzipSync(edge, { level: 9 }).length} gzipped`,
    },
    ...starting('compiling and starting it, of importing zod'),
  ];
}
