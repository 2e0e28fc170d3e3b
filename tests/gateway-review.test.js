// What a hostile review found at the gateway: each case was open once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHandler, createUserToken } from '../js/edge/index.js';
import { addressOf } from '../js/edge/limits.js';
import { KEY, startGateway } from './support/gateway.js';
import { account, drained, HostileUpstream, says } from './support/hostile-upstream.js';

const upstream = await new HostileUpstream().open();
const ID = 'ca_000000000001';
const mine = account(ID, 'ada', new Set());

/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;

before(async () => {
  gateway = await startGateway(upstream.origin, { timeout: 500 });
});
after(async () => {
  await gateway?.close();
  await upstream.close();
});

/** @param {string} user @param {string} [path] @param {RequestInit} [init] */
const ask = async (user, path = '/connected_accounts', init = {}) =>
  (await gateway.ask(path, { user, ...init })).status;

test('what fails for one caller alone does not stop the API for the others', async () => {
  for (const behaviour of [
    says('<html>'),
    says('['.repeat(100) + ']'.repeat(100)),
    says(JSON.stringify('x'.repeat(2e6))),
    says('', 500),
  ]) {
    upstream.behave(behaviour);
    for (let i = 0; i < 8; i++) await ask('eve', i % 2 ? `/connected_accounts/${ID}` : '/connected_accounts');
    upstream.behave(says({ items: [] }));
    assert.equal(await ask('bob'), 200);
  }
  upstream.behave(says('<html>'));
  for (let i = 0; i < 8; i++) await ask(i % 2 ? 'eve' : 'mallory', '/toolkits');
  assert.equal(await ask('bob', '/toolkits'), 502, 'what cannot be used is no failure of the API');
  upstream.behave(() => {});
  await Promise.all(Array.from({ length: 8 }, () => ask('eve')));
  upstream.behave(says({ items: [] }));
  assert.equal(await ask('bob'), 200, 'after timeouts');
});

test('what has failed for several rests, and the first answer that is good ends it, also that of a look before', async () => {
  upstream.behave(says('', 500));
  for (let i = 0; i < 6; i++) await ask(i % 2 ? 'eve' : 'bob');
  assert.equal(await ask('bob'), 503);
  upstream.behave((seen, response) => {
    const read = seen.url.includes(ID) ? mine : { items: [] };
    return says(seen.method === 'GET' ? read : { success: true })(seen, response);
  });
  await sleep(1100);
  assert.equal(await ask('ada', `/connected_accounts/${ID}`, { method: 'DELETE' }), 200, 'look and request');
  assert.equal(await ask('bob'), 200);
  upstream.behave(says('', 500));
  for (let i = 0; i < 6; i++) await ask(i % 2 ? 'eve' : 'bob');
  upstream.behave(says(mine));
  await sleep(1100);
  assert.equal(await ask('eve', `/connected_accounts/${ID}`), 404, 'the API is well, though it is not hers');
  assert.equal(await ask('ada', `/connected_accounts/${ID}`), 200);
});

test('who found the API still failing lets another one try', async () => {
  upstream.behave(says('', 500));
  for (let i = 0; i < 6; i++) await ask(i % 2 ? 'eve' : 'bob');
  await sleep(1100);
  assert.equal(await ask('eve'), 502, 'the one who tries');
  upstream.behave(says({ items: [] }));
  await sleep(2100);
  assert.equal(await ask('eve'), 503, 'not again the same');
  assert.equal(await ask('bob'), 200);
  assert.equal(await ask('eve'), 200);
});

const SECRET = 'a secret of the host, 32 bytes or more';
const APP = 'https://app.example';
const OWN = 'https://gateway.example';
const EVIL = 'http://evil.example';

