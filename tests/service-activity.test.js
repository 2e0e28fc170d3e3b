// The log of an account over real requests: what is in it, who did it, how it is paged and bounded, and that neither
// secrets nor what users look for at their provider are in it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { holdProvider } from './support/held.js';
import { call, configsOf, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** @typedef {{ origin: string, apiKey: string }} Caller */

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;
/** @type {string} id of the first key */
let me;

before(async () => {
  service = await startService();
  configs = await configsOf(service);
  me = (await call(service, 'GET', '/api_keys')).body.items[0].id;
});
after(() => service?.close());

/** @param {string} user */
async function link(user) {
  const body = { auth_config_id: configs.demo, user_id: user };
  const answer = await call(service, 'POST', '/connected_accounts/link', body);
  return { id: answer.body.connected_account_id, url: answer.body.redirect_url };
}

/** @param {string} user */
async function connected(user) {
  const { id, url } = await link(user);
  await new Visitor(service).connect(url, user);
  return id;
}

/** @param {string} user @param {string} key */
async function typed(user, key) {
  const connection = { user_id: user, state: { authScheme: 'API_KEY', val: { api_key: key } } };
  const { body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demokey },
    connection,
  });
  return body.id;
}

/** @param {string} id @param {string} [query] */
const page = async (id, query = '?limit=1000') =>
  (await call(service, 'GET', `/connected_accounts/${id}/activity${query}`)).body;

/** @param {string} id @returns {Promise<any[]>} oldest first */
const log = async (id) => (await page(id)).items.reverse();

/** @param {string} id @returns {Promise<string[]>} */
const events = async (id) => (await log(id)).map(({ event }) => event);

/** @param {string} id @param {string} event @returns {Promise<any>} the last one */
const last = async (id, event) => (await log(id)).findLast((entry) => entry.event === event);

/** @param {string} id @param {Caller} [by] */
const get = (id, by = service) => call(by, 'GET', `/connected_accounts/${id}`);

/** @param {string} id */
const execute = (id) =>
  call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: id, arguments: {} });

/** @param {string} id @param {string} endpoint @param {object} [more] */
const proxy = (id, endpoint, more) =>
  call(service, 'POST', '/tools/execute/proxy', { connected_account_id: id, endpoint, method: 'GET', ...more });

test('the life of an account, each step with time, actor and request', async () => {
  const began = Date.now();
  const id = await connected('ada');
  await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: 'work' });
  await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: 'work' });
  await execute(id);
  await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  for (const enabled of [false, false, true]) {
    await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled });
  }
  await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  const entries = await log(id);
  const key = { type: 'key', id: me };
  const user = { type: 'link', id: null };
  assert.deepEqual(
    entries.map(({ event, actor, status }) => [event, actor, status]),
    [
      ['created', key, 'INITIALIZING'],
      ['link_opened', user, 'INITIATED'],
      ['connected', user, 'ACTIVE'],
      ['updated', key, 'ACTIVE'],
      ['used', key, 'ACTIVE'],
      ['refreshed', key, 'ACTIVE'],
      ['disabled', key, 'INACTIVE'],
      ['enabled', key, 'ACTIVE'],
      ['revoked', key, 'REVOKED'],
      ['reconnect_begun', key, 'INITIATED'],
    ],
  );
  const times = entries.map(({ at }) => Date.parse(at));
  assert.deepEqual(times, [...times].sort(), 'in order');
  assert.ok(times[0] >= began && Number(times.at(-1)) <= Date.now());
  for (const { request_id } of entries) assert.match(request_id, /^[\w-]{36}$/);
  assert.equal(new Set(entries.map(({ request_id }) => request_id)).size, entries.length);
  assert.equal(entries.find(({ event }) => event === 'revoked').outcome, 'revoked');
  assert.deepEqual(entries.find(({ event }) => event === 'updated').changed, ['alias']);
});

