// Masking without a service.

const SECRET = 'sk-live-1234567890';

/** @param {import('./context.js').Context} context */
export function maskingCases({ sdk, failure, test, assert }) {
  const { createMaskStream, mask } = sdk;

  /** @param {string} text @param {number} size of the pieces it comes in @param {object} [options] */
  const streamed = async (text, size, options) => {
    const bytes = new TextEncoder().encode(text);
    let at = 0;
    const source = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      },
    });
    return new Response(source.pipeThrough(createMaskStream(options))).text();
  };

  test('a text gives a text in which nothing else is changed, a value gives a value', async () => {
    const text = `{ "a": 9007199254740993,\n "Api-Key" : "${SECRET}", "deep": [{"refreshToken": "abc"}], "ö": "\\ud83d" }`;
    const masked = text.replace(SECRET, 'sk-l...').replace('"abc"', '"REDACTED"');
    assert.equal(await mask(text), masked);
    assert.equal(await mask(masked), masked);
    assert.deepEqual(await mask({ api_key: SECRET, n: [1, null] }), { api_key: 'sk-l...', n: [1, null] });
    assert.deepEqual(await mask({ api_key: SECRET }, { style: 'full' }), { api_key: 'REDACTED' });
  });

  test('a stream is masked the same wherever it is cut', async () => {
    const text = JSON.stringify({
      items: [{ access_token: `${SECRET}😀` }, { token: '😀😀😀😀😀' }],
      plain: 'x'.repeat(99),
    });
    const whole = await mask(text);
    assert.ok(!whole.includes(SECRET) && whole.includes('😀😀😀😀...'), whole);
    for (const size of [1, 2, 3, 7, 64, 1000]) assert.equal(await streamed(text, size), whole);
    assert.equal(await streamed(`{"token":"${SECRET}"}`, 5, { style: 'full' }), '{"token":"REDACTED"}');
  });

  test('what is not one whole document is an error, not a shorter answer', async () => {
    for (const text of ['', '{"token":"abcdef', '{"a":1}{"b":2}', '{"a":01}']) {
      assert.ok((await failure(mask(text))) instanceof sdk.MaskFault, text);
      await failure(streamed(text, 3));
    }
  });
}
