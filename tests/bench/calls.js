// Calls of two SDKs for the same processor time, against one server that is in neither process.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atLeast, median, notMeasured } from './measure.js';
import { peer } from './peers.js';

/** @typedef {import('./measure.js').Row} Row */

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const ROUNDS = 5;
/** How many of each make some seconds; before them as many are made to get warm. @type {Record<string, number>} */
const TIMES = { both: 200, list: 200, get: 2000 };

/** Microseconds of a call. @param {string} who @param {string} call @param {string} address */
function cost(who, call, address) {
  const words = [file('calls-client.js'), who, call, address, String(TIMES[call])];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  const took = Number.parseFloat(stdout.trim().split('\n').at(-1) ?? '');
  if (Number.isNaN(took)) throw new Error(stderr);
  return took;
}

/** @returns {Promise<Row[]>} */
export async function benchCalls() {
  const what = 'list of 100 and get: calls per CPU second, of @composio/core';
  if (!peer('@composio/core')) return [notMeasured(what, 'at least 2 times', 'it is not installed')];
  const server = spawn(process.execPath, [file('calls-server.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [port] = await once(server.stdout, 'data');
    const address = `http://127.0.0.1:${String(port).trim()}`;
    /** @param {string} call @param {string} one @param {string} other */
    const times = (call, one, other) =>
      median(Array.from({ length: ROUNDS }, () => cost(one, call, address) / cost(other, call, address)));
    return [
      atLeast(what, times('both', 'composio', 'ours'), 2),
      atLeast('  list of 100 alone', times('list', 'composio', 'ours')),
      atLeast('  get alone: most of it is fetch itself', times('get', 'composio', 'ours')),
      atLeast('  get: a bare fetch and JSON.parse, of @composio/core', times('get', 'composio', 'bare')),
    ];
  } finally {
    server.kill();
  }
}
