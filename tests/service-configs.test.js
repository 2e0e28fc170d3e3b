// Auth configs and the project's settings, as the page's Settings and a program use them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config that was there from the start */
let configs;

before(async () => {
  service = await startService();
  configs = Object.fromEntries((await list()).map((item) => [item.toolkit.slug, item.id]));
});
after(() => service?.close());

/** @param {string} [query] @returns {Promise<any[]>} */
async function list(query = '') {
  const { status, body } = await call(service, 'GET', `/auth_configs${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.total_items, body.items.length);
  return body.items;
}

/** @param {string} user @param {object} [connection] @param {string} [toolkit] */
const connect = (user, connection = {}, toolkit = 'demokey') =>
  call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs[toolkit] },
    connection: { user_id: user, state: { authScheme: 'API_KEY', val: { api_key: 'demo_abcdef' } }, ...connection },
  });

test('the demo toolkits have managed auth configs from the start, and keep them over a restart', async () => {
  assert.deepEqual(Object.keys(configs).sort(), ['demo', 'demokey', 'gmail']);
  await service.restart();
  assert.deepEqual((await list()).map(({ id }) => id).sort(), Object.values(configs).sort());
  const [gmail] = await list('?toolkit_slug=gmail');
  assert.match(gmail.name, /demo stand-in/);
});

test('create, get, list with filters, update, disable and delete; secrets are write-only', async () => {
  const made = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'demo' },
    auth_config: {
      type: 'use_custom_auth',
      name: 'Own client',
      authScheme: 'OAUTH2',
      credentials: { client_id: 'visible', client_secret: 'hidden-secret-1', scopes: 'openid' },
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id } = made.body.auth_config;
  // Write-only: also with masking switched off for accounts.
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  const get = async () => (await call(service, 'GET', `/auth_configs/${id}`)).body;
  assert.equal((await get()).credentials.client_secret, 'hidd...');
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: true });
  assert.equal((await get()).credentials.client_id, 'visible');
  assert.deepEqual(
    (await list('?search=own%20client')).map((item) => item.id),
    [id],
  );
  assert.deepEqual((await list('?search=%25')).length, 0, 'a wildcard is a plain character');
  assert.deepEqual(
    (await list('?is_devcaster_managed=false')).map((item) => item.id),
    [id],
  );
  assert.equal((await list('?toolkit_slug=demo,gmail')).length, 3);
  const updated = await call(service, 'PATCH', `/auth_configs/${id}`, {
    type: 'custom',
    credentials: { client_secret: 'other-secret-2' },
  });
  assert.deepEqual(updated.body, { success: true });
  assert.deepEqual(
    [(await get()).credentials.client_id, (await get()).credentials.client_secret],
    ['visible', 'othe...'],
    'what is omitted stays',
  );
  const masked = { type: 'custom', credentials: { client_secret: 'othe...' } };
  assert.equal((await call(service, 'PATCH', `/auth_configs/${id}`, masked)).status, 400);
  assert.deepEqual((await call(service, 'PATCH', `/auth_configs/${id}/DISABLED`)).body, { success: true });
  assert.ok(!(await list()).some((item) => item.id === id), 'a disabled one is listed only when asked for');
  assert.ok((await list('?show_disabled=true')).some((item) => item.id === id));
  const link = await call(service, 'POST', '/connected_accounts/link', { auth_config_id: id, user_id: 'ada' });
  assert.equal(link.status, 400, 'no new link of a disabled auth config');
  assert.deepEqual((await call(service, 'DELETE', `/auth_configs/${id}`)).body, { success: true });
  assert.equal((await call(service, 'GET', `/auth_configs/${id}`)).status, 404);
});

test('what an auth config cannot be made of is refused', async () => {
  /** @type {[object, number][]} */
  const table = [
    [{}, 400],
    [{ toolkit: { slug: 'nosuch' } }, 404],
    [{ toolkit: { slug: 'demo' }, auth_config: { type: 'use_custom_auth', authScheme: 'API_KEY' } }, 400],
    [
      { toolkit: { slug: 'demo' }, auth_config: { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials: {} } },
      400,
    ],
    [{ toolkit: { slug: 'demo' }, auth_config: { type: 'use_magic' } }, 400],
  ];
  for (const [body, status] of table) {
    assert.equal((await call(service, 'POST', '/auth_configs', body)).status, status, JSON.stringify(body));
  }
});

test('with several accounts the project decides whether to ask or to take the latest', async () => {
  const first = (await connect('multi', { alias: 'work' })).body.id;
  const second = (await connect('multi')).body.id;
  const run = () => call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', { user_id: 'multi', arguments: {} });
  const asked = await run();
  assert.deepEqual([asked.status, asked.body.error.code], [400, 1813]);
  for (const words of [`${first} (work)`, second]) assert.ok(JSON.stringify(asked.body).includes(words), words);
  await call(service, 'PATCH', '/org/project/config', { account_selection: 'latest' });
  assert.equal((await run()).body.successful, true);
  assert.ok((await call(service, 'GET', `/connected_accounts/${second}`)).body.last_used_at);
  assert.equal((await call(service, 'GET', `/connected_accounts/${first}`)).body.last_used_at, null);
  await call(service, 'PATCH', '/org/project/config', { account_selection: 'explicit' });
});

test('an alias is unique for a user and toolkit, also among requests at once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => connect('alias', { alias: 'one' })));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal((await connect('other', { alias: 'one' })).status, 201);
  const free = (await connect('alias')).body.id;
  assert.equal((await call(service, 'PATCH', `/connected_accounts/${free}`, { alias: 'one' })).status, 400);
  assert.equal((await call(service, 'PATCH', `/connected_accounts/${free}`, { alias: 'two' })).status, 200);
});

test('once the project lists its callback addresses, no other is taken', async () => {
  await call(service, 'PATCH', '/org/project/config', { callback_urls: ['https://app.example/done'] });
  const link = async (/** @type {string} */ callback_url) =>
    (
      await call(service, 'POST', '/connected_accounts/link', {
        auth_config_id: configs.demo,
        user_id: 'ada',
        callback_url,
      })
    ).status;
  assert.equal(await link('https://app.example/done'), 201);
  for (const bad of ['https://evil.example/done', 'https://app.example.evil/done', 'javascript:alert(1)']) {
    assert.equal(await link(bad), 400, bad);
  }
  await call(service, 'PATCH', '/org/project/config', { callback_urls: [] });
  assert.equal(await link('javascript:alert(1)'), 400, 'never a script');
});

test('a revoked account is EXPIRED for clients of v3 and REVOKED for those of v3.1', async () => {
  const id = (await connect('rev')).body.id;
  const answer = await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const get = async (/** @type {string} */ api) => {
    const response = await fetch(`${service.origin}/api/${api}/connected_accounts/${id}`, {
      headers: { 'x-api-key': service.apiKey },
    });
    return (await response.json()).status;
  };
  assert.deepEqual([await get('v3'), await get('v3.1')], ['EXPIRED', 'REVOKED']);
  assert.equal((await call(service, 'GET', '/connected_accounts?user_ids=rev&statuses=EXPIRED')).body.total_items, 1);
});

test('toolkits and tools are listed and found', async () => {
  const toolkits = (await call(service, 'GET', '/toolkits')).body.items;
  assert.deepEqual(toolkits.map((/** @type {any} */ item) => item.slug).sort(), ['demo', 'demokey', 'gmail']);
  const one = (await call(service, 'GET', '/toolkits/demokey')).body;
  assert.equal(one.auth_config_details[0].fields.connected_account_initiation.required[0].name, 'api_key');
  const tools = (await call(service, 'GET', '/tools?toolkit_slug=gmail')).body.items;
  assert.deepEqual(
    tools.map((/** @type {any} */ item) => item.slug),
    ['GMAIL_GET_PROFILE'],
  );
  const tool = (await call(service, 'GET', '/tools/GMAIL_GET_PROFILE')).body;
  assert.deepEqual(tool.available_versions, ['20251111_00']);
});
