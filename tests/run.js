// `npm test`: set-up, then every tests/*.test.js. Words after `--` choose files by their names: `npm test -- native`.
// With `--all`, as `npm run test:all` has it, also those that end with `.all.test.js`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setupOrExit } from '../js/local/setup.js';
import { root } from '../js/local/wasm.js';

const words = process.argv.slice(2);
const all = words.includes('--all');
const chosen = words.filter((word) => word !== '--all');

await setupOrExit({ browsers: true, all });

const files = readdirSync(join(root, 'tests'))
  .filter((name) => name.endsWith('.test.js') && (all || !name.endsWith('.all.test.js')))
  .filter((name) => chosen.length === 0 || chosen.some((word) => name.includes(word)))
  .map((name) => `tests/${name}`);
if (files.length === 0) {
  console.error(`no test file has a name with ${chosen.join(' or ')}`);
  process.exit(1);
}

// Tests wait for browsers and servers most of the time, so two at once also suit a machine with two cores.
const [major, minor] = process.versions.node.split('.').map(Number);
const concurrency = major > 20 || minor >= 10 ? ['--test-concurrency=2'] : [];
const reporter = ['--test-reporter=./tests/support/reporter.js', '--test-reporter-destination=stdout'];
const { status } = spawnSync(process.execPath, ['--test', ...concurrency, ...reporter, ...files], {
  cwd: root,
  env: { ...process.env, ...(all && { DEVCASTER_TEST_ALL: '1' }) },
  stdio: 'inherit',
});
process.exit(status ?? 1);
