// What the gateway costs: four Workers in front of the same API, interleaved, driven by wrk; and how much memory many long
// answers take at once. `npm run bench -- gateway`.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createUserToken } from '../../js/edge/index.js';
import { which } from '../../js/local/apt.js';
import { workerConfig } from '../support/gateway.js';
import { drained } from '../support/hostile-upstream.js';
import { runWorkerd } from '../support/workerd.js';
import { documents } from './documents.js';
import { atLeast, atMost, median, notMeasured } from './measure.js';

/** @typedef {import('./measure.js').Row} Row */
/** @typedef {'through' | 'ours' | 'token' | 'script'} Way */

/** @type {Way[]} */
const WAYS = ['through', 'ours', 'token', 'script'];
const SIZES = [
  { name: '23 KB', through: 0.88, script: 1.15, token: 0.9 },
  { name: '115 KB', through: 0.8, script: 1.4, token: 0.95 },
];
const ROUNDS = 7;
const SECONDS = 2;
const LINES = 32;
const KEY = 'ak_bench-0123456789abcdefghijkl';
const LONG = 20e6;
const AT_ONCE = 200;
const PATH = '/api/v3/connected_accounts';

/** Answers that the API writes anew each time, as an API does, and such as it has ready, as only a bench does. */
const KINDS = /** @type {const} */ (['written', 'ready']);

/** The API: the cursor says which answer. */
async function openUpstream() {
  const answers = new Map(documents().map(({ name, bytes }) => [name, Buffer.from(bytes)]));
  const values = new Map([...answers].map(([name, bytes]) => [name, JSON.parse(String(bytes))]));
  const item = Buffer.from(JSON.stringify(values.get('1 KB').items[0]));
  const server = createServer((request, response) => {
    const [kind, size] = (new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? '').split(':');
    const body =
      kind === 'ready' ? answers.get(size) : kind === 'written' && Buffer.from(JSON.stringify(values.get(size)));
    if (body) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    } else sendLong(response, item);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** A list of 20 MB, as fast as it is taken. @param {import('node:http').ServerResponse} response @param {Buffer} item */
async function sendLong(response, item) {
  const count = Math.ceil(LONG / (item.length + 1));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1 + count * (item.length + 1) });
  response.write('[');
  for (let i = 1; i <= count && !response.destroyed; i++) {
    response.write(item);
    if (!response.write(i === count ? ']' : ',')) await drained(response);
  }
  response.end();
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
  const { token } = await createUserToken(KEY.repeat(2), { userId: 'user_1', expiresIn: 1800 });
  for (const way of WAYS) await load(url(way), token, 1);
  for (let round = 0; round < ROUNDS; round++) {
    const one = { through: 0, ours: 0, token: 0, script: 0 };
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
      const kept = median(measured.map((one) => one.token / one.ours));
      rows.push(atLeast(`${what} ours, with a user token`, kept, isTarget ? token : undefined));
    }
  }
  return rows;
}

/** @param {number} pid @returns {number} MiB that it holds now */
const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** One reader, who takes a long answer and forgets it. @param {URL} url @returns {Promise<number>} bytes */
async function take(url) {
  const socket = connect(Number(url.port), url.hostname);
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  let size = 0;
  for await (const part of socket) size += part.length;
  return size;
}

/** @param {{ origin: string, pid: number }} server @returns {Promise<{ more: number, said: string }>} */
async function memory({ origin, pid }) {
  const url = new URL(`${origin}${PATH}?cursor=long:x`);
  await take(url);
  const idle = resident(pid);
  let most = idle;
  const watch = setInterval(() => {
    most = Math.max(most, resident(pid));
  }, 20);
  const sizes = await Promise.all(Array.from({ length: AT_ONCE }, () => take(url)));
  clearInterval(watch);
  if (sizes.some((size) => size < LONG / 2)) throw new Error(`cut short: ${Math.min(...sizes)}`);
  const sum = sizes.reduce((before, size) => before + size) / 1e9;
  return { more: most - idle, said: `idle ${idle.toFixed(0)} MiB, ${sum.toFixed(1)} GB went out` };
}

/** Before anything else has made a heap large. @param {Record<Way, { origin: string, pid: number }>} servers @returns {Promise<Row[]>} */
async function holding({ ours, through }) {
  const own = await memory(ours);
  const plain = await memory(through);
  const what = `${AT_ONCE} answers of 20 MB at once, above idle`;
  const said = `${own.said}; passing through takes ${plain.more.toFixed(0)} MiB`;
  return [atMost(what, own.more, 64, 'MiB', said)];
}

/** @returns {Promise<Row[]>} */
export async function benchGateway() {
  if (!which('wrk')) return [notMeasured('gateway', '', 'wrk is not installed (apt-get install wrk)')];
  const { server, origin } = await openUpstream();
  const { servers, close } = await openWorkers(origin);
  try {
    return [...(await holding(servers)), ...(await throughput(servers))];
  } finally {
    await close();
    server.closeAllConnections();
    server.close();
  }
}
