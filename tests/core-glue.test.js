// The glue between JavaScript and the core: names, heads, replies, memory, masking.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { MaskFault, openCore } from '../js/core/core.js';
import { edgeWasmPath, maskWasmPath, wasmPath } from './support/build.js';

/** @type {import('../js/core/core.js').Core} */
let core;
before(async () => {
  core = await openCore(readFileSync(edgeWasmPath)); // the module that has every function
});

const encoder = new TextEncoder();
const maskCodes = () => core.catalog.mask;

test('a module, bytes, a promise and a function open the same core', async () => {
  const bytes = readFileSync(edgeWasmPath);
  const module = await WebAssembly.compile(bytes);
  for (const source of [module, bytes, Promise.resolve(module), () => module, async () => bytes]) {
    assert.deepEqual((await openCore(source)).catalog, core.catalog);
  }
});

test('a module that is not ours is refused', async () => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  await assert.rejects(openCore(empty));
});

test('the small modules are the same core without the calls of the others', async () => {
  const small = await openCore(readFileSync(wasmPath));
  const masker = await openCore(readFileSync(maskWasmPath));
  const all = /** @type {any} */ (core.catalog);
  for (const { catalog } of [small, masker]) {
    for (const [name, value] of Object.entries(catalog)) assert.deepEqual(value, all[name], name);
  }
  assert.deepEqual(Object.keys(masker.catalog), ['layout', 'mask']);
  assert.equal(masker.mask('{"token":"gho_16C7e4"}', masker.catalog.mask.byName, 0), '{"token":"gho_..."}');
  const args = { id: 'ca_123456789012' };
  assert.deepEqual(
    small.request('connected_accounts.get', args).request,
    core.request('connected_accounts.get', args).request,
  );
  assert.throws(() => small.fault('internal', {}), TypeError);
  assert.throws(() => small.route({ method: 'GET', target: '/' }), {
    name: 'TypeError',
    message: /dc_route.*edge\.wasm/,
  });
});

test('the catalogue cannot be changed by a caller', () => {
  assert.throws(() => /** @type {any} */ (core.catalog).operations.push(1), TypeError);
  assert.throws(() => /** @type {any} */ (core.catalog.mask).byName++, TypeError);
});

test('an unknown name is a fault of the program', () => {
  assert.throws(() => core.request('connected_accounts.lst', {}), /connected_accounts\.lst/);
  assert.throws(() => core.change('explode', 0, {}), TypeError);
  assert.throws(() => core.fault('toString', {}), TypeError);
});

test('a request comes out with method, target, headers and body', () => {
  const { status, request } = core.request('connected_accounts.set_status', { id: 'ca_123456789012', enabled: false });
  assert.equal(status, 0);
  assert.deepEqual(request, {
    method: 'PATCH',
    target: '/api/v3/connected_accounts/ca_123456789012/status',
    headers: [
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
    ],
    body: '{"enabled":false}',
  });
  assert.equal(core.request('connected_accounts.get', { id: 'ca_123456789012' }).request?.body, null);
});

test('faulty arguments are a value, not an exception', () => {
  const reply = core.request('connected_accounts.set_status', { id: 'ca_1', enabled: 'yes', extra: 1 });
  assert.equal(reply.ok, false);
  assert.equal(reply.value.name, 'ValidationError');
  assert.equal(reply.value.errors.length, 2);
});

test('a head with a line feed is refused before it reaches the core', () => {
  assert.throws(() => core.route('{"method":"GET",\n"target":"/"}'), TypeError);
});

test('raw members keep every byte, and nest', () => {
  const val = '{"n":9007199254740993,"e":1e999}';
  const inner = core.head({}, { record: '{"a":\n1}', val });
  assert.equal(
    core.head({ api: 'v3' }, { account: inner, none: undefined, empty: '' }),
    `{"api":"v3","account":{"record":{"a": 1},"val":${val}}}`,
  );
  assert.equal(core.head({}, {}), '{}');
});

test('large texts of every width pass unharmed', () => {
  for (const size of [0, 1, 100, 30_000, 400_000]) {
    for (const letter of ['a', 'é', '€', '😀']) {
      const message = letter.repeat(size);
      const body = JSON.stringify({ error: { message, code: 1, slug: 's' } });
      assert.equal(core.response('connected_accounts.get', 400, {}, body).value.message, message, letter + size);
    }
  }
});

test('nothing of a call is left in the memory after it', async () => {
  /** @type {WebAssembly.Instance[]} */
  const made = [];
  const instantiate = WebAssembly.instantiate;
  /** @type {any} */ (WebAssembly).instantiate = async (/** @type {any} */ ...args) => {
    const result = await /** @type {any} */ (instantiate)(...args);
    made.push(result.instance ?? result);
    return result;
  };
  const own = await openCore(readFileSync(edgeWasmPath)).finally(() => {
    WebAssembly.instantiate = instantiate;
  });
  const secret = 'gho_16C7e42F292c6912E7710c838347Ae178B4a';
  const config = { authScheme: 'OAUTH2', val: { access_token: secret } };
  assert.match(
    own.request('connected_accounts.create', { authConfigId: 'ac_1', config }).request?.body ?? '',
    /gho_16C7/,
  );
  own.mask(JSON.stringify(config), maskCodes().byName, maskCodes().prefix);
  own.mask(`{"jwt":"${secret}"}`, maskCodes().whole, maskCodes().prefix);
  assert.throws(() => own.mask(JSON.stringify(config).slice(0, -9), maskCodes().byName, maskCodes().prefix), MaskFault);
  const memory = Buffer.from(/** @type {WebAssembly.Memory} */ (made[0].exports.memory).buffer);
  assert.equal(memory.includes(secret), false);
  assert.equal(memory.includes(secret.slice(8, 24)), false);
  assert.equal(memory.includes(secret.slice(0, 8)), false);
});

