// The echo scrub in WebAssembly: every form that JavaScript's own encoders make of a secret, and generated texts against
// an independent reference, whole and cut at every byte.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openCore } from '../js/core/core.js';
import { ScrubFault, scrubber, scrubText as scrubWith } from '../js/core/scrub.js';
import { edgeWasmPath } from './support/build.js';
import { scrubReference } from './support/scrub-reference.js';
import { formsOf, scrubChunks, scrubText, shapes, writers } from './support/scrubber.js';

const MARK = 'REDACTED';
const SECRETS = [
  'gho_16C7e42F292c6912E7710c838347Ae178B4a',
  'p@ss/w+rd "x\\y%41é😀&<=',
  'sk-abc/def+ghi==',
  'correct horse battery staple',
  'deadbeef%2Fx',
  'n12345678',
  'line one\nline two\n',
  '~~~???>>>~~~???>>>',
];

/** A small generator of numbers below n, the same in every run. @param {number} seed */
function randomFrom(seed) {
  let state = seed;
  return (/** @type {number} */ n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** @param {string} text @param {string[]} secrets */
function assertEverySplit(text, secrets) {
  const bytes = Buffer.from(text);
  const whole = scrubText(text, secrets);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parts = scrubChunks([bytes.subarray(0, cut), bytes.subarray(cut)], secrets, { room: 1 });
    assert.equal(String(parts), whole, `cut at ${cut}: ${text}`);
  }
  return whole;
}

test('every form of a secret is found, whatever stands around it', () => {
  const around = [
    ['', ''],
    ['{"a":"', '"}'],
    ['\\', '\\'],
    ['%', '%'],
    ['https:\\/\\/x?q=%20', '&x=%2'],
    [`${'x'.repeat(100)}\\u00`, ' '],
    ['é\\n', '=='],
  ];
  for (const secret of SECRETS) {
    for (const [name, form] of formsOf(secret)) {
      for (const [before, after] of around) {
        assert.equal(scrubText(before + form + after, [secret]), `${before}${MARK}${after}`, `${name}: ${form}`);
      }
    }
  }
});

test('a form that is cut at any byte is found as well, and nothing of it leaves before that', () => {
  for (const secret of SECRETS.slice(0, 3)) {
    for (const [, form] of formsOf(secret)) assert.equal(assertEverySplit(`"${form}"`, SECRETS), `"${MARK}"`);
  }
});

test('base64 of more than the secret loses the characters that hold a bit of it, and no others', () => {
  for (let before = 0; before < 7; before++) {
    for (let after = 0; after < 4; after++) {
      for (const kind of /** @type {const} */ (['base64', 'base64url'])) {
        const text = Buffer.from(`${'u'.repeat(before)}${SECRETS[0]}${'v'.repeat(after)}`).toString(kind);
        const scrubbed = scrubText(text, [SECRETS[0]]);
        const from = Math.floor((8 * before) / 6);
        const to = Math.ceil((8 * (before + SECRETS[0].length)) / 6);
        assert.equal(scrubbed, text.slice(0, from) + MARK + text.slice(to));
      }
    }
  }
});

test('text without a secret stays as it is, to the byte', () => {
  const near = SECRETS.flatMap((secret) => formsOf(secret).map(([, form]) => form.slice(0, -1).replace(/^p@/, 'q@')));
  const bytes = Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 40503) >> 8).map((n) => n & 255));
  for (const text of [bytes, Buffer.from('%41\\u0041\\n\\\\%%%zz'.repeat(999)), Buffer.alloc(100000, '\\u00')]) {
    assert.ok(scrubChunks([text], SECRETS)?.equals(text));
  }
  for (const text of near.filter((form) => scrubReference(form, SECRETS) === form)) {
    assert.equal(scrubText(`${text}!`, SECRETS), `${text}!`);
  }
});

