// The SDK against servers that break HTTP itself: raw sockets on loopback, since no HTTP library would say such things.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { Devcaster } from '../js/index.js';
import { account, apiKey, failure } from './support/plays.js';

const id = 'ca_123456789012';
const body = JSON.stringify(account());
const head = (/** @type {string} */ more = '') => `HTTP/1.1 200 OK\r\nconnection: close\r\n${more}\r\n`;

/** @typedef {(socket: import('node:net').Socket) => void} Trick  what the server does once it has heard a whole request */

/**
 * @param {import('node:test').TestContext} t @param {Trick} trick
 * @param {import('../js/options.js').ClientOptions} [options]
 */
async function against(t, trick, options) {
  /** @type {string[]} */
  const heard = [];
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => {}).on('end', () => socket.end());
    socket.on('data', (data) => {
      text += data;
      const [lines, rest] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(lines)?.[1] ?? 0);
      if (rest === undefined || rest.length < length) return;
      text = '';
      heard.push(lines.split('\r\n')[0]);
      trick(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { heard, devcaster: new Devcaster({ apiKey, baseURL: `http://127.0.0.1:${port}`, timeout: 400, ...options }) };
}

/**
 * What, how, the error's name, attempts of a get with one retry. Where there are two names, it is the runtime's affair
 * whether it sees the fault itself or leaves it to the core, or to the time, and so how often it is tried.
 * @type {[string, Trick, string, number?][]}
 */
const tricks = [
  ['half-closed before an answer', (socket) => socket.end(), 'ConnectionError', 2],
  ['half-closed within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nconte'), 'ConnectionError', 2],
  [
    'half-closed within a chunk',
    (socket) => socket.end(`${head('transfer-encoding: chunked\r\n')}ff\r\n{`),
    'ConnectionError|DevcasterError',
  ],
  ['reset', (socket) => socket.resetAndDestroy(), 'ConnectionError', 2],
  ['no HTTP at all', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'ConnectionError', 2],
  ['a header by drops', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx: '), 'TimeoutError', 2],
  ['a body by drops', (socket) => drip(socket, `${head()}{"id":"`), 'TimeoutError', 2],
  [
    'headers without end',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1 << 20)}`),
    'ConnectionError',
    2,
  ],
  [
    '100 Continue for ever',
    (socket) => drip(socket, '', 'HTTP/1.1 100 Continue\r\n\r\n'),
    'ConnectionError|TimeoutError',
    2,
  ],
  ['a body cut short and closed', (socket) => socket.end(`${head()}${body.slice(0, 40)}`), 'DevcasterError', 1],
  [
    'gzip that is none',
    (socket) => socket.end(`${head('content-encoding: gzip\r\n')}${body}`),
    'ConnectionError|TimeoutError',
  ],
];

/** @param {import('node:net').Socket} socket @param {string} begin @param {string} [drop] */
function drip(socket, begin, drop = 'a') {
  socket.write(begin);
  const timer = setInterval(() => socket.write(drop), 20);
  socket.on('close', () => clearInterval(timer)).on('error', () => clearInterval(timer));
}

for (const [what, trick, name, attempts] of tricks) {
  test(`${what}: the right error, in time, and execute only once`, async (t) => {
    const { devcaster, heard } = await against(t, trick, { maxRetries: 1 });
    const error = await failure(devcaster.connectedAccounts.get(id));
    assert.match(error.name, new RegExp(`^(${name})$`), String(error.stack));
    if (attempts !== undefined) assert.equal(heard.length, attempts);
    assert.equal(JSON.stringify(error).includes(apiKey), false);
    heard.length = 0;
    await failure(devcaster.tools.execute('X_Y', { connectedAccountId: id, version: 'v' }));
    assert.deepEqual(heard, ['POST /api/v3/tools/execute/X_Y HTTP/1.1']);
  });
}

test('an answer is read for what it is, whatever its content type says', async (t) => {
  for (const type of ['text/html', 'application/octet-stream', 'application/json; charset=latin1', '']) {
    const { devcaster } = await against(t, (socket) => socket.end(`${head(`content-type: ${type}\r\n`)}${body}`));
    assert.equal((await devcaster.connectedAccounts.get(id)).id, id);
  }
});
