// The C tests and fuzzers, natively under AddressSanitizer and UndefinedBehaviorSanitizer.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { buildNative, nativeDir, root } from './support/build.js';

const seconds = process.env.DEVCASTER_TEST_ALL ? 60 : 3;
const scratch = mkdtempSync(join(tmpdir(), 'devcaster-fuzz-'));
// Not in `after`: Node runs that one as soon as the awaited test below is over.
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** Names of the C files of a folder that become programs. @param {string} folder @param {string} suffix */
function programs(folder, suffix) {
  const path = join(root, 'tests', folder);
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.filter((name) => name.endsWith(`${suffix}.c`)).map((name) => name.slice(0, -2));
}

/** @param {string} path @param {string[]} [words] */
async function run(path, words = []) {
  try {
    await promisify(execFile)(path, words, { cwd: scratch, maxBuffer: 1 << 26, timeout: (seconds + 60) * 1000 });
  } catch (error) {
    const { stdout, stderr, code, signal } = /** @type {any} */ (error);
    assert.fail(`${path} ended with ${code ?? signal}:\n${stdout}${stderr}`);
  }
}

await test('C tests and fuzzers build without a warning', buildNative);

for (const name of programs('c', '_test')) {
  test(`C: ${name}`, () => run(join(nativeDir, 'c', name)));
}

for (const name of programs('fuzz', '_fuzz')) {
  test(`fuzz: ${name} for ${seconds} seconds`, async () => {
    // New inputs go to a scratch folder; inputs kept in the repository are only read.
    const found = join(scratch, name);
    mkdirSync(found);
    const seeds = join(root, 'tests/fuzz', name.replace(/_fuzz$/, ''));
    const folders = existsSync(seeds) ? [found, seeds] : [found];
    await run(join(nativeDir, 'fuzz', name), [
      `-max_total_time=${seconds}`,
      '-timeout=10',
      '-rss_limit_mb=1024',
      ...folders,
    ]);
  });
}
