// How much memory many long answers take at once: of the isolate, which is what a platform limits and what the Worker can do
// something about, and of the whole process, beside one that passes them through.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY, workerConfig } from '../support/gateway.js';
import { account, drained } from '../support/hostile-upstream.js';
import { runWorkerd } from '../support/workerd.js';
import { atMost } from './measure.js';
import { peer } from './peers.js';

/** @typedef {import('./measure.js').Row} Row */

const LONG = 20e6;
const AT_ONCE = 200;
const MIB = 1 << 20;
const PATH = '/api/v3/connected_accounts';

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

/** One reader, who takes a long answer and forgets it. @param {URL} url @returns {Promise<number>} bytes */
async function take(url) {
  const socket = connect(Number(url.port), url.hostname);
  socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  let size = 0;
  for await (const part of socket) size += part.length;
  return size;
}

/** MiB that a process holds now. @param {number} pid */
const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** What V8's inspector says of the only isolate. @param {number} port */
async function inspect(port) {
  const WebSocket = peer('ws');
  const [{ webSocketDebuggerUrl }] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, 'open');
  return {
    /** MiB: JavaScript, what belongs to it, and WebAssembly's memory; with the garbage that is not collected yet. */
    async heap() {
      socket.send(JSON.stringify({ id: 1, method: 'Runtime.getHeapUsage' }));
      const [said] = await once(socket, 'message');
      const { usedSize, embedderHeapUsedSize, backingStorageSize } = JSON.parse(said).result;
      return (usedSize + embedderHeapUsedSize + backingStorageSize) / MIB;
    },
    close: () => socket.terminate(),
  };
}

/**
 * @param {string} upstream @param {'ours' | 'through'} way
 * @returns {Promise<{ heap: number, process: number }>} MiB above idle
 */
async function measure(upstream, way) {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-bench-'));
  const config = workerConfig('tests/bench/gateway-worker.js', ['WAY', 'UPSTREAM', 'KEY']);
  const env = { WAY: way, UPSTREAM: upstream, KEY };
  const server = await runWorkerd(folder, config, env, undefined, ['--inspector-addr=127.0.0.1:0']);
  const inspector = await inspect(server.ports['listen-inspector']);
  try {
    const url = new URL(server.origin + PATH);
    await take(url);
    const now = async () => ({ heap: await inspector.heap(), process: resident(server.pid) });
    const idle = await now();
    const most = { ...idle };
    let taking = true;
    const all = Promise.all(Array.from({ length: AT_ONCE }, () => take(url))).finally(() => {
      taking = false;
    });
    while (taking) {
      const { heap, process } = await now();
      most.heap = Math.max(most.heap, heap);
      most.process = Math.max(most.process, process);
      await Promise.race([sleep(50), all]);
    }
    const sizes = await all;
    if (sizes.some((size) => size < LONG / 2)) throw new Error(`cut short: ${Math.min(...sizes)}`);
    return { heap: most.heap - idle.heap, process: most.process - idle.process };
  } finally {
    inspector.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<Row[]>} */
export async function holding() {
  const item = Buffer.from(JSON.stringify(account('ca_000000000001', 'user_1', new Set())));
  const server = createServer((_, response) => void sendLong(response, item));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const ours = await measure(`http://127.0.0.1:${port}`, 'ours');
    const through = await measure(`http://127.0.0.1:${port}`, 'through');
    const what = `${AT_ONCE} answers of 20 MB at once, above idle`;
    const said = `passing through takes ${through.process.toFixed(0)} MiB: the runtime's own buffers`;
    return [
      atMost(`${what}: the isolate`, ours.heap, 64, 'MiB'),
      atMost(`${what}: the process`, ours.process, 64, 'MiB', said),
    ];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