test('a use tells host, method, path template and result, and nothing that was looked for', async () => {
  const id = await connected('grace');
  const { host } = new URL(service.demoOrigin);
  const token = await fetch(`${service.origin}/api/v3/tools/execute/DEMO_GET_PROFILE`, {
    method: 'POST',
    headers: { 'x-api-key': service.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ connected_account_id: id, arguments: {} }),
  });
  const used = await last(id, 'used');
  assert.equal(used.request_id, token.headers.get('x-request-id'));
  const seen = { tool: 'DEMO_GET_PROFILE', method: 'GET', host, path: '/api/profile', http_status: 200, result: '2xx' };
  assert.deepEqual({ ...used, ...seen }, used);
  await proxy(id, '/users/grace@planted.example/files/4711planted/list?q=planted-query', {
    parameters: [{ name: 'planted', value: 'planted-value', type: 'query' }],
  });
  const own = { tool: null, method: 'GET', path: '/users/{...}/files/{...}/{...}', http_status: 404, result: '4xx' };
  const asked = await last(id, 'used');
  assert.deepEqual({ ...asked, ...own }, asked);
  // Letters alone may be somebody's name; a path that a tool of the toolkit has is known.
  for (const [path, told] of [
    ['/users/johnplanted', '/users/{...}'],
    ['/api/profile', '/api/profile'],
  ]) {
    await proxy(id, path);
    assert.equal((await last(id, 'used')).path, told);
  }
  const refused = (await log(id)).length;
  await proxy(id, 'https://elsewhere.example/x');
  assert.equal((await log(id)).length, refused, 'what never left is no use');
  assert.doesNotMatch(JSON.stringify(await page(id)), /planted/);
});

test('pages go from new to old without loss or repetition, whatever happens meanwhile', async () => {
  const id = await typed('paged', 'demo_key_for_pages');
  for (let i = 0; i < 9; i++) await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: `a${i}` });
  const all = await page(id);
  assert.equal(all.total_items, 11);
  const first = await page(id, '?limit=4');
  assert.deepEqual([first.total_pages, first.current_page, first.items], [3, 1, all.items.slice(0, 4)]);
  await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: 'meanwhile' });
  const second = await page(id, `?limit=4&cursor=${encodeURIComponent(first.next_cursor)}`);
  const third = await page(id, `?limit=4&cursor=${encodeURIComponent(second.next_cursor)}`);
  assert.deepEqual([...first.items, ...second.items, ...third.items], all.items);
  assert.equal(third.next_cursor, null);
  const other = await typed('paged', 'demo_key_for_other');
  const cursor = encodeURIComponent(first.next_cursor);
  const path = (/** @type {string} */ of) => `/connected_accounts/${of}/activity?cursor=${cursor}`;
  assert.equal((await call(service, 'GET', path(other))).status, 400, 'a cursor is its own account’s');
  assert.equal((await call(service, 'GET', `/connected_accounts/${id}/activity?limit=0`)).status, 400);
  assert.equal((await call(service, 'GET', '/connected_accounts/ca_00unknown00000/activity')).status, 404);
  assert.equal((await call({ ...service, apiKey: 'ak_wrong' }, 'GET', path(id))).status, 401);
});

test('each group is bounded by itself: many uses do not push out who connected the account', async () => {
  const id = await typed('busy', 'demo_key_for_many_uses');
  const wish = { connected_account_id: id, arguments: {} };
  for (let i = 0; i < 11; i++) {
    await Promise.all(
      Array.from({ length: 10 }, () => call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', wish)),
    );
  }
  const entries = await log(id);
  assert.equal(entries.filter(({ event }) => event === 'used').length, 100);
  assert.deepEqual(
    entries.slice(0, 2).map(({ event }) => event),
    ['created', 'connected'],
  );
  assert.ok(entries.every((entry) => JSON.stringify(entry).length < 1024));
});

test('what a caller can repeat does not push out how the account began', async () => {
  const id = await typed('restless', 'demo_key_of_a_restless');
  for (let i = 0; i < 60; i++) {
    await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: false });
    await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: true });
    await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: `a${i}` });
  }
  const entries = await events(id);
  assert.deepEqual(entries.slice(0, 2), ['created', 'connected']);
  assert.equal(entries.length, 52);
});

test('a credential is shown in plain only with an entry that names who saw it', async () => {
  const id = await typed('seen', 'demo_key_that_is_seen');
  const waiting = (await link('seen')).id;
  const scopes = ['read', 'write'];
  const plain = (await call(service, 'POST', '/api_keys', { name: 'reveal', scopes: [...scopes, 'reveal'] })).body;
  const masked = (await call(service, 'POST', '/api_keys', { name: 'masked', scopes })).body;
  /** @param {any} key @returns {Caller} */
  const as = ({ key }) => ({ origin: service.origin, apiKey: key });
  const reveals = async () => (await log(id)).filter(({ event }) => event === 'revealed');
  await get(id, as(plain));
  assert.deepEqual(await reveals(), [], 'while masking is on nothing is revealed');
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  try {
    assert.equal((await get(id, as(masked))).body.state.val.api_key, 'demo...');
    assert.deepEqual(await reveals(), []);
    assert.equal((await get(id, as(plain))).body.state.val.api_key, 'demo_key_that_is_seen');
    const { body } = await call(as(plain), 'GET', '/connected_accounts?user_ids=seen');
    assert.ok(JSON.stringify(body).includes('demo_key_that_is_seen'));
    const seen = await reveals();
    assert.deepEqual(
      seen.map(({ actor }) => actor),
      [0, 1].map(() => ({ type: 'key', id: plain.id })),
    );
    assert.notEqual(seen[0].request_id, seen[1].request_id);
    await call(as(plain), 'PATCH', `/connected_accounts/${id}`, { alias: 'x' });
    assert.ok(!(await events(waiting)).includes('revealed'), 'there is nothing to reveal yet');
  } finally {
    await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: true });
  }
  const changed = service.logs().match(/"audit":"project_config.update".*"changed":\["mask_secret_keys[^\]]*\]/g);
  assert.equal(changed?.length, 2, 'switching masking is in the service’s log');
});

