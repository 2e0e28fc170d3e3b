// `npm run mutate`: break each rule once; a test must go red. Words choose: those in whose rule, file or test they stand.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exclusively } from '../../js/local/lock.js';
import { setupOrExit } from '../../js/local/setup.js';
import { root } from '../../js/local/wasm.js';
import { readMutations } from './table.js';
import { Tree } from './tree.js';

const words = process.argv.slice(2);
const chosen = readMutations().filter(({ rule, file, tests }) =>
  words.every((word) => [rule, file, ...tests].some((text) => text.toLowerCase().includes(word.toLowerCase()))),
);
if (chosen.length === 0) {
  console.error(`no mutation has ${words.join(' and ')} in its rule, file or tests`);
  process.exit(1);
}
const tests = [...new Set(chosen.flatMap((mutation) => mutation.tests))];
const waiting = [...chosen];
let killed = 0;

/** Nothing is worth saying about a test that is red anyway. @param {Tree} tree */
async function checkGreen(tree) {
  for (const test of tests) {
    const red = await tree.redIn(test);
    if (red !== undefined) throw new Error(`${test} is red before anything is broken: ${red}`);
  }
}

/** Take rules from the list until it is empty. @param {number} index */
async function work(index) {
  const tree = new Tree(String(index));
  await tree.open(tests);
  await checkGreen(tree);
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    const name = `${mutation.file.padEnd(15)} ${mutation.rule}`;
    try {
      const killer = await tree.killer(mutation);
      if (killer !== undefined) killed++;
      console.log(killer === undefined ? `SURVIVED  ${name}` : `killed    ${name}  (${killer})`);
    } catch (error) {
      console.log(`FAILED    ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

await setupOrExit({ browsers: true }); // as for the tests: with clang
const start = performance.now();
const workers = Array.from({ length: Math.min(2, availableParallelism()) }, (_, index) => index);
try {
  await exclusively(join(root, 'build/mutation.lock'), () => Promise.all(workers.map(work)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const seconds = Math.round((performance.now() - start) / 1000);
console.log(`${chosen.length} rules broken, ${killed} noticed, ${chosen.length - killed} not; ${seconds} s`);
process.exit(killed === chosen.length ? 0 : 1);
