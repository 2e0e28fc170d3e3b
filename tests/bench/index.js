// `npm run bench`: what the core is worth, as ratios against the plain JavaScript way, measured side by side in one run.
// A table for people, or `--json`; words choose groups: `npm run bench -- mask`. It never fails for a number.
import { readFileSync } from 'node:fs';
import { openCore } from '../../js/core/core.js';
import { setupOrExit } from '../../js/local/setup.js';
import { edgeWasmPath, maskWasmPath, wasmPath } from '../support/build.js';
import { benchBundles } from './bundles.js';
import { benchCalls } from './calls.js';
import { benchClient } from './client.js';
import { benchGateway } from './gateway.js';
import { benchImports } from './imports.js';
import { benchMask } from './mask.js';
import { installPeers } from './peers.js';
import { benchScrub } from './scrub.js';
import { benchService } from './service.js';
import { benchSize } from './size.js';
import { benchStream } from './stream.js';

/** @typedef {import('./measure.js').Row} Row */

const open = (/** @type {string} */ path) => openCore(readFileSync(path));

/** Each has a core of its own. @type {Record<string, () => Row[] | Promise<Row[]>>} */
const groups = {
  mask: async () => benchMask(await open(maskWasmPath)),
  stream: async () => benchStream(await open(maskWasmPath)),
  scrub: async () => benchScrub(await open(edgeWasmPath)),
  client: async () => benchClient(await open(wasmPath)),
  size: benchSize,
  sdk: async () => [...(await benchBundles()), ...benchImports(), ...(await benchCalls())],
  service: benchService,
  gateway: benchGateway,
};

/** @param {Row} row @param {number} width */
function line({ what, target, measured, met }, width) {
  const verdict = met === undefined ? '' : met ? 'met' : 'NOT MET';
  return `${what.padEnd(width)}  ${target.padEnd(20)}  ${verdict.padEnd(7)}  ${measured}`;
}

const words = process.argv.slice(2);
const json = words.includes('--json');
const chosen = words.filter((word) => word !== '--json');
const unknown = chosen.filter((word) => !(word in groups));
if (unknown.length > 0) {
  console.error(`no group is called ${unknown.join(' or ')}; there are ${Object.keys(groups).join(', ')}`);
  process.exit(1);
}
const log = console.log;
if (json) console.log = console.error; // what the set-up says is no JSON
await setupOrExit();
const why = installPeers();
if (why) console.error(why);

/** @type {Row[]} */
const all = [];
for (const [name, run] of Object.entries(groups)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const rows = (await run()).map((row) => ({ group: name, ...row }));
  all.push(...rows);
  if (!json) for (const row of rows) log(line(row, 58));
}
if (json)
  log(JSON.stringify({ node: process.version, platform: `${process.platform} ${process.arch}`, rows: all }, null, 2));
