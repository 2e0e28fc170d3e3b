// An API that is slow, dead, endless, or lies: bounded time and memory, the right error, and no beginning of an answer that
// looks like the whole.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { KEY, raw, startGateway } from './support/gateway.js';
import { account, drained, HostileUpstream, says } from './support/hostile-upstream.js';

const upstream = await new HostileUpstream().open();
const TIMEOUT = 500;
const JSON_TYPE = { 'content-type': 'application/json' };
const ID = 'ca_000000000001';
const all = { userId: 'ada', operations: ['connected_accounts.list', 'tools.execute'] };
/** Whose lists may be long: of a single user's, every item is looked at before the first byte goes out. */
const staff = { allUsers: true };
const long = process.env.DEVCASTER_TEST_ALL ? 60e6 : 12e6;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
const planted = new Set();
const item = JSON.stringify(account(ID, 'ada', planted));

before(async () => {
  gateway = await startGateway(upstream.origin, {
    timeout: TIMEOUT,
    operations: ['connected_accounts.list', 'connected_accounts.get', 'connected_accounts.update', 'tools.execute'],
  });
});
after(async () => {
  await gateway?.close();
  await upstream.close();
});
// The circuit is closed again by an answer that is good.
beforeEach(async () => {
  upstream.behave(says({ items: [] }));
  for (let i = 0; i < 100; i++) {
    if ((await gateway.ask('/connected_accounts')).status === 200) return;
    await sleep(100);
  }
  assert.fail('the circuit stays open');
});

/** @param {number} status @param {number} code */
const refused = async (status, code) => {
  const started = Date.now();
  const answer = await gateway.ask('/connected_accounts');
  assert.deepEqual([answer.status, answer.body.error.code], [status, code], answer.text);
  assert.ok(Date.now() - started < 20 * TIMEOUT, 'in bounded time');
  const seen = answer.text + gateway.logs() + JSON.stringify([...answer.headers]);
  for (const secret of [...planted, KEY.slice(8)]) assert.ok(!seen.includes(secret), secret);
  assert.match(answer.body.error.request_id, /^[\da-f-]{36}$/);
  return answer;
};

/** @type {[string, import('./support/hostile-upstream.js').Behaviour, number, number][]} */
const failures = [
  ['never answers', () => {}, 504, 10504],
  ['begins and stops', (_, response) => response.writeHead(200, JSON_TYPE).write('{"items":['), 504, 10504],
  [
    'drips',
    async (_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '100000' });
      for (let i = 0; i < 100 && !response.destroyed; i++) {
        response.write(' ');
        await sleep(50);
      }
      response.destroy();
    },
    504,
    10504,
  ],
  ['drops the connection', (_, response) => response.destroy(), 502, 10502],
  [
    'is cut in the middle of a secret',
    (_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': String(item.length) });
      response.write(item.slice(0, item.indexOf('SECRET-access') + 20), () => response.destroy());
    },
    502,
    10502,
  ],
  ['ends too early', says(item.slice(0, item.indexOf('SECRET-access') + 20)), 502, 10502],
  ['answers HTML', says('<html>SECRET</html>', 200, { 'content-type': 'text/html' }), 502, 10502],
  ['answers nothing', says(''), 502, 10502],
  ['answers two documents', says(`${item}${item}`), 502, 10502],
  [
    'answers what is no UTF-8',
    (_, response) => response.writeHead(200, JSON_TYPE).end(Buffer.from('"\xff"', 'latin1')),
    502,
    10502,
  ],
  ['answers too deep', says('['.repeat(100) + ']'.repeat(100)), 502, 10502],
  ['redirects', says('', 302, { location: 'http://127.0.0.1:1/' }), 502, 10502],
  ['redirects with its own', says('', 307, { location: '/api/v3/api_keys' }), 502, 10502],
  ['refuses the key', says({ error: { message: `Unknown key ${KEY.slice(0, 8)}`, code: 10401 } }, 401), 502, 10502],
  ['forbids', says({ error: { message: KEY, code: 10403 } }, 403), 403, 10403],
  ['fails with a word too many', says({ error: { message: item, code: 10500 } }, 500), 502, 10502],
  ['fails without one', says('', 500), 502, 10502],
  ['fails in HTML', says(`<html>${item}</html>`, 503), 503, 10503],
  ['says that a provider failed', says({ error: { message: item, code: 1830 } }, 502), 502, 1830],
  ['is a teapot', says({ error: { message: `no\u202e ${KEY}`, code: 'x', slug: 7 } }, 418), 418, 10400],
  [
    'is endless in its error',
    (_, response) => {
      response.writeHead(400, JSON_TYPE);
      const more = () =>
        response.destroyed || (response.write('x'.repeat(65536)) ? setImmediate(more) : response.once('drain', more));
      more();
    },
    400,
    10400,
  ],
  [
    'lies about its encoding',
    (_, response) => response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(item),
    502,
    10502,
  ],
];

