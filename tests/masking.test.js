// The masker in WebAssembly against an independent reference: on documents made by hand, on each name of the contract
// in each spelling, and on generated documents, whole and cut at every byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretName, maskReference, names, scopes, urlNames } from './support/mask-reference.js';
import { maskChunks, maskText } from './support/masker.js';

const EVERYWHERE = 63;
const EXTRA = ['plain_one', 'Zusätzlich', '😀'];

/** A small generator of numbers below n, the same in every run. @param {number} seed */
function randomFrom(seed) {
  let state = seed;
  return (/** @type {number} */ n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** @param {string} document @param {Parameters<typeof maskText>[1]} options */
function assertLikeReference(document, options) {
  const masked = maskText(document, options);
  assert.notEqual(masked, null, document);
  assert.deepEqual(JSON.parse(String(masked)), maskReference(JSON.parse(document), options), document);
  assert.equal(maskText(String(masked), options), masked, 'masked twice');
  return String(masked);
}

/** @param {string} document @param {Parameters<typeof maskText>[1]} options */
function assertEverySplit(document, options) {
  const bytes = Buffer.from(document);
  const whole = maskText(bytes, options);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parts = maskChunks([bytes.subarray(0, cut), bytes.subarray(cut)], { ...options, room: 64 });
    assert.equal(parts?.toString('utf8') ?? null, whole, `cut at ${cut}: ${document}`);
  }
}

/** @param {string} text */
function escaped(text) {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** The spellings of a snake_case name. @param {string} name */
function spellings(name) {
  const words = name.split('_');
  const camel = words.map((word, i) => (i > 0 ? word[0].toUpperCase() + word.slice(1) : word)).join('');
  const pascal = camel[0].toUpperCase() + camel.slice(1);
  return [name, camel, pascal, words.join('-'), name.toUpperCase(), words.join('-').toUpperCase(), words.join('')];
}

test('every secret name, in every spelling and written with escapes, is masked', () => {
  for (const name of names.secret) {
    for (const spelling of spellings(name)) {
      for (const key of [spelling, escaped(spelling)]) {
        assert.equal(
          maskText(`{"${key}":"abcdefgh","x":[{"${key}":7}]}`, { scope: 1 }),
          `{"${key}":"abcd...","x":[{"${key}":"REDACTED"}]}`,
        );
      }
    }
  }
});

test('names that end like a secret are secret, but for the exceptions of the contract', () => {
  const first = ['user', 'x', 'MY', 'aws2', 'é', 'my_public', 'a_b'];
  for (const name of ['token', 'secret', 'password', 'key'].flatMap((end) => first.map((begin) => `${begin}_${end}`))) {
    for (const spelling of spellings(name)) {
      assert.equal(
        maskText(JSON.stringify({ [spelling]: 'abcdef' }), { scope: 1 })?.includes('ef"'),
        !isSecretName(spelling),
        spelling,
      );
    }
    assert.ok(isSecretName(name));
  }
  for (const name of 'public_key primary_key foreign_key sort_key consumer_key next_page_token page_token'.split(' ')) {
    for (const spelling of spellings(name)) assertUnchanged({ [spelling]: 'abcdef', n: { [spelling]: 1 } }, 1);
  }
  assertUnchanged(
    { monkey: 'abcdef', key: 'abcdef', tokens: 'abcdef', hockey: 1, token_type: 'abcdef', keyboard: 'abcdef' },
    1,
  );
});

/** @param {object} document @param {number} scope */
function assertUnchanged(document, scope) {
  assert.equal(maskText(JSON.stringify(document), { scope }), JSON.stringify(document));
}

test('inside a credential only harmless names, spelled exactly, keep their strings', () => {
  for (const name of names.harmless) {
    assertUnchanged({ [name]: 'abcdef', b: [{ [name]: ['abcdef', 7] }] }, scopes.whole);
    for (const other of [
      `${name}x`,
      name.slice(1),
      name[0] === name[0].toUpperCase() ? name.toLowerCase() : name.toUpperCase(),
    ]) {
      if (names.harmless.includes(other)) continue;
      assert.equal(
        maskText(JSON.stringify({ [other]: 'abcdef' }), { scope: scopes.whole }),
        JSON.stringify({ [other]: 'abcd...' }),
      );
    }
  }
  const options = { scope: scopes.whole, extra: EXTRA };
  assert.equal(
    maskText('{"Zus\\u00e4tzlich":"abcdef","😀":"abcdef"}', options),
    '{"Zus\\u00e4tzlich":"abcdef","😀":"abcdef"}',
  );
});

test('characters of every plane and every escape are counted and never cut', () => {
  const characters = [
    'a',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uffff',
    ...Array.from({ length: 16 }, (_, i) => String.fromCodePoint(0x10000 * (i + 1) + 0x1234)),
  ];
  for (let i = 0; i < characters.length; i++) {
    const text = characters.slice(i).concat(characters).slice(0, 6).join('');
    for (const spell of [escaped, (/** @type {string} */ part) => JSON.stringify(part).slice(1, -1)]) {
      for (const count of [3, 4, 5, 6]) {
        const part = spell(Array.from(text).slice(0, count).join(''));
        assertLikeReference(`["${part}"]`, { scope: scopes.whole });
        assertEverySplit(`["${part}"]`, { scope: scopes.whole });
      }
    }
  }
  for (const spelling of ['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t']) {
    assert.equal(maskText(`"${spelling.repeat(6)}"`, { scope: scopes.whole }), `"${spelling.repeat(4)}..."`);
  }
});

/** @param {(n: number) => number} random @param {number} depth @returns {unknown} */
function randomValue(random, depth) {
  const kind = random(depth > 0 ? 9 : 6);
  if (kind === 0) return [null, true, false][random(3)];
  if (kind === 1) return [0, -1, 12345, 1.5, 1e21, -2.5e-7][random(6)];
  if (kind < 6) return randomText(random);
  if (kind === 6) return Array.from({ length: random(4) }, () => randomValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: random(6) }, () => [randomName(random), randomValue(random, depth - 1)]),
  );
}

