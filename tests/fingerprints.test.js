// Which secrets get a fingerprint: exactly those that the masker hides and that are long enough, on generated credentials,
// against what the masker does with them and against the independent reference.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openCore } from '../js/core/core.js';
import { Vault } from '../js/edge/vault.js';
import { fromText, makeView, toText } from '../js/edge/views.js';
import { edgeWasmPath } from './support/build.js';
import { maskReference, scopes } from './support/mask-reference.js';

const core = await openCore(readFileSync(edgeWasmPath));
const EXTRA = ['plain_one', 'Zusätzlich'];
const PURPOSE = 'devcaster fingerprint v1\n';
const LONGEST = 256;

const NAMES = [
  ...[
    'access_token',
    'refreshToken',
    'API-KEY',
    'username',
    'scope',
    'scopes',
    'authed_user',
    'base_url',
    'data',
    'val',
  ],
  ...[
    'authorization',
    'x',
    '',
    'a.b',
    'a',
    'b',
    '\\',
    '😀',
    'plain_one',
    'Zusätzlich',
    '\u0000',
    '\ud800',
    'n'.repeat(130),
  ],
];
const TEXTS = [
  ...[
    '12345678',
    '1234567',
    'gho_16C7e42F292c',
    'gho_...',
    'REDACTED',
    'https://u:secret@h/?token=12345678',
    '',
    'ééééééé',
  ],
  ...[
    'éééééééé',
    '😀😀😀😀',
    '😀😀😀😀😀😀😀😀',
    '\u0000abcdefgh',
    'abcdefgh\ud83d',
    '\ude00abcdefgh',
    'line\nbreak\t"quoted"\\',
    'read:user',
  ],
];

/** The same numbers in every run. @param {number} seed */
function randomFrom(seed) {
  let state = seed;
  return (/** @type {number} */ n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** @param {(n: number) => number} random @param {number} depth @returns {any} */
function randomValue(random, depth) {
  const kind = random(depth > 3 ? 6 : 10);
  if (kind < 5) return TEXTS[random(TEXTS.length)];
  if (kind === 5) return [12345678, true, null, 0][random(4)];
  const items = Array.from({ length: random(5) }, () => randomValue(random, depth + 1));
  return kind < 7 ? items : Object.fromEntries(items.map((item) => [NAMES[random(NAMES.length)], item]));
}

/** @param {string} text */
const isText = (text) => !/\p{Surrogate}|\0/u.test(text);

/** @param {any} given @param {any} masked the same, masked in full @returns {[string, string][]} path and secret */
function hidden(given, masked, steps = /** @type {string[]} */ ([])) {
  if (typeof given === 'object' && given !== null)
    return Object.entries(given).flatMap(([name, value]) => hidden(value, masked[name], [...steps, name]));
  if (typeof given !== 'string' || given === masked || masked !== 'REDACTED') return [];
  const path = steps.map((step) => step.replace(/[\\.]/g, '\\$&')).join('.');
  const good = [...given].length >= 8 && isText(given) && steps.every(isText) && Buffer.byteLength(path) <= LONGEST;
  return good ? [[path, given]] : [];
}

/** @param {string} document @returns {[string, string][]} path and message */
function listed(document) {
  const reply = core.secrets(core.head({ harmless: EXTRA.join('\n') }, { val: document }));
  assert.ok(reply.ok, reply.text);
  const messages = JSON.parse(reply.second);
  assert.equal(messages.length, reply.value.length);
  return reply.value.map((/** @type {string} */ path, /** @type {number} */ at) => [path, messages[at]]);
}

test('a secret has a fingerprint exactly where the masker hides it and it is long enough', () => {
  const random = randomFrom(11);
  let found = 0;
  for (let run = 0; run < 5000; run++) {
    const credential = Object.fromEntries(NAMES.slice(0, 1 + random(12)).map((name) => [name, randomValue(random, 0)]));
    const document = JSON.stringify(credential);
    const masked = JSON.parse(core.mask(document, core.catalog.mask.whole, core.catalog.mask.full, EXTRA));
    const expected = hidden(credential, masked);
    const reference = maskReference(credential, { scope: scopes.whole, full: true, extra: EXTRA });
    assert.deepEqual(expected, hidden(credential, reference), document);
    const marked = listed(document);
    found += marked.length;
    assert.deepEqual(
      marked,
      expected.slice(0, 16).map(([path, secret]) => [path, PURPOSE + secret]),
      document,
    );
  }
  assert.ok(found > 5000, `${found}`);
});

test('paths of one credential are never the same, and what is shown is the beginning of the digest', () => {
  const credential = {
    'a.b': 'aaaaaaaa',
    a: { b: 'bbbbbbbb' },
    'a\\': { b: 'cccccccc' },
    '': { '': 'dddddddd' },
    '.': 'eeeeeeee',
  };
  const pairs = listed(JSON.stringify(credential));
  assert.equal(new Set(pairs.map(([path]) => path)).size, 5);
  const digests = pairs.map(([, message]) => createHmac('sha256', 'key').update(message).digest('hex'));
  const made = core.fingerprints({ paths: pairs.map(([path]) => path), digests });
  assert.deepEqual(
    Object.entries(made.value),
    pairs.map(([path], at) => [path, digests[at].slice(0, 8)]),
  );
  assert.ok(!core.fingerprints({ paths: ['a'], digests: ['gho_16C7e42F292c6912E7710c838347Ae178B4a'] }).ok);
});

test('a view has the mask and HMAC-SHA-256 under the sealed key, cut to eight digits, of what is not harmless', async () => {
  const vault = await Vault.open(`k1:${randomBytes(32).toString('base64')}`);
  const raw = randomBytes(32);
  const sealed = await vault.sealText('fingerprint-key', ['project', 'fingerprints'], raw.toString('base64url'));
  const credential = '{"zone":"eu-central-1","zones":"eu-central-1","n":9007199254740993}';
  const settings = /** @type {any} */ ({ core, vault });
  const how = { style: core.catalog.mask.prefix, harmless: ['zone'] };
  const view = await makeView(settings, credential, { ...how, key: { number: 3, sealed } });
  const digest = createHmac('sha256', raw).update(`${PURPOSE}eu-central-1`).digest('hex');
  assert.deepEqual(view, {
    val: '{"zone":"eu-central-1","zones":"eu-c...","n":9007199254740993}',
    fingerprints: JSON.stringify({ zones: digest.slice(0, 8) }),
  });
  assert.deepEqual(fromText(toText(view), { style: 0, prints: 3 }), view);
  const masked = await makeView(settings, credential, { ...how, key: null });
  assert.deepEqual(masked, { val: view.val });
  assert.deepEqual(fromText(toText(masked), { style: 0, prints: 0 }), masked);
});

test('the SDK switches them by the name of the wire', () => {
  const { request } = core.request('project_config.update', { fingerprints: true });
  assert.equal(request?.body, '{"fingerprints":true}');
  assert.ok(!core.request('project_config.update', { fingerprints: 'yes' }).ok);
});