test('a page that is signed in is an actor of its own, with the key it signed in by', async () => {
  const id = await typed('page', 'demo_key_of_a_page');
  const own = { origin: service.origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  const signed = await fetch(`${service.origin}/auth/session`, {
    method: 'POST',
    headers: own,
    body: JSON.stringify({ api_key: service.apiKey }),
  });
  const cookie = signed.headers.getSetCookie()[0].split(';')[0];
  const url = `${service.origin}/api/v3/connected_accounts/${id}/status`;
  await fetch(url, { method: 'PATCH', headers: { ...own, cookie }, body: JSON.stringify({ enabled: false }) });
  assert.deepEqual((await last(id, 'disabled')).actor, { type: 'session', id: me });
});

test('what goes wrong is in it as well: a refusal, another identity, a link that is never used', async () => {
  const denied = await link('eve');
  await new Visitor(service).connect(denied.url, 'eve', 'deny');
  assert.match((await last(denied.id, 'connect_failed')).reason, /^access_denied/);
  const id = await connected('alan');
  await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  const again = (await call(service, 'POST', `/connected_accounts/${id}/refresh`)).body.redirect_url;
  await new Visitor(service).connect(again, 'mallory');
  const refused = await last(id, 'identity_refused');
  assert.deepEqual([refused.actor.type, refused.status], ['link', 'INITIATED']);
  assert.doesNotMatch(JSON.stringify(await page(id)), /mallory/);
  await new Visitor(service).connect(again, 'alan');
  assert.equal((await events(id)).at(-1), 'reconnected');
});

test('what was answered is noted, even when the service dies at once', async () => {
  const id = await typed('crash', 'demo_key_of_a_crash');
  await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: false });
  await service.kill();
  await service.restart();
  assert.equal((await events(id)).at(-1), 'disabled');
});

test('the log goes with its account; that it was deleted, by whom and in which request, is in the service’s log', async () => {
  const id = await typed('gone', 'demo_key_that_goes');
  assert.equal((await call(service, 'DELETE', `/connected_accounts/${id}`)).status, 200);
  assert.equal((await call(service, 'GET', `/connected_accounts/${id}/activity`)).status, 404);
  const lines = service
    .logs()
    .split('\n')
    .filter((line) => line.includes('"audit":"connected_accounts.delete"'))
    .map((line) => JSON.parse(line));
  const { target, actor, request_id } = lines.find((line) => line.target === id) ?? {};
  assert.deepEqual([target, actor], [id, me]);
  assert.match(request_id, /^[\w-]{36}$/);
});

test('a provider that quotes the refresh token does not get it into the log, nor one that is not there', async () => {
  const id = await connected('quoted');
  await service.stopDemo();
  const unreachable = await execute(id);
  assert.equal(unreachable.status, 502);
  const used = await last(id, 'used');
  assert.deepEqual([used.http_status, used.result], [null, 'unreachable']);
  const provider = await holdProvider(service.demoOrigin);
  try {
    const refreshing = call(service, 'POST', `/connected_accounts/${id}/refresh`);
    const asked = await provider.next('/token');
    const token = new URLSearchParams(asked.body).get('refresh_token') ?? '';
    assert.ok(token.length > 20);
    const quoted = `no such token: ${token} nor ${Buffer.from(token).toString('base64')}`;
    asked.answer(503, { error: 'temporarily_unavailable', error_description: quoted });
    await refreshing;
    const failed = await last(id, 'refresh_failed');
    assert.match(failed.reason, /^temporarily_unavailable: no such token: /);
    const text = JSON.stringify([await page(id), (await get(id)).body, service.logs()]);
    assert.ok(!text.includes(token), 'not in the log, the account or the service’s own log');
    assert.ok(!text.includes(Buffer.from(token).toString('base64').slice(0, -4)));
  } finally {
    provider.close();
  }
});