/** @param {(n: number) => number} random */
function randomText(random) {
  const user = ['', 'u@', 'user:p%40ss@', 'u:p@w@'][random(4)];
  const queries = [
    '',
    '?a=b',
    '?access_token=abcdef&x=y',
    '?x=y&%61pi_key=z#id_token=1&t=2',
    '#password=a&b=c',
    `?${urlNames[random(urlNames.length)]}=a&monkey=b#%6bey=c`,
  ];
  const query = queries[random(queries.length)];
  const slashes = ['', '/', '//', '///', '\\\\', '/\\'][random(6)];
  const scheme = ['https://', `${['https:', 'http:', 'WSS:', 'ws:', 'ftp:'][random(5)]}${slashes}`, 'x-y://', ''][
    random(4)
  ];
  const texts = [
    '',
    'REDACTED',
    'gho_...',
    'a',
    'abc',
    'abcd',
    'a longer secret with "quotes"\\ and \n',
    'äöü€😀x',
    '😀😀😀😀😀',
    '\u0000\u001f12345',
    'x'.repeat(random(300)),
  ];
  return random(3) > 0 ? texts[random(texts.length)] : `${scheme}${user}host.example:8080/path${query}`;
}

/** @param {(n: number) => number} random */
function randomName(random) {
  const other = [
    'state',
    'val',
    'data',
    'params',
    'connectionData',
    'credentials',
    'shared_credentials',
    'id',
    'name',
    'x',
    '',
    'monkey',
    'äö',
    '😀',
    'plain_one',
    'y'.repeat(200),
    'y'.repeat(256),
    'y'.repeat(257),
  ];
  const lists = [names.harmless, names.secret, other, other];
  const list = lists[random(lists.length)];
  return list[random(list.length)];
}

