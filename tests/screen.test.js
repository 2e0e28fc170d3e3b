// What a gateway lets out of an answer, masked and scrubbed in one stay in the core, against the two steps by themselves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MaskFault, openCore } from '../js/core/core.js';
import { NotOwned, openScreen } from '../js/core/screen.js';
import { scrubText } from '../js/core/scrub.js';
import { edgeWasmPath } from './support/build.js';

const KEY = 'ak_screen/0123456789+abcdefghijklmnop';
const SECRETS = JSON.stringify([KEY]);
const core = await openCore(readFileSync(edgeWasmPath));
const { mask } = core.catalog;
const SCOPE = mask.byName | mask.state | mask.data;
const HARMLESS = ['team_name'];
const screen = openScreen(core, mask.prefix, HARMLESS, SECRETS);
const encoder = new TextEncoder();
const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);

/** @param {Uint8Array} bytes */
const inSteps = (bytes) => text(scrubText(core, SECRETS, core.mask(bytes, SCOPE, mask.prefix, HARMLESS)));

/** @param {Uint8Array} bytes @param {(left: number) => number} next how many come next */
const inPieces = (bytes, next) => {
  const stream = screen.stream(SCOPE);
  const parts = /** @type {Uint8Array[]} */ ([]);
  const take = (/** @type {Uint8Array} */ window) => parts.push(window.slice());
  for (let at = 0; at < bytes.length; ) {
    const size = Math.min(bytes.length - at, Math.max(1, next(bytes.length - at)));
    stream.push(bytes.subarray(at, at + size), take);
    at += size;
  }
  stream.end(take);
  return Buffer.concat(parts).toString();
};

const item = {
  id: 'ca_000000000001',
  user_id: 'ada',
  toolkit: { slug: 'gmail' },
  state: { val: { access_token: 'ya29.secret-of-the-user', team_name: 'Team' } },
  seen: [KEY, encodeURIComponent(KEY), btoa(KEY), `\\"${KEY}`, KEY.slice(0, 30)],
};

/** @type {Record<string, unknown>} */
const documents = {
  item,
  list: { items: Array.from({ length: 300 }, (_, i) => ({ ...item, id: `ca_${i}` })) },
  'nothing but secrets, all shorter than what stands for them': { access_token: Array(4000).fill(1) },
  'the key at the very end': KEY,
  nothing: {},
};

for (const [name, document] of Object.entries(documents)) {
  test(`whole and in pieces it is what the two steps make of it: ${name}`, () => {
    const bytes = encoder.encode(JSON.stringify(document));
    const expected = inSteps(bytes);
    for (const secret of [KEY, btoa(KEY), 'ya29.secret-of-the-user']) assert.ok(!expected.includes(secret));
    if (name.startsWith('nothing but')) assert.ok(expected.length > 4 * bytes.length);
    assert.equal(text(screen.whole(bytes, SCOPE, null)), expected);
    for (const size of [1, 7, 64, 4096, 65_536]) {
      if (bytes.length / size < 30_000)
        assert.equal(
          inPieces(bytes, () => size),
          expected,
          `pieces of ${size}`,
        );
    }
    let seed = 1;
    for (let round = 0; round < 20; round++) {
      const next = () => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return seed % 3 === 0 ? seed % 20_000 : seed % 90;
      };
      assert.equal(inPieces(bytes, next), expected, `round ${round}`);
    }
  });
}

test('streams go on side by side, and whole answers between them', () => {
  const bytes = encoder.encode(JSON.stringify(documents.list));
  const expected = inSteps(bytes);
  const streams = Array.from({ length: 5 }, () => ({
    stream: screen.stream(SCOPE),
    parts: /** @type {Buffer[]} */ ([]),
  }));
  for (let at = 0; at < bytes.length; at += 10_000) {
    for (const { stream, parts } of streams) {
      stream.push(bytes.subarray(at, at + 10_000), (window) => parts.push(Buffer.from(window)));
      assert.equal(text(screen.whole(encoder.encode('{"a":1}'), SCOPE, null)), '{"a":1}');
    }
  }
  for (const { stream, parts } of streams) {
    stream.end((window) => parts.push(Buffer.from(window)));
    assert.equal(Buffer.concat(parts).toString(), expected);
  }
});

