// How long a program takes that does nothing but import an SDK, above one that does nothing at all.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atMost, median, notMeasured } from './measure.js';
import { peer } from './peers.js';

/** @typedef {import('./measure.js').Row} Row */

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = 15;
const OURS = '@devcaster/core';
const THEIRS = ['@composio/core', '@nangohq/node', '@pipedream/sdk'];

/** Milliseconds of a whole process. @param {string} code @param {string} cwd */
function whole(code, cwd) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - start;
}

/** @returns {Row[]} */
export function benchImports() {
  const what = "cold import, above bare Node, of @composio/core's";
  if (!peer('@composio/core')) return [notMeasured(what, 'at most 10 %', 'it is not installed')];
  /** @type {Record<string, number>[]} milliseconds above bare Node, by round */
  const taken = Array.from({ length: ROUNDS }, () => {
    const bare = whole('', root);
    const above = [OURS, ...THEIRS].map((name) => [
      name,
      whole(`import '${name}'`, name === OURS ? root : here) - bare,
    ]);
    return Object.fromEntries(above);
  });
  const above = (/** @type {string} */ name) => median(taken.map((round) => round[name]));
  const share = (/** @type {string} */ name) => (100 * above(OURS)) / above(name);
  return [
    atMost(what, share(THEIRS[0]), 10, '%'),
    ...THEIRS.slice(1).map((name) => ({ what: `  of ${name}'s`, target: '', measured: `${share(name).toFixed(1)} %` })),
  ];
}
