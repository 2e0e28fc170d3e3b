// How the gateway reads what the API answers: in pieces, and never more than an isolate can hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStart } from '../js/edge/gateway/reading.js';
import { Exchange } from '../js/edge/gateway/upstream.js';
import { createHandler } from '../js/edge/index.js';
import { KEY } from './support/gateway.js';

test('the beginning of a long answer comes out in small pieces, and in order', async () => {
  const bytes = new Uint8Array(3e6).map((_, at) => at % 251);
  for (const size of [1000, 200_000, 3e6]) {
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      },
    });
    const exchange = new Exchange(/** @type {any} */ ({ timeout: 60_000 }));
    const { bytes: whole, rest } = await readStart(new Response(body), exchange);
    assert.equal(whole.length, 0, 'nothing is held beside the rest');
    const pieces = [];
    for (let piece = await rest?.next(); piece; piece = await rest?.next()) pieces.push(piece.slice());
    exchange.close();
    assert.ok(pieces.every(({ length }) => length <= 65_536));
    assert.deepEqual(Buffer.concat(pieces), Buffer.from(bytes));
  }
});

test('answers that trickle hold no more memory together than an isolate has, and give it back', async () => {
  /** @type {(() => void)[]} */
  const ends = [];
  let open = 0;
  const trickle = async () => {
    open += 1;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(1_000_000).fill(32));
        ends.push(() => {
          controller.enqueue(new TextEncoder().encode('{"items":[]}'));
          controller.close();
        });
      },
    });
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  };
  const baseURL = 'https://api.example';
  const { fetch } = createHandler({
    upstream: { baseURL, apiKey: KEY, fetch: trickle },
    public: true,
    origin: 'https://gateway.example',
  });
  const get = () => fetch(new Request('https://gateway.example/api/v3/connected_accounts'));
  const asked = Array.from({ length: 60 }, get);
  const refused = await Promise.race([...asked, sleep(10_000, null)]);
  assert.equal(refused?.status, 503);
  while (open < 60) await sleep(10);
  await sleep(100);
  for (const end of ends) {
    try {
      end();
    } catch {} // it was given up
  }
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.deepEqual([...new Set(statuses)].sort(), [200, 503]);
  assert.ok(statuses.filter((status) => status === 200).length >= 40, String(statuses));
  const again = get();
  while (open < 61) await sleep(10);
  await sleep(10);
  ends.at(-1)?.();
  assert.equal((await again).status, 200);
});
