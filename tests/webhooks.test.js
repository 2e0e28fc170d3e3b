// verifyWebhook against the specification's own example, and against the published reference implementation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValidationError, verifyWebhook, WebhookVerificationError } from '../js/index.js';
import { installed } from './support/installed.js';
import { failure } from './support/plays.js';

// https://github.com/standard-webhooks/standard-webhooks, the example of the specification.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const example = {
  payload: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
};

const { Webhook } = (await installed('webhooks'))('standardwebhooks');
const payload = JSON.stringify({ type: 'connected_account.expired', timestamp: '2026-01-01T00:00:00.000Z', data: {} });
const otherSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Headers that the reference signs. @param {{ at?: number, body?: string, key?: string, id?: string }} [how] `at`: seconds from now */
function signed({ at = 0, body = payload, key = secret, id = 'msg_1' } = {}) {
  const time = new Date(Math.floor(Date.now() / 1000 + at) * 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(time.getTime() / 1000),
    'webhook-signature': new Webhook(key).sign(id, time, body),
  };
}

/** Does the reference take it? @param {string} body @param {Record<string, string>} headers */
function byReference(body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

test("the specification's example is genuine in its time", async (t) => {
  const { now } = Date;
  t.after(() => {
    Date.now = now;
  });
  Date.now = () => 1614265330_000;
  assert.deepEqual(await verifyWebhook(example.payload, example.headers, secret), { test: 2432232314 });
  const changed = verifyWebhook('{"test": 2432232315}', example.headers, secret);
  assert.equal((await failure(changed)).code, 'TS-SDK::WEBHOOK_SIGNATURE_MISMATCH');
});

test('what the reference signs is taken, in every form of body and headers', async () => {
  const headers = signed();
  const bytes = new TextEncoder().encode(payload);
  const framed = new Uint8Array([0, ...bytes, 0]).subarray(1, bytes.length + 1);
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  const nodes = { ...headers, 'set-cookie': ['a', 'b'], host: undefined };
  for (const body of [payload, bytes, bytes.buffer, framed, Buffer.from(payload)]) {
    assert.equal((await verifyWebhook(body, headers, secret)).type, 'connected_account.expired');
  }
  for (const form of [new Headers(headers), new Map(Object.entries(headers)), upper, nodes]) {
    assert.equal((await verifyWebhook(payload, form, secret)).type, 'connected_account.expired');
  }
  const long = JSON.stringify({ type: 'x', data: 'é'.repeat(100_000) });
  assert.equal((await verifyWebhook(long, signed({ body: long }), secret)).type, 'x');
});

test('five minutes either way, and no more', async () => {
  for (const [at, genuine] of /** @type {const} */ ([
    [-298, true],
    [298, true],
    [-303, false],
    [303, false],
    [-86_400, false],
  ])) {
    const headers = signed({ at });
    assert.equal(byReference(payload, headers), genuine);
    if (genuine) await verifyWebhook(payload, headers, secret);
    else
      assert.equal(
        (await failure(verifyWebhook(payload, headers, secret))).code,
        'TS-SDK::WEBHOOK_TIMESTAMP_OUT_OF_RANGE',
      );
  }
});

test('while a secret is replaced, both sides may have several', async () => {
  const [one, other] = [signed(), signed({ key: otherSecret })];
  const both = { ...one, 'webhook-signature': `${other['webhook-signature']} ${one['webhook-signature']}` };
  await verifyWebhook(payload, both, secret);
  await verifyWebhook(payload, both, otherSecret);
  await verifyWebhook(payload, other, [secret, otherSecret]);
  const future = `v2,${'A'.repeat(43)}= v1a,${'A'.repeat(86)}== ${one['webhook-signature']}`;
  await verifyWebhook(payload, { ...one, 'webhook-signature': future }, secret);
});

test('whatever is changed on the way is refused, by the reference as well', async () => {
  const headers = signed();
  const signature = headers['webhook-signature'];
  /** @type {[string, string, Record<string, string>][]} code, body, headers */
  const cases = [
    ['SIGNATURE_MISMATCH', `${payload} `, headers],
    ['SIGNATURE_MISMATCH', '', headers],
    ['SIGNATURE_MISMATCH', payload, { ...headers, 'webhook-id': 'msg_2' }],
    ['SIGNATURE_MISMATCH', payload, { ...headers, 'webhook-timestamp': String(+headers['webhook-timestamp'] + 1) }],
    ['SIGNATURE_MISMATCH', payload, { ...headers, 'webhook-signature': signature.replace('v1,', 'v2,') }],
    ['SIGNATURE_MISMATCH', payload, { ...headers, 'webhook-signature': signature.slice(0, -2) }],
    ['SIGNATURE_MISMATCH', payload, { ...headers, 'webhook-signature': 'v1, v1,!!!! ,' }],
    ['SIGNATURE_MISMATCH', payload, signed({ key: otherSecret })],
    ['TIMESTAMP_OUT_OF_RANGE', payload, { ...headers, 'webhook-timestamp': 'now' }],
    ['TIMESTAMP_OUT_OF_RANGE', payload, { ...headers, 'webhook-timestamp': '-1' }],
    ['HEADER_MISSING', payload, { ...headers, 'webhook-id': '' }],
    ['HEADER_MISSING', payload, { 'webhook-id': 'msg_1' }],
    ['HEADER_MISSING', payload, {}],
  ];
  for (const [code, body, sent] of cases) {
    const error = await failure(verifyWebhook(body, sent, secret));
    assert.ok(error instanceof WebhookVerificationError, String(error));
    assert.equal(error.code, `TS-SDK::WEBHOOK_${code}`, JSON.stringify(sent));
    assert.equal(byReference(body, sent), false, JSON.stringify(sent));
    assert.equal(JSON.stringify(error).includes(secret.slice(6)), false);
  }
});

test('a body that something has parsed, and a secret that is none, are mistakes of the caller', async () => {
  for (const [body, key] of /** @type {[any, any][]} */ ([
    [JSON.parse(payload), secret],
    [undefined, secret],
    [payload, secret.slice(6)],
    [payload, 'whsec_c2hvcnQ='],
    [payload, 'whsec_not base64 not base64 not base64'],
    [payload, undefined],
    [payload, []],
    [payload, [secret, '']],
  ])) {
    const error = await failure(verifyWebhook(body, signed(), key));
    assert.ok(error instanceof ValidationError, String(error));
  }
});

test('a genuine delivery that is not JSON is told apart', async () => {
  const error = await failure(verifyWebhook('hello', signed({ body: 'hello' }), secret));
  assert.equal(error.code, 'TS-SDK::WEBHOOK_PAYLOAD_INVALID');
});