const document = JSON.stringify({
  access_token: 'gho_16C7e42F292c',
  short: 'abc',
  list: [{ password: 'ab' }, { client_secret: '😀😀😀😀😀' }, { Api_Key: 12345678 }],
  text: 'é€😀"\\\n'.repeat(50),
});
const masked = () => core.mask(document, maskCodes().byName, maskCodes().prefix);

test('masking by name keeps all else', () => {
  const value = JSON.parse(masked());
  assert.equal(value.access_token, 'gho_...');
  assert.deepEqual(value.list, [{ password: 'REDACTED' }, { client_secret: '😀😀😀😀...' }, { Api_Key: 'REDACTED' }]);
  assert.equal(value.text, JSON.parse(document).text);
  assert.equal(core.mask('{"token":"secret-token"}', maskCodes().byName, maskCodes().full), '{"token":"REDACTED"}');
});

test('a document is masked into room of the caller, also into its own', () => {
  const { byName, prefix } = maskCodes();
  const grows = JSON.stringify({ token: new Array(100000).fill(1) }); // each `1` becomes "REDACTED"
  for (const text of [document, '{"token":[1,1,1]}', '{}', grows]) {
    const expected = core.mask(text, byName, prefix);
    const bytes = encoder.encode(text);
    const target = new Uint8Array(encoder.encode(expected).length);
    assert.equal(core.maskInto(bytes, target, byName, prefix), target.length);
    assert.equal(new TextDecoder().decode(target), expected);
    assert.equal(core.maskInto(bytes, target.subarray(1), byName, prefix), -1);
    const own = new Uint8Array(Math.max(bytes.length, target.length));
    own.set(bytes);
    assert.equal(core.maskInto(own.subarray(0, bytes.length), own, byName, prefix), target.length);
    assert.equal(new TextDecoder().decode(own.subarray(0, target.length)), expected);
    assert.throws(() => core.maskInto(bytes.subarray(1), own, byName, prefix), MaskFault);
  }
});

test('a masker that has ended, or met a fault, gives nothing any more', () => {
  const { whole, prefix } = maskCodes();
  /** @type {string[]} */
  const given = [];
  const push = (/** @type {any} */ masker, /** @type {string} */ text) =>
    masker.push(encoder.encode(text), (/** @type {Uint8Array} */ part) => given.push(String(part)));
  const ended = core.masker(whole, prefix);
  push(ended, '{}');
  ended.end();
  const faulty = core.masker(whole, prefix);
  push(faulty, '{"a":"x",');
  assert.throws(() => push(faulty, '}'), MaskFault);
  given.length = 0;
  for (const masker of [ended, faulty]) {
    assert.throws(() => push(masker, '"token":"SEKRET99"}'), MaskFault);
    assert.throws(() => push(masker, '{"token":"SEKRET99"}'), MaskFault);
    assert.throws(() => masker.end(), MaskFault);
  }
  assert.deepEqual(given, []);
});

test('a stream gives the same wherever it is cut, also side by side with another', async () => {
  const bytes = encoder.encode(document);
  const expected = masked();
  for (const size of [1, 2, 3, 7, 64, 1000]) {
    const streams = [0, 1].map(() => core.maskStream(maskCodes().byName, maskCodes().prefix));
    const texts = streams.map(({ readable }) => new Response(readable).text());
    const writers = streams.map(({ writable }) => writable.getWriter());
    for (let at = 0; at < bytes.length; at += size) {
      for (const writer of writers) writer.write(bytes.subarray(at, at + size));
    }
    for (const writer of writers) writer.close();
    assert.deepEqual(await Promise.all(texts), [expected, expected]);
  }
});

test('a document that is cut short errors the stream', async () => {
  for (const text of ['', '{"token":"gho_16C7', '{"a":1}}', '{"a":"\u0000"}', '[1,']) {
    const stream = core.maskStream(maskCodes().byName, maskCodes().prefix);
    const writer = stream.writable.getWriter();
    const read = new Response(stream.readable).text();
    writer.write(encoder.encode(text)).catch(() => {});
    writer.close().catch(() => {});
    await assert.rejects(read, MaskFault, text);
    assert.throws(() => core.mask(text, maskCodes().byName, maskCodes().prefix), MaskFault);
  }
});

test('a harmless name of the caller is not masked', () => {
  const text = '{"val":1,"workspace":"acme-workspace","other":"acme-workspace"}';
  const { whole, prefix } = maskCodes();
  assert.deepEqual(JSON.parse(core.mask(text, whole, prefix, ['workspace'])).workspace, 'acme-workspace');
  assert.deepEqual(JSON.parse(core.mask(text, whole, prefix, ['workspace'])).other, 'acme...');
});

test('pauses double, vary, and follow the server', () => {
  for (const [attempt, most] of [
    [1, 500],
    [2, 1000],
    [3, 2000],
    [4, 4000],
    [5, 8000],
    [50, 8000],
  ]) {
    for (const seed of [0, 1, 4_000_000_000]) {
      const pause = core.delay(attempt, 0, seed);
      assert.ok(pause <= most && pause >= most * 0.75 - 1, `${attempt} ${seed} ${pause}`);
    }
  }
  assert.equal(core.delay(1, 3000, 7), 3000);
});
