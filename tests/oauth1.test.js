// OAuth 1.0a with a real HMAC: the requests of RFC 5849, generated ones against an implementation that shares nothing with
// the core, and a whole connection to a provider that checks what it gets.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { client, grant, head, headersOf, schemes, skip } from './support/catalogue.js';

const photos = {
  scheme: 'OAUTH1',
  request_token_url: 'https://photos.example.net/initiate',
  authorization_url: 'https://photos.example.net/authorize',
  token_url: 'https://photos.example.net/token',
  api_auth: { in: 'oauth1_signature' },
};
const config = { id: 'ac_1', toolkit: 't', auth_scheme: 'OAUTH1' };
const toolkit = { slug: 't', auth_schemes: [photos] };
const printer = { consumer_key: 'dpf43f3p2l4k3l03', consumer_secret: 'kd94hf93k423kf44' };

/** What a host does: ask what to sign, sign it, ask for the request. @param {string} step @param {object} given @param {string} [body] */
function signed(step, given, body) {
  const asked = grant(step, given, body);
  assert.equal(asked.status, 200, asked.text);
  const { base, key } = JSON.parse(asked.second);
  assert.ok(!asked.text.includes(key) && !asked.text.includes(base));
  const signature = createHmac('sha1', key).update(base).digest('base64');
  const { status, request } = grant(step, { ...given, signature }, body);
  assert.equal(status, 0);
  return { base, key, signature, request };
}

test('the three requests of RFC 5849, section 1.2, have the signatures that it prints', () => {
  const given = { toolkit, config, credentials: printer };
  const temporary = { oauth_token: 'hh5s93j4hdidpola', oauth_token_secret: 'hdhd0244k9j7ao03' };
  const jane = { oauth_token: 'nnch734d00sl2jdk', oauth_token_secret: 'pfkkdhi9sl3r4s00' };
  /** @type {[string, object, string][]} */
  const rows = [
    [
      'oauth1_temporary',
      { timestamp: 137131200, nonce: 'wIjqoS', callback: 'http://printer.example.com/ready' },
      '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
    ],
    [
      'oauth1_token',
      {
        timestamp: 137131201,
        nonce: 'walatlh',
        val: temporary,
        oauth_token: temporary.oauth_token,
        oauth_verifier: 'hfdp7dh39dks9884',
      },
      'gKgrFCywp7rO0OXSjdot/IHF7IU=',
    ],
    [
      'oauth1_sign',
      {
        timestamp: 137131202,
        nonce: 'chapoH',
        val: jane,
        method: 'GET',
        url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
      },
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    ],
  ];
  for (const [step, more, expected] of rows)
    assert.equal(signed(step, { ...given, ...more }).signature, expected, step);
});

test('the example of RFC 5849, section 3.4.1, has the signature of its erratum 2550', () => {
  const { signature } = signed(
    'oauth1_sign',
    {
      toolkit,
      config,
      credentials: { client_id: '9djdj82h48djs9d2', client_secret: 'j49sk3j29djd' },
      val: { oauth_token: 'kkk9d7dh3k39sjv7', oauth_token_secret: 'dh893hdasih9' },
      method: 'POST',
      url: 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
      content_type: 'application/x-www-form-urlencoded',
      timestamp: 137131201,
      nonce: '7d8f3e4a',
    },
    'c2&a3=2+q',
  );
  assert.equal(signature, 'r6/TJjbCOr97/+UU0NsvSne7s5g=');
});

// ---- A second implementation, from the platform's own URL and form parsers ------------------------------------------

/** @param {string} text */
const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** What a provider does with a request: find the protocol parameters and say what they must sign. @param {any} request */
function receive({ method, target, headers, body }) {
  const header = new Headers(headers).get('authorization') ?? '';
  assert.match(header, /^OAuth (\w+="[^"]*"(, |$))+$/);
  const own = [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)]);
  const url = new URL(target);
  const form = new Headers(headers).get('content-type') === 'application/x-www-form-urlencoded';
  const pairs = [...own, ...url.searchParams, ...(form ? new URLSearchParams(body ?? '') : [])]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]) => [encode(name), encode(value)]);
  pairs.sort(
    ([a, x], [b, y]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)) || Buffer.compare(Buffer.from(x), Buffer.from(y)),
  );
  const base = [method, url.origin + url.pathname, pairs.map((pair) => pair.join('=')).join('&')].map(encode).join('&');
  return { base, own: Object.fromEntries(own) };
}

/** @param {any} request @param {string} consumer @param {string} [token] */
function check(request, consumer, token = '') {
  const { base, own } = receive(request);
  const expected = createHmac('sha1', `${encode(consumer)}&${encode(token)}`)
    .update(base)
    .digest('base64');
  assert.equal(own.oauth_signature, expected, base);
  assert.equal(own.oauth_signature_method, 'HMAC-SHA1');
  return own;
}

