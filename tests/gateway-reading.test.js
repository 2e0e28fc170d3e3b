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

test('an answer that trickles is given up after one timeout, also one that does not say how long it is', async () => {
  /** @type {Record<string, string>[]} */
  const kinds = [{}, { 'content-length': '1000' }];
  for (const headers of kinds) {
    let ended = false;
    /** As a platform's own does. @type {typeof fetch} */
    const trickle = async (_, init) => {
      const body = new ReadableStream({
        async pull(controller) {
          await sleep(20);
          if (init?.signal?.aborted) {
            ended = true;
            controller.error(init.signal.reason);
          } else controller.enqueue(new Uint8Array(1).fill(32));
        },
      });
      return new Response(body, { headers: { 'content-type': 'application/json', ...headers } });
    };
    const gateway = createHandler({
      upstream: { baseURL: 'https://api.example', apiKey: KEY, fetch: trickle, timeout: 300 },
      public: true,
      origin: 'https://gateway.example',
    });
    const answer = gateway.fetch(new Request('https://gateway.example/api/v3/connected_accounts'));
    // Each byte would come in time by itself: with a time for each it would take twenty seconds.
    const status = await Promise.race([answer.then(({ status }) => status), sleep(10_000, 'it goes on')]);
    assert.equal(status, 504);
    for (let i = 0; i < 100 && !ended; i++) await sleep(20);
    assert.ok(ended, 'nobody takes what still comes');
  }
});
