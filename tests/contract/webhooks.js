// Webhooks, signed here as Standard Webhooks says and checked by the SDK.

/** @param {Uint8Array} bytes */
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** @param {import('./context.js').Context} context */
export function webhookCases({ sdk, failure, test, assert }) {
  const { verifyWebhook, WebhookVerificationError } = sdk;

  /** The headers of a delivery, and the secret it was signed with. @param {string} payload @param {number} [age] in seconds */
  const signed = async (payload, age = 0) => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const id = `msg_${crypto.randomUUID()}`;
    const timestamp = String(Math.floor(Date.now() / 1000) - age);
    const content = new TextEncoder().encode(`${id}.${timestamp}.${payload}`);
    const signature = toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, content)));
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return { headers, secret: `whsec_${toBase64(secret)}` };
  };

  const payload = JSON.stringify({ type: 'connected_account.expired', data: { id: 'ca_1', alias: 'Wörk 😀' } });

  test('a genuine webhook is read, whatever its body and headers come as', async () => {
    const { headers, secret } = await signed(payload);
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    const bytes = new TextEncoder().encode(payload);
    for (const body of [payload, bytes, bytes.buffer]) {
      for (const head of [headers, upper, new Headers(headers)]) {
        assert.deepEqual(await verifyWebhook(body, head, secret), JSON.parse(payload));
      }
    }
    const { secret: older } = await signed(payload);
    assert.deepEqual(await verifyWebhook(payload, headers, [older, secret]), JSON.parse(payload));
  });

  test('a webhook that is forged, changed, old or without its headers is refused', async () => {
    const { headers, secret } = await signed(payload);
    const { secret: other } = await signed(payload);
    const late = await signed(payload, 3600);
    const cases = {
      SIGNATURE_MISMATCH: [
        verifyWebhook(payload, headers, other),
        verifyWebhook(payload.replace('ca_1', 'ca_2'), headers, secret),
        verifyWebhook(payload, { ...headers, 'webhook-id': 'msg_other' }, secret),
      ],
      TIMESTAMP_OUT_OF_RANGE: [verifyWebhook(payload, late.headers, late.secret)],
      HEADER_MISSING: [verifyWebhook(payload, {}, secret)],
    };
    // Caught all at once: a refusal that nobody has begun to wait for would end the program.
    const told = Object.entries(cases).map(([code, refusals]) => ({
      code,
      errors: Promise.all(refusals.map(failure)),
    }));
    for (const { code, errors } of told) {
      for (const error of await errors) {
        assert.ok(error instanceof WebhookVerificationError, String(error));
        assert.equal(error.code, `TS-SDK::WEBHOOK_${code}`);
        assert.ok(![secret, other, late.secret].some((one) => JSON.stringify(error).includes(one.slice(6))));
      }
    }
  });
}