/** A gateway in this process. @param {any} options */
const own = (options) => {
  const handler = createHandler({ upstream: { baseURL: upstream.origin, apiKey: KEY }, audit: false, ...options });
  return async (path = '/connected_accounts', headers = {}, body = '', origin = OWN) => {
    const init = body === '' ? { headers } : { headers, method: 'POST', body };
    const response = await handler.fetch(new Request(`${origin}/api/v3${path}`, init));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
};

test('a name that somebody else points here is not ours where the origin is said', async () => {
  upstream.behave(says({ items: [] }));
  const open = own({ public: true, origin: OWN });
  assert.equal((await open('/connected_accounts', { origin: OWN })).status, 200);
  assert.equal((await open('/connected_accounts', {}, '', 'http://localhost:8080')).status, 200, 'this machine');
  for (const headers of [{}, { origin: EVIL }, { 'sec-fetch-site': 'same-origin' }])
    assert.equal((await open('/connected_accounts', headers, '', EVIL)).status, 421);
  assert.throws(() => own({ public: true }), /must say its origin/);
  assert.throws(() => own({ public: true, origin: OWN, userTokens: { secret: SECRET } }), /not public/);
});

test("a token for another origin is nothing in a page of the gateway's own", async () => {
  upstream.behave(says({ items: [] }));
  for (const origin of [undefined, OWN]) {
    const ask = own({ userTokens: { secret: SECRET }, origins: [APP], origin });
    const { token } = await createUserToken(SECRET, { userId: 'ada', origins: [APP] });
    const authorization = `Bearer ${token}`;
    assert.equal((await ask('/connected_accounts', { authorization, origin: APP })).status, 200);
    for (const site of ['same-origin', 'none', 'cross-site'])
      assert.equal((await ask('/connected_accounts', { authorization, 'sec-fetch-site': site })).status, 403, site);
    const any = `Bearer ${(await createUserToken(SECRET, { userId: 'ada' })).token}`;
    for (const page of /** @type {Record<string, string>[]} */ ([{ origin: OWN }, { 'sec-fetch-site': 'same-origin' }]))
      assert.equal((await ask('/connected_accounts', { authorization: any, ...page })).status, 200);
  }
});

test('links return to the own origin only where it is said, whatever the request names as its host', async () => {
  upstream.behave(says({ link_token: 'lk_000000000000', redirect_url: 'https://x.example/' }));
  const authorization = `Bearer ${(await createUserToken(SECRET, { userId: 'ada' })).token}`;
  const link = (/** @type {string} */ at) =>
    JSON.stringify({ auth_config_id: 'ac_1', user_id: 'ada', callback_url: `${at}/done` });
  for (const callers of [{ userTokens: { secret: SECRET } }, { authorize: () => ({ userId: 'ada' }) }]) {
    const to = async (/** @type {string} */ at, more = {}) =>
      (await own({ ...callers, origins: [APP], ...more })('/connected_accounts/link', { authorization }, link(at), at))
        .status;
    assert.equal(await to(EVIL), 400);
    assert.equal(await to(OWN), 400);
    assert.equal(await to(APP), 200);
    assert.equal(await to(OWN, { origin: OWN }), 200);
  }
});

test('guesses of the key are counted by address, tokens by user, and everybody at a public gateway by address', async () => {
  upstream.behave(says({ items: [] }));
  const limits = { tokens: 2, addresses: 3 };
  const ask = own({ userTokens: { secret: SECRET }, limits, addressHeader: 'x-real-ip' });
  const mint = async (/** @type {string} */ key, address = '192.0.2.1') =>
    (await ask('/user_tokens', { 'x-api-key': key, 'x-real-ip': address }, '{"user_id":"ada"}')).status;
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push(await mint(`${KEY}${i}`));
  assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
  assert.equal(await mint(`${KEY}x`, '192.0.2.2'), 401);
  assert.equal(await mint(KEY), 201, 'who has the key is not an address');
  const tokens = [];
  for (let i = 0; i < 4; i++) {
    const authorization = `Bearer ${(await createUserToken(SECRET, { userId: i < 3 ? 'eve' : 'bob' })).token}`;
    tokens.push((await ask('/connected_accounts', { authorization })).status);
  }
  assert.deepEqual(tokens, [200, 200, 429, 200]);
  const open = own({ public: true, origin: OWN, limits, addressHeader: 'x-real-ip' });
  const asked = [];
  for (let i = 0; i < 5; i++)
    asked.push((await open('/connected_accounts', { 'x-real-ip': `192.0.2.${i < 4 ? 1 : 2}` })).status);
  assert.deepEqual(asked, [200, 200, 200, 429, 200]);
});

test('an address is the same with every port', () => {
  for (const [given, address] of [
    ['192.0.2.1:4711', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['[2001:db8:1:2:3:4:5:6]:4711', '2001:db8:1:2'],
    ['[2001:db8::1]', '2001:db8:0:0'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
  ])
    assert.equal(addressOf(new Request(OWN, { headers: { 'x-a': given } }), 'x-a'), address, given);
});

test('a member of an answer of authorize that nobody knows lets nobody in', async (t) => {
  upstream.behave(says({ items: [] }));
  const said = t.mock.method(console, 'error', () => {});
  for (const [who, status] of /** @type {[object, number][]} */ ([
    [{ userId: 'ada', toolkits: ['gmail'] }, 200],
    [{ userId: 'ada', toolkit: ['gmail'] }, 401],
    [{ userId: 'ada', operation: ['connected_accounts.list'] }, 401],
    [{ allUsers: true, operations: ['connected_accounts.list'] }, 200],
    [{ allUsers: true, toolkits: ['gmail'] }, 401],
  ]))
    assert.equal((await own({ authorize: () => who })()).status, status, JSON.stringify(who));
  assert.deepEqual(
    said.mock.calls.map(({ arguments: [line] }) => JSON.parse(line).unknown),
    ['toolkit', 'operation', 'toolkits'],
  );
});

test('the API is asked past every cache', async () => {
  upstream.behave(says({ items: [] }));
  /** @type {(RequestInit | undefined)[]} */
  const asked = [];
  const through = (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
    asked.push(init);
    return fetch(address, init);
  };
  const ask = own({
    upstream: { baseURL: upstream.origin, apiKey: KEY, fetch: through },
    authorize: () => ({ userId: 'ada' }),
  });
  assert.equal((await ask()).status, 200);
  assert.equal(asked[0]?.cache, 'no-store');
  assert.equal(await ask().then(({ status }) => status), 200);
  await gateway.ask('/connected_accounts');
  assert.equal(upstream.last.headers['cache-control'], 'no-cache', 'in workerd');
});

/** An answer of no known length and no end. @type {import('./support/hostile-upstream.js').Behaviour} */
const endless = async (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('[0');
  while (!response.destroyed) if (!response.write(',0'.repeat(32_768))) await drained(response);
};

test('who takes nothing of a long answer does not hold it for ever', async (t) => {
  const timeout = 100; // milliseconds; the whole may take forty times as long
  let open = 0;
  upstream.behave(async (seen, response) => {
    open += 1;
    await endless(seen, response);
    open -= 1;
  });
  const remote = await startGateway(upstream.origin, { timeout });
  t.after(() => remote.close());
  const local = createHandler({
    upstream: { baseURL: upstream.origin, apiKey: KEY, timeout },
    authorize: () => ({ userId: 'ada' }),
    audit: false,
  });
  const path = '/api/v3/toolkits';
  /** On a busy machine the time may be too short for the first byte. @param {() => Promise<Response>} get */
  const begun = async (get) => {
    for (let i = 0; i < 50; i++) {
      const response = await get();
      if (response.status === 200) return response;
      await response.text();
    }
    assert.fail('no answer has begun');
  };
  const [far, near] = await Promise.all([
    begun(() => fetch(remote.origin + path, { headers: { 'x-session': '{"userId":"ada"}' } })),
    begun(() => local.fetch(new Request(OWN + path))),
  ]);
  assert.ok(open >= 2);
  for (let i = 0; i < 200 && open > 0; i++) await sleep(100);
  assert.equal(open, 0);
  await assert.rejects(far.text());
  await assert.rejects(near.text());
});

test('a token for one gateway is nothing at another with the same secret', async () => {
  upstream.behave(says({ items: [] }));
  const gateways = [undefined, 'eu', 'us'];
  for (const made of gateways) {
    const { token } = await createUserToken(SECRET, { userId: 'ada', gateway: made });
    for (const name of gateways) {
      const { status } = await own({ userTokens: { secret: SECRET, name } })('/connected_accounts', {
        authorization: `Bearer ${token}`,
      });
      assert.equal(status, name === made ? 200 : 401, `${made} at ${name}`);
    }
  }
  assert.throws(() => own({ userTokens: { secret: SECRET, name: '' } }), /userTokens.name/);
});