test('generated texts are scrubbed as the reference scrubs them, however they are cut', () => {
  const random = randomFrom(20251111);
  const pick = (/** @type {any[]} */ list) => list[random(list.length)];
  const letters = ['a', 'b', 'A', '4', '1', '%', '\\', 'u', '0', 'n', '/', '+', ' ', 'é', '"'];
  const word = (/** @type {number} */ size) => Array.from({ length: size }, () => pick(letters)).join('');
  for (let i = 0; i < 1500; i++) {
    const narrow = random(3) === 0;
    const secrets = Array.from({ length: 1 + random(3) }, () =>
      narrow
        ? pick(['ab', 'aab', 'a'])
            .repeat(20)
            .slice(0, 8 + random(6))
        : word(8 + random(8)),
    );
    const pieces = Array.from({ length: 1 + random(6) }, () => {
      const secret = pick(secrets);
      const form = pick(Object.values(writers))(pick(Object.values(shapes))(secret));
      return pick([
        word(random(6)),
        form,
        form.slice(random(4)),
        form.slice(0, -1 - random(4)),
        secret.slice(random(9)),
      ]);
    });
    const text = pieces.join('');
    const expected = scrubReference(text, secrets);
    assert.equal(scrubText(text, secrets), expected, JSON.stringify({ text, secrets }));
    const bytes = Buffer.from(text);
    const cuts = [random(bytes.length + 1), random(bytes.length + 1)].sort((a, b) => a - b);
    const parts = [bytes.subarray(0, cuts[0]), bytes.subarray(cuts[0], cuts[1]), bytes.subarray(cuts[1])];
    assert.equal(String(scrubChunks(parts, secrets, { room: 1 + random(9) })), expected);
  }
});

test('long secrets, many secrets, long texts', () => {
  const random = randomFrom(5);
  const token = (/** @type {number} */ size) => Array.from({ length: size }, () => random(36).toString(36)).join('');
  const secrets = Array.from({ length: 40 }, (_, i) => token(8 + i * 30));
  const filler = `${'some text, and '.repeat(300)}"quoted\\n\\/%2F"`;
  const pieces = secrets.flatMap((secret) => Object.values(shapes).map((make) => filler + make(secret)));
  const text = pieces.join('|');
  const expected = pieces.map(() => filler + MARK).join('|');
  assert.ok(scrubText(text, secrets) === expected);
  const bytes = Buffer.from(text);
  const chunks = [];
  for (let at = 0, size = 1; at < bytes.length; at += size) {
    size = 1 + random(3000);
    chunks.push(bytes.subarray(at, at + size));
  }
  assert.ok(String(scrubChunks(chunks, secrets)) === expected);
});

test('text that is slow to read passes nonetheless', () => {
  const secret = `${'a'.repeat(199)}b`;
  for (const piece of ['a', `${'a'.repeat(198)}c`, 'YWFh', '61', '%61', `${'a'.repeat(8)}\\/`]) {
    const text = piece.repeat(1e6 / piece.length);
    const scrubbed = String(scrubChunks([Buffer.from(text)], [secret, 'a'.repeat(8)]));
    assert.ok(scrubbed.includes(MARK) && !scrubbed.includes(piece.repeat(8)), piece);
  }
});

test('text and secrets that were made for each other are given up, and nothing more comes out', () => {
  const secret = 'a'.repeat(30000);
  for (const [piece, secrets] of [
    ['%36%31', [secret]],
    ['\\u0036\\u0031', [secret]],
    ['\\u0061', [secret, 'a'.repeat(8)]],
  ]) {
    const text = Buffer.from(String(piece).repeat(50000));
    assert.throws(() => scrubChunks([text], /** @type {string[]} */ (secrets)), /fault/);
  }
});

test('the core scrubs a whole body or a stream, with the secrets of a credential', async () => {
  const core = await openCore(readFileSync(edgeWasmPath));
  const val = JSON.stringify({ access_token: SECRETS[0], username: 'username1', token: 'short', more: 'not secret' });
  const body = `{"seen":"Bearer ${SECRETS[0]}","as":"${btoa(`x:${SECRETS[0]}`)}","by":"username1 short not secret"}`;
  const masked = `{"seen":"Bearer ${MARK}","as":"eD${MARK}","by":"username1 short not secret"}`;
  assert.equal(scrubWith(core, val, body, ['more']), masked);
  assert.equal(String(Buffer.from(scrubWith(core, val, Buffer.from(body), ['more']))), masked);
  const streams = [scrubber(core, val, ['more']), scrubber(core, '["other secret"]')];
  /** @type {Uint8Array[][]} */
  const parts = [[], []];
  const bytes = Buffer.from(body.repeat(3000));
  for (let at = 0; at < bytes.length; at += 1000) {
    for (const [n, stream] of streams.entries()) parts[n].push(...stream.push(bytes.subarray(at, at + 1000)));
  }
  const texts = streams.map((stream, n) => String(Buffer.concat([...parts[n], stream.end()])));
  assert.ok(texts[0] === masked.repeat(3000));
  assert.ok(texts[1] === body.repeat(3000));
  assert.throws(() => scrubber(core, '{"access_token":"abcdefgh'), ScrubFault);
});
