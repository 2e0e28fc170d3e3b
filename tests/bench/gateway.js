// What the gateway costs: Workers in front of the same API, interleaved, driven by wrk. How much memory many long answers
// take at once: gateway-memory.js. `npm run bench -- gateway`.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createUserToken } from '../../js/edge/index.js';
import { which } from '../../js/local/apt.js';
import { KEY, workerConfig } from '../support/gateway.js';
import { runWorkerd } from '../support/workerd.js';
import { documents } from './documents.js';
import { holding } from './gateway-memory.js';
import { atLeast, median, notMeasured } from './measure.js';

/** @typedef {import('./measure.js').Row} Row */
/** @typedef {'through' | 'whole' | 'ours' | 'token' | 'script'} Way */

/** @type {Way[]} */
const WAYS = ['through', 'whole', 'ours', 'token', 'script'];
const SIZES = [
  { name: '23 KB', through: 0.88, script: 1.15, token: 0.9 },
  { name: '115 KB', through: 0.8, script: 1.4, token: 0.95 },
];
const ROUNDS = 7;
const SECONDS = 2;
const LINES = 32;
const USER = 'user_1';
const PATH = '/api/v3/connected_accounts';

/** Answers that the API writes anew each time, as an API does, and such as it has ready, as only a bench does. */
const KINDS = /** @type {const} */ (['written', 'ready']);

/** A list whose items are all one user's, as a user token's must be. @param {string} name of the document */
function listOf(name) {
  const { bytes } = /** @type {{ bytes: Uint8Array }} */ (documents().find((one) => one.name === name));
  const list = JSON.parse(new TextDecoder().decode(bytes));
  for (const item of list.items) item.user_id = USER;
  return JSON.stringify(list);
}

/** The API: the cursor says which answer. */
async function openUpstream() {
  const answers = new Map(SIZES.map(({ name }) => [name, Buffer.from(listOf(name))]));
  const values = new Map([...answers].map(([name, bytes]) => [name, JSON.parse(String(bytes))]));
  const server = createServer((request, response) => {
    const [kind, size] = (new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? '').split(':');
    const ready = /** @type {Buffer} */ (answers.get(size));
    const body = kind === 'ready' ? ready : Buffer.from(JSON.stringify(values.get(size)));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** @param {string} upstream */
async function openWorkers(upstream) {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-bench-'));
  const config = workerConfig('tests/bench/gateway-worker.js', ['WAY', 'UPSTREAM', 'KEY']);
  /** @type {Awaited<ReturnType<typeof runWorkerd>>[]} */
  const servers = [];
  for (const way of WAYS) {
    const own = join(folder, way); // a folder is for one
    mkdirSync(own);
    servers.push(await runWorkerd(own, config, { WAY: way, UPSTREAM: upstream, KEY }));
  }
  return {
    servers: /** @type {Record<Way, Awaited<ReturnType<typeof runWorkerd>>>} */ (
      Object.fromEntries(WAYS.map((way, i) => [way, servers[i]]))
    ),
    async close() {
      for (const server of servers) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Requests per second. @param {string} url @param {string} token of a user @param {number} [seconds] */
async function load(url, token, seconds = SECONDS) {
  const words = ['-H', `authorization: Bearer ${token}`, '-t1', `-c${LINES}`, `-d${seconds}s`, url];
  const { stdout } = await promisify(execFile)('wrk', words);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]);
}

/** Requests per second of each way, one after the other in each round. @param {(way: Way) => string} url */
async function race(url) {
  /** @type {Record<Way, number>[]} */
  const measured = [];
  // Whoever does not know what it is lets it be.
  const { token } = await createUserToken(KEY.repeat(2), { userId: USER, expiresIn: 1800 });
  for (const way of WAYS) await load(url(way), token, 1);
  for (let round = 0; round < ROUNDS; round++) {
    const one = { through: 0, whole: 0, ours: 0, token: 0, script: 0 };
    for (let i = 0; i < WAYS.length; i++) {
      const way = WAYS[(i + round) % WAYS.length];
      one[way] = await load(url(way), token);
    }
    measured.push(one);
  }
  return measured;
}

/** @param {Record<Way, { origin: string }>} servers @returns {Promise<Row[]>} */
async function throughput(servers) {
  /** @type {Row[]} */
  const rows = [];
  for (const { name, through, script, token } of SIZES) {
    for (const kind of KINDS) {
      const cursor = encodeURIComponent(`${kind}:${name}`);
      const measured = await race((way) => `${servers[way].origin}${PATH}?cursor=${cursor}`);
      const said = WAYS.map((way) => `${way} ${Math.round(median(measured.map((one) => one[way])))}/s`).join(', ');
      const of = (/** @type {Way} */ way) => median(measured.map((one) => one.ours / one[way]));
      const isTarget = kind === 'written';
      const what = `${isTarget ? 'gateway at' : '  where the API has'} ${name}${isTarget ? '' : ' ready'}, of`;
      rows.push(atLeast(`${what} passing through`, of('through'), isTarget ? through : undefined, said));
      rows.push(atLeast(`${what} the JavaScript way`, of('script'), isTarget ? script : undefined));
      rows.push(atLeast(`${what} reading it whole and answering, nothing else`, of('whole')));
      const kept = median(measured.map((one) => one.token / one.ours));
      rows.push(atLeast(`${what} ours, with a user token`, kept, isTarget ? token : undefined));
    }
  }
  return rows;
}

/** @returns {Promise<Row[]>} */
export async function benchGateway() {
  if (!which('wrk')) return [notMeasured('gateway', '', 'wrk is not installed (apt-get install wrk)')];
  const { server, origin } = await openUpstream();
  const { servers, close } = await openWorkers(origin);
  try {
    return [...(await holding()), ...(await throughput(servers))];
  } finally {
    await close();
    server.closeAllConnections();
    server.close();
  }
}