/** Random numbers that are the same in each run. @param {number} seed @returns {(below: number) => number} */
const random = (seed) => (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

test('2000 generated requests are signed as the second implementation signs them', () => {
  const draw = random(5849);
  const letters = [
    'a',
    'b',
    'A',
    '1',
    '-',
    '.',
    '_',
    '~',
    '!',
    "'",
    '(',
    ')',
    '*',
    ' ',
    '+',
    '%',
    '&',
    '=',
    '/',
    '?',
    'é',
    '€',
    '\u{1f600}',
    '\n',
  ];
  const text = (most = 6) => Array.from({ length: draw(most) }, () => letters[draw(letters.length)]).join('');
  const form = () => {
    const pairs = Array.from({ length: draw(7) }, () => [text(4), text()]);
    return draw(2)
      ? `${new URLSearchParams(pairs)}` // `+` for a space, `*` as it is
      : pairs
          .map(([name, value]) => (draw(5) ? `${encodeURIComponent(name)}=${encodeURIComponent(value)}` : 'x'))
          .join('&');
  };
  for (let i = 0; i < 2000; i++) {
    const host = ['h.example', 'H.Example', 'h.example:443', 'h.example:80', 'h.example:8443'][draw(5)];
    const path = ['', '/', '/a/b', '/a%20b', '/%7Ea/'][draw(5)];
    const query = draw(3) ? `?${form()}` : '';
    const consumer_secret = `s${text()}`;
    const val = { oauth_token: `t${text()}`, oauth_token_secret: `u${text()}` };
    const given = {
      toolkit,
      config,
      credentials: { consumer_key: `k${text()}`, consumer_secret },
      val,
      method: ['GET', 'POST', 'PUT', 'DELETE'][draw(4)],
      url: `${draw(2) ? 'https' : 'http'}://${host}${path}${query}`,
      content_type: ['', 'application/x-www-form-urlencoded', 'application/json'][draw(3)],
      timestamp: 1 + draw(2 ** 31),
      nonce: `n${text()}`,
    };
    const { request } = signed('oauth1_sign', given, form());
    assert.equal(request.target, given.url);
    const own = check(request, consumer_secret, val.oauth_token_secret);
    assert.equal(own.oauth_token, val.oauth_token);
    assert.equal(own.oauth_nonce, given.nonce);
    for (const secret of [consumer_secret, val.oauth_token_secret]) {
      if (secret.length > 6) assert.ok(!request.headers.flat().join('\n').includes(secret), 'secrets do not travel');
    }
  }
});

test('an address is signed as the URL parser sends it, or not at all', () => {
  const draw = random(3986);
  const hosts = ['h', 'H.example', '1.2.3', '1.2.3.4', '0x7f.1', '[::1]', '01.2.3.4', 'a.1', 'h.', '1.2.3.4.', 'h%61'];
  const bits = ['/', '/', '.', '..', '%2e', 'a', '{', '`', '^', '|', "'", '~', '%7e', '?', '?a=', '&', ';', ':', '$'];
  const given = { toolkit, config, credentials: printer, method: 'GET', timestamp: 1, nonce: 'n' };
  const val = { oauth_token: 't', oauth_token_secret: 'u' };
  const counts = { signed: 0, refused: 0 };
  for (let i = 0; i < 3000; i++) {
    const port = ['', '', ':', ':443', ':0443', ':80', ':8443', ':65536'][draw(8)];
    const path = Array.from({ length: draw(8) }, () => bits[draw(bits.length)]).join('');
    const url = `${['https', 'http', 'HTTPS'][draw(3)]}://${hosts[draw(hosts.length)]}${port}${path && `/${path}`}`;
    const asked = grant('oauth1_sign', { ...given, val, url });
    if (asked.status !== 200) {
      assert.equal(asked.status, 400, url);
      counts.refused++;
      continue;
    }
    check(signed('oauth1_sign', { ...given, val, url }).request, printer.consumer_secret, 'u');
    counts.signed++;
  }
  assert.ok(counts.signed > 500 && counts.refused > 500, JSON.stringify(counts));
});

test('trello: temporary credential, consent, token, signed call', { skip }, () => {
  const trello = schemes.find(({ name }) => name.startsWith('trello OAUTH1'));
  const credentials = { ...client, consumer_key: 'key', consumer_secret: 'sec/ret' };
  const at = { credentials, timestamp: 1_800_000_000, nonce: 'n1' };
  const callback = 'https://me.example/oauth/callback?state=s';

  const first = signed('oauth1_temporary', head(trello, { ...at, val: {}, callback }));
  assert.equal(first.request.target, trello.scheme.request_token_url);
  assert.equal(check(first.request, 'sec/ret').oauth_callback, callback);
  const answer = 'oauth_token=tmp&oauth_token_secret=tmps&oauth_callback_confirmed=true';
  const temporary = grant('oauth1_answer', head(trello, { ...at, val: {}, http: 200, temporary: true }), answer);
  assert.equal(temporary.value.outcome, 'granted');
  const waiting = JSON.parse(temporary.second);

  const leave = new URL(grant('oauth1_authorize', head(trello, { ...at, val: waiting })).request.target);
  assert.equal(leave.origin + leave.pathname, trello.scheme.authorization_url);
  assert.equal(leave.searchParams.get('oauth_token'), 'tmp');
  assert.equal(leave.searchParams.get('expiration'), 'never');

  const back = grant('callback', { query: 'state=s&oauth_token=tmp&oauth_verifier=ver' }).value;
  const second = signed('oauth1_token', head(trello, { ...at, val: waiting, ...back }));
  assert.equal(second.request.target, trello.scheme.token_url);
  assert.equal(check(second.request, 'sec/ret', 'tmps').oauth_verifier, 'ver');
  const stolen = grant('oauth1_token', head(trello, { ...at, val: waiting, ...back, oauth_token: 'other' }));
  assert.equal(stolen.status, 400);

  const token = grant(
    'oauth1_answer',
    head(trello, { ...at, val: waiting, http: 200 }),
    'oauth_token=t&oauth_token_secret=ts',
  );
  assert.deepEqual(JSON.parse(token.second), { oauth_token: 't', oauth_token_secret: 'ts', consumer_key: 'key' });
  for (const step of ['identify', 'test']) {
    const { request } = signed(step, head(trello, { ...at, val: JSON.parse(token.second) }));
    assert.equal(check(request, 'sec/ret', 'ts').oauth_token, 't');
    assert.equal(headersOf(request).get('accept'), 'application/json');
  }
});