for (const [name, behaviour, status, code] of failures) {
  test(`the API ${name}`, async () => {
    upstream.behave(behaviour);
    await refused(status, code);
    assert.equal(upstream.seen.length, 1, 'asked once');
  });
}

test('what the API says of a request comes through, short and scrubbed', async () => {
  const error = {
    message: `bad \n filter ${KEY} ${'x'.repeat(1000)}`,
    code: 600,
    status: 400,
    slug: 'ConnectedAccount_BadRequest',
    suggested_fix: 'Fix\u0000 it.',
    errors: ['limit: must be 1 to 1000', 7, `k ${KEY}`],
    request_id: 'theirs',
    secret: 'SECRET',
  };
  upstream.behave(says({ error }, 400, { 'retry-after': '3' }));
  const { body, headers } = await refused(400, 600);
  assert.match(body.error.message, /^bad {2,3}filter REDACTED x+$/);
  assert.ok(body.error.message.length <= 300);
  assert.deepEqual(body.error.errors, ['limit: must be 1 to 1000', 'k REDACTED']);
  assert.equal(body.error.slug, 'ConnectedAccount_BadRequest');
  assert.notEqual(body.error.request_id, 'theirs');
  assert.equal(body.error.secret, undefined);
  assert.equal(headers.get('retry-after'), '3');
});

/** @param {number} bytes @param {string} end @param {number} [size] of its pieces @returns {import('./support/hostile-upstream.js').Behaviour} */
const lengthy =
  (bytes, end, size = 65_536) =>
  async (_, response) => {
    response.writeHead(200, JSON_TYPE);
    let text = '[';
    for (let sent = 0; sent < bytes && !response.destroyed; ) {
      while (text.length < size) text += `${item},`;
      sent += size;
      if (!response.write(text.slice(0, size))) await drained(response);
      text = text.slice(size);
    }
    if (end === 'cut') response.destroy();
    else response.end(text + end);
  };

const asked = `GET /api/v3/connected_accounts HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-session: ${JSON.stringify(staff)}\r\n\r\n`;
const ENDED = '\r\n0\r\n\r\n';

for (const size of [65_536, 1000, 37]) {
  test(`a long answer in pieces of ${size} bytes is masked on its way and ends as it must`, async () => {
    upstream.behave(lengthy(size < 100 ? 1.2e6 : 3e6, 'null]', size));
    const answer = await gateway.ask('/connected_accounts', { session: staff });
    assert.equal(answer.status, 200);
    const masked = answer.body;
    assert.ok(masked.length > 500);
    for (const one of masked.slice(0, -1)) assert.equal(one.state.val.access_token, 'SECR...');
    for (const secret of planted) assert.ok(!answer.text.includes(secret));
  });
}

test('a list of a single user is looked at as a whole: a long one is of no use', async () => {
  upstream.behave(lengthy(3e6, 'null]'));
  await refused(502, 10502);
});

test('a long answer that goes wrong breaks the connection, and nothing of a secret leaves', async () => {
  const start = item.slice(0, item.indexOf('SECRET-access') + 25);
  for (const end of ['cut', start, `${item}]]`, 'null] null', '"\u0001"]']) {
    upstream.behave(lengthy(3e6, end));
    const { text } = await raw(gateway.origin, asked, { wait: 5000 });
    assert.match(text, /^HTTP\/1\.1 200/);
    assert.ok(text.length > 1e6, 'it had begun');
    assert.ok(!text.endsWith(ENDED), `not as if it were whole: ${end.slice(-20)}`);
    for (const secret of [...planted, 'SECRET-']) assert.ok(!text.includes(secret), secret);
  }
  assert.match(gateway.logs(), /"fault":"upstream_unusable"/);
});

