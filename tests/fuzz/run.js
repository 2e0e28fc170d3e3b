// `npm run fuzz`: every fuzzer for as long as one likes. Words choose targets: `npm run fuzz -- mask scrub --seconds 900`.
// What they learn is kept in build/fuzz, so that the next run goes on from there; a finding ends with the file that shows it.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setupOrExit } from '../../js/local/setup.js';
import { buildNative, nativeDir, root } from '../support/build.js';

const AT_ONCE = 2;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' } },
});
const seconds = Number(values.seconds);
const targets = readdirSync(join(root, 'tests/fuzz'))
  .filter((name) => name.endsWith('_fuzz.c'))
  .map((name) => name.slice(0, -'_fuzz.c'.length));
const unknown = positionals.filter((word) => !targets.includes(word));
if (unknown.length > 0 || !(seconds > 0)) {
  console.error(`npm run fuzz -- [${targets.join('|')}]... [--seconds <more than 0>]`);
  process.exit(1);
}

/** Run one target; a line of what it did. @param {string} name @returns {Promise<boolean>} whether it found nothing */
function fuzz(name) {
  const kept = join(root, 'build/fuzz', name);
  mkdirSync(kept, { recursive: true });
  const words = [`-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=1024', '-print_final_stats=1', kept];
  const child = spawn(join(nativeDir, 'fuzz', `${name}_fuzz`), words, { cwd: join(root, 'build/fuzz') });
  let said = '';
  child.stderr.on('data', (/** @type {Buffer} */ bytes) => {
    said = (said + bytes).slice(-65536);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const runs = said.match(/stat::number_of_executed_units: *(\d+)/)?.[1] ?? 'an unknown number of';
      console.log(`${name.padEnd(12)} ${Number(runs).toLocaleString('en')} executions in ${seconds} s`);
      if (code !== 0) console.error(said);
      resolve(code === 0);
    });
  });
}

await setupOrExit({ browsers: true });
await buildNative();
const waiting = positionals.length > 0 ? [...positionals] : targets;
let clean = true;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) clean = (await fuzz(name)) && clean;
  }),
);
process.exit(clean ? 0 : 1);