test('user info is gone in every form that browsers and clients accept', () => {
  const schemes = ['https', 'http', 'ftp', 'ws', 'wss', 'hTTpS'].flatMap((name) =>
    ['', '/', '//', '///', '\\', '\\\\', '/\\'].map((slashes) => `${name}:${slashes}`),
  );
  const random = randomFrom(11);
  for (const scheme of [...schemes, '//', 'x-y://', '']) {
    for (const user of ['user:WXYZ@', 'user:WX@YZ@', ':WXYZ@', 'user%3AWXYZ@', 'me@x.example:WXYZ@', 'u:%2FWXYZ&;@']) {
      for (const rest of ['h', 'h:80/a@b?c=d', 'h/?key=WXYZ#sig=WXYZ']) {
        const document = JSON.stringify({ base_url: scheme + user + rest, domain: `at ${scheme}${user}${rest} x` });
        for (const text of [document, respell(document, random), respell(document, random)]) {
          const masked = String(maskText(text, { scope: scopes.whole }));
          assert.doesNotMatch(JSON.stringify(JSON.parse(masked)), /WX|YZ/, text);
          assert.equal(maskText(masked, { scope: scopes.whole }), masked, 'masked twice');
          assertEverySplit(text, { scope: scopes.whole });
        }
      }
    }
  }
  assertUnchanged({ username: 'me@x.example', domain: 'h.example:80/a@b', region: 'a:b' }, scopes.whole);
});

/** The same document with every letter that may be written otherwise written otherwise now and then.
 * @param {string} document @param {(n: number) => number} random */
function respell(document, random) {
  const strings = /"(?:[^"\\]|\\.)*"/gs;
  const rewrite = (/** @type {string} */ c) =>
    random(6) === 0 ? escaped(c) : c === '/' && random(3) === 0 ? '\\/' : c;
  const respelled = document.replace(strings, (text) =>
    text.replace(/\\u....|\\.|[^"\\]/gsu, (c) => (c[0] === '\\' ? c : rewrite(c))),
  );
  return respelled.replace(/"(?:[^"\\]|\\.)*"|[,:[\]{}]/gs, (mark) =>
    mark.length === 1 && random(4) === 0 ? ` ${mark}\n` : mark,
  );
}

test('generated documents are masked as the reference masks them', () => {
  const random = randomFrom(20251111);
  for (let i = 0; i < 3000; i++) {
    const document = JSON.stringify(randomValue(random, 6));
    const options = { scope: [1, 2, 4, 62, EVERYWHERE, 64, 65, 127][random(8)], full: random(4) === 0, extra: EXTRA };
    const masked = assertLikeReference(document, options);
    assert.equal(masked, JSON.stringify(maskReference(JSON.parse(document), options)), 'to the byte');
    assertLikeReference(respell(document, random), options);
  }
});

test('a document cut at any byte gives the same', () => {
  const random = randomFrom(7);
  for (let i = 0; i < 120; i++) {
    const document = respell(
      JSON.stringify({ data: randomValue(random, 3), state: { val: randomValue(random, 2) } }),
      random,
    );
    if (document.length < 700) assertEverySplit(document, { scope: [1, EVERYWHERE, 64][i % 3], extra: EXTRA });
  }
});

test('deep, wide and huge documents', () => {
  assert.notEqual(maskText('['.repeat(64) + ']'.repeat(64), { scope: 1 }), null);
  assert.equal(maskText('['.repeat(65) + ']'.repeat(65), { scope: 1 }), null);
  const wide = { data: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`member_${i}`, `value ${i}`])) };
  assertLikeReference(JSON.stringify(wide), { scope: scopes.data });
  const huge = 'ab€d'.repeat(250000);
  assert.equal(
    maskText(JSON.stringify({ token: huge, other: huge }), { scope: 1 }),
    JSON.stringify({ token: 'ab€d...', other: huge }),
  );
});

test('a broken document is refused, and no fifth character of a secret has left by then', () => {
  const document =
    '{"data":{"access_token":"abcdWXYZ","n":[1,"abcdWXYZ"],"scope":"https://user:WXYZ@host?token=WXYZ"}}';
  const options = { scope: scopes.data };
  for (let cut = 0; cut < document.length; cut++)
    assert.equal(maskText(document.slice(0, cut), options), null, `cut at ${cut}`);
  for (let at = 0; at < document.length; at++) {
    for (const byte of [0x00, 0x0a, 0x22, 0x5c, 0x7d, 0xff]) {
      const broken = Buffer.from(document);
      broken[at] = byte;
      const masked = maskText(broken, options);
      let valid = byte !== 0xff;
      try {
        JSON.parse(broken.toString('utf8'));
      } catch {
        valid = false;
      }
      assert.equal(masked !== null, valid, `${byte} at ${at}`);
    }
  }
});