test('a long answer that stops is given up', async () => {
  upstream.behave(async (seen, response) => {
    await lengthy(3e6, 'never')(
      seen,
      Object.assign(Object.create(response), {
        end: () => {},
        writeHead: (/** @type {any[]} */ ...words) => response.writeHead(.../** @type {[any]} */ (words)),
      }),
    );
  });
  const { text, ended } = await raw(gateway.origin, asked, { wait: 20 * TIMEOUT });
  assert.ok(ended && !text.endsWith(ENDED));
});

test('who reads slowly holds up the API, and no more memory is used', async () => {
  let sent = 0;
  upstream.behave(async (_, response) => {
    response.writeHead(200, JSON_TYPE);
    response.write('[');
    while (sent < 400e6 && !response.destroyed) {
      sent += item.length + 1;
      if (!response.write(`${item},`)) await drained(response);
    }
  });
  const controller = new AbortController();
  const response = await fetch(`${gateway.origin}/api/v3/connected_accounts`, {
    headers: { 'x-session': JSON.stringify(staff) },
    signal: controller.signal,
  });
  assert.equal(response.status, 200);
  await sleep(4 * TIMEOUT);
  assert.ok(sent < 100e6, `${sent} bytes were read ahead`);
  const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
  assert.ok(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) < 400_000, 'kilobytes');
  // The reader is slow, not the API: nothing was given up.
  const reader = /** @type {ReadableStreamDefaultReader<Uint8Array>} */ (response.body?.getReader());
  for (let read = 0; read < 5e6; ) {
    const { value } = await reader.read();
    assert.ok(value, 'it has ended');
    read += value.length;
  }
  controller.abort();
});

test('a bomb is read no further than it is taken', async () => {
  const bomb = gzipSync(Buffer.alloc(long, 32));
  upstream.behave((_, response) => response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(bomb));
  const { text } = await raw(gateway.origin, asked, { wait: 10_000 });
  assert.ok(!text.endsWith(ENDED));
});

test('a long answer of a tool loses the key wherever it is cut', async () => {
  upstream.behave(async (_, response) => {
    response.writeHead(200, JSON_TYPE);
    const text = `{"data":[${`"${KEY} x",`.repeat(60_000)}null]}`;
    for (let at = 0; at < text.length; at += 4099) response.write(text.slice(at, at + 4099));
    response.end();
  });
  const answer = await gateway.ask('/tools/execute/GMAIL_SEND', {
    method: 'POST',
    body: '{"arguments":{}}',
    session: all,
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body.data[59_999], 'REDACTED x');
  assert.ok(!answer.text.includes(KEY.slice(8)));
});

test('an account that is too long to be looked at is nobody’s', async () => {
  upstream.behave(says(item.replace('"alias":', `"long":"${'x'.repeat(2e6)}","alias":`)));
  const answer = await gateway.ask(`/connected_accounts/${ID}`);
  assert.equal(answer.status, 502);
});

test('an API that fails again and again is left alone for a while, then tried once', async () => {
  upstream.behave(says('', 500));
  const statuses = [];
  // Of one caller alone it would be no sign that the API fails.
  for (let i = 0; i < 12; i++) {
    const session = { ...all, userId: i % 2 ? 'ada' : 'bob' };
    statuses.push((await gateway.ask('/connected_accounts', { session })).status);
  }
  assert.deepEqual(statuses.slice(0, 5), [502, 502, 502, 502, 502]);
  assert.ok(
    statuses.slice(6).every((status) => status === 503),
    String(statuses),
  );
  assert.ok(upstream.seen.length < 8);
  const { headers } = await gateway.ask('/connected_accounts');
  assert.match(headers.get('retry-after') ?? '', /^[1-9]$/);
});

test('half-closed, garbled and missing servers are failures like others', async () => {
  const says = [
    '',
    'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}',
    'nonsense\r\n\r\n',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 99 x\r\n\r\n',
  ];
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => (says[turn] === '' ? socket.end() : socket.write(says[turn], () => socket.end())));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const own = await startGateway(`http://127.0.0.1:${port}`, { timeout: TIMEOUT });
  try {
    for (; turn < says.length - 1; turn++) {
      const { status } = await own.ask('/connected_accounts');
      assert.ok([502, 504].includes(status), `${says[turn]}: ${status}`);
    }
    server.close();
    assert.ok([502, 503].includes((await own.ask('/connected_accounts')).status));
  } finally {
    await own.close();
    server.close();
  }
});