test('what is no JSON gives nothing out, and a stream that met a fault nothing more', () => {
  for (const bad of ['', '{', '{"a":1}}', '{"a":\u0001}', '["x', '[1,]', '{"access_token":"abc']) {
    const bytes = encoder.encode(bad);
    assert.throws(() => screen.whole(bytes, SCOPE, null), MaskFault, bad);
    assert.throws(() => inPieces(bytes, () => 3), MaskFault, bad);
  }
  const stream = screen.stream(SCOPE);
  const never = () => assert.fail('it gave something out');
  assert.throws(() => stream.push(encoder.encode('}'), never), MaskFault);
  assert.throws(() => stream.push(encoder.encode('{}'), never), Error);
  assert.throws(() => stream.end(never), Error);
});

test('an answer that is not the caller’s does not come out', () => {
  const one = { kind: 'account', id: item.id, user_id: 'ada', toolkits: ['gmail'] };
  const bytes = encoder.encode(JSON.stringify(item));
  assert.equal(text(screen.whole(bytes, SCOPE, one)), inSteps(bytes));
  for (const read of [
    { ...one, user_id: 'eve' },
    { ...one, toolkits: ['slack'] },
    { ...one, id: 'ca_2' },
    {},
    { kind: 'x' },
  ]) {
    assert.throws(() => screen.whole(bytes, SCOPE, read), NotOwned, JSON.stringify(read));
  }
  const list = { kind: 'list', user_id: 'ada' };
  const items = [...Array(50).fill(item), { ...item, user_id: 'eve' }];
  const foreign = encoder.encode(JSON.stringify({ items }));
  assert.throws(
    () => screen.whole(foreign, SCOPE, list),
    (error) => error instanceof NotOwned && error.reply.status === 502,
  );
  const own = encoder.encode(JSON.stringify({ items: items.slice(0, -1) }));
  assert.equal(text(screen.whole(own, SCOPE, list)), inSteps(own));
});

/** What stands in the core's memory. */
const inside = () => core.lend(({ memory }) => Buffer.from(memory.buffer).toString('latin1'));

test('nothing of an answer, of its secrets or of ours stays in the core, whichever way it ended', () => {
  const words = [KEY, KEY.slice(8, 24), 'ya29.secret', 'marker of the answer', 'eve of the scope'];
  const text = JSON.stringify({ ...item, alias: 'marker of the answer' });
  const read = { kind: 'account', id: item.id, user_id: 'eve of the scope' };
  const bytes = encoder.encode(text);
  const long = encoder.encode(JSON.stringify({ access_token: Array(4000).fill('marker of the answer'), seen: [KEY] }));
  const torn = encoder.encode(text.slice(0, -9));
  const stream = (/** @type {Uint8Array} */ given) => inPieces(given, () => 50);
  const ways = {
    whole: () => screen.whole(bytes, SCOPE, null),
    'whole, with less room than it needs': () => screen.whole(long, SCOPE, null),
    "another's": () => assert.throws(() => screen.whole(bytes, SCOPE, read), NotOwned),
    'whole and torn': () => assert.throws(() => screen.whole(torn, SCOPE, null), MaskFault),
    stream: () => stream(bytes),
    'stream of a long one': () => inPieces(long, () => 7000),
    'stream that is torn': () => assert.throws(() => stream(torn), MaskFault),
    'a further screen': () => openScreen(core, mask.full, [], SECRETS).whole(bytes, SCOPE, null),
  };
  for (const [name, way] of Object.entries(ways)) {
    way();
    const left = inside();
    for (const word of words) assert.ok(!left.includes(word), `${name}: ${word}`);
  }
  const open = screen.stream(SCOPE);
  open.push(bytes, () => {});
  for (const word of words) assert.ok(!inside().includes(word), `between two pieces: ${word}`);
});
