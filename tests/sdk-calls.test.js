// What each call sends and answers, against a server that writes down what it hears.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthScheme } from '../js/index.js';
import { account, apiKey, json, listOf, stage, withEnvironment } from './support/plays.js';

/** @typedef {import('../js/index.js').Devcaster} Devcaster */

test('list sends its filters and answers a page in camelCase', async () => {
  const { devcaster, heard } = await stage((response) => json(response, 200, listOf([account()], 'c2')));
  const page = await devcaster.connectedAccounts.list({
    userIds: ['a b', 'ü'],
    statuses: ['ACTIVE', 'EXPIRED'],
    limit: 2,
  });
  const { searchParams, pathname } = new URL(heard[0].url, 'http://host');
  assert.equal(pathname, '/api/v3/connected_accounts');
  assert.deepEqual(Object.fromEntries(searchParams), { user_ids: 'a b,ü', statuses: 'ACTIVE,EXPIRED', limit: '2' });
  assert.equal(heard[0].headers['x-api-key'], apiKey);
  const { items, ...rest } = page;
  assert.deepEqual(rest, { nextCursor: 'c2', totalPages: 2, currentPage: 1, totalItems: 3 });
  const [{ userId, authConfig, state, data, wordId, identity }] = items;
  assert.deepEqual([userId, wordId, identity], ['user_1', 'gmail_red-castle', null]);
  assert.equal(authConfig.isDevcasterManaged, true);
  assert.deepEqual(state, {
    authScheme: 'OAUTH2',
    val: { status: 'ACTIVE', access_token: 'gho_...', expires_in: 3600 },
  });
  assert.deepEqual(data, { access_token: 'gho_...' });
});

test('a list is walked over all of its pages with the same filters', async () => {
  const { devcaster, heard } = await stage((response, _heard, number) =>
    json(
      response,
      200,
      number === 1
        ? listOf([account({ id: 'ca_1' }), account({ id: 'ca_2' })], 'c2')
        : listOf([account({ id: 'ca_3' })], null, 2),
    ),
  );
  const ids = [];
  for await (const { id } of devcaster.connectedAccounts.list({ userIds: ['u'] })) ids.push(id);
  assert.deepEqual(ids, ['ca_1', 'ca_2', 'ca_3']);
  assert.deepEqual(
    heard.map(({ url }) => new URL(url, 'http://host').search),
    ['?user_ids=u', '?user_ids=u&cursor=c2'],
  );
});

test('arguments that cannot be right are refused before anything is sent', async () => {
  const { devcaster, heard } = await stage((response) => json(response, 200, {}));
  const { connectedAccounts, toolkits, tools } = devcaster;
  /** @type {(() => Promise<any>)[]} */
  const calls = [
    () => connectedAccounts.list(/** @type {any} */ ({ userId: 'u' })),
    () => connectedAccounts.list({ statuses: [/** @type {any} */ ('ACTIV')] }),
    () => connectedAccounts.list({ limit: 0 }),
    () => connectedAccounts.get(/** @type {any} */ (undefined)),
    () => connectedAccounts.get(''),
    () => toolkits.get('..'),
    () => tools.get('.'),
    () => connectedAccounts.link('u', 'ac_1', { callbackUrl: 'javascript:alert(1)' }),
    () => connectedAccounts.get('ca_1', { headers: { 'bad name': 'x' } }),
    () => connectedAccounts.get('ca_1', { timeout: Number.NaN }),
  ];
  for (const call of calls) await assert.rejects(call, { code: 'TS-SDK::VALIDATION_ERROR' }, String(call));
  assert.equal(heard.length, 0);
});

test('an id is one segment of the path, whatever it holds', async () => {
  const { devcaster, heard } = await stage((response) => json(response, 200, account()));
  await devcaster.connectedAccounts.get('ca_1/../../x?y#z é');
  assert.equal(heard[0].url, '/api/v3/connected_accounts/ca_1%2F..%2F..%2Fx%3Fy%23z%20%C3%A9');
});

test('initiate looks for an ACTIVE account first and lets the service close the race', async () => {
  const created = {
    id: 'ca_9',
    status: 'INITIATED',
    redirect_url: 'https://connect/1',
    connectionData: { authScheme: 'OAUTH2', val: {} },
  };
  const { devcaster, heard } = await stage((response, { method }) =>
    json(response, method === 'GET' ? 200 : 201, method === 'GET' ? listOf([]) : created),
  );
  const request = await devcaster.connectedAccounts.initiate('u', 'ac_1', {
    callbackUrl: 'https://me.example/done',
    alias: 'work',
  });
  assert.deepEqual(request.toJSON(), { id: 'ca_9', status: 'INITIATED', redirectUrl: 'https://connect/1' });
  assert.match(heard[0].url, /user_ids=u&statuses=ACTIVE&auth_config_ids=ac_1/);
  assert.deepEqual(JSON.parse(heard[1].body), {
    auth_config: { id: 'ac_1' },
    connection: { user_id: 'u', callback_url: 'https://me.example/done', alias: 'work' },
    allow_multiple: false,
  });
  await devcaster.connectedAccounts.initiate('u', 'ac_1', {
    allowMultiple: true,
    config: AuthScheme.APIKey({ api_key: 'demo_1' }),
  });
  assert.equal(heard.length, 3);
  assert.deepEqual(JSON.parse(heard[2].body), {
    auth_config: { id: 'ac_1' },
    connection: { user_id: 'u', state: { authScheme: 'API_KEY', val: { api_key: 'demo_1' } } },
    allow_multiple: true,
  });
});

test('initiate refuses a second account and names the first', async () => {
  const { devcaster, heard } = await stage((response) => json(response, 200, listOf([account({ alias: 'work' })])));
  await assert.rejects(devcaster.connectedAccounts.initiate('u', 'ac_1'), {
    name: 'MultipleConnectedAccountsError',
    code: 'TS-SDK::MULTIPLE_CONNECTED_ACCOUNTS',
    errors: ['ca_123456789012 (work)'],
  });
  assert.deepEqual(
    heard.map(({ method }) => method),
    ['GET'],
  );
});

test('every other call sends what the contract says', async () => {
  /** @type {[(client: Devcaster) => Promise<any>, string, object | undefined, object][]} */
  const cases = [
    [
      ({ connectedAccounts }) => connectedAccounts.link('u', 'ac_1', { alias: 'a' }),
      'POST /api/v3/connected_accounts/link',
      { auth_config_id: 'ac_1', user_id: 'u', alias: 'a' },
      { link_token: 'lk_1', redirect_url: 'https://c/1', expires_at: 'x', connected_account_id: 'ca_1' },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.refresh('ca_1', { redirectUrl: 'https://a/' }),
      'POST /api/v3/connected_accounts/ca_1/refresh',
      { redirect_url: 'https://a/' },
      { id: 'ca_1', status: 'ACTIVE', redirect_url: null },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.enable('ca_1'),
      'PATCH /api/v3/connected_accounts/ca_1/status',
      { enabled: true },
      { success: true },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.disable('ca_1'),
      'PATCH /api/v3/connected_accounts/ca_1/status',
      { enabled: false },
      { success: true },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.update('ca_1', { alias: '' }),
      'PATCH /api/v3/connected_accounts/ca_1',
      { alias: '' },
      { success: true },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.revoke('ca_1'),
      'POST /api/v3/connected_accounts/ca_1/revoke',
      {},
      { revoked_tokens: [] },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.delete('ca_1'),
      'DELETE /api/v3/connected_accounts/ca_1',
      undefined,
      { success: true },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.get('ca_1', { minValid: 300, maxRetries: 0 }),
      'GET /api/v3/connected_accounts/ca_1?min_valid=300',
      undefined,
      account(),
    ],
    [
      ({ tools }) => tools.execute('X_Y', { connectedAccountId: 'ca_1', version: 'v', minValid: 60 }),
      'POST /api/v3/tools/execute/X_Y',
      { connected_account_id: 'ca_1', version: 'v', min_valid: 60 },
      { data: {}, error: null, successful: true, log_id: 'log_1' },
    ],
    [
      ({ connectedAccounts }) => connectedAccounts.activity('ca_1', { limit: 5, cursor: 'c' }),
      'GET /api/v3/connected_accounts/ca_1/activity?cursor=c&limit=5',
      undefined,
      { items: [], next_cursor: null, total_pages: 1, current_page: 1, total_items: 0 },
    ],
    [
      ({ authConfigs }) => authConfigs.disable('ac_1'),
      'PATCH /api/v3/auth_configs/ac_1/DISABLED',
      {},
      { success: true },
    ],
    [({ authConfigs }) => authConfigs.enable('ac_1'), 'PATCH /api/v3/auth_configs/ac_1/ENABLED', {}, { success: true }],
    [
      ({ authConfigs }) => authConfigs.delete('ac_1', { cascade: true }),
      'DELETE /api/v3/auth_configs/ac_1?cascade=true',
      undefined,
      { success: true },
    ],
    [
      ({ authConfigs }) => authConfigs.update('ac_1', { type: 'default', scopes: ['a'] }),
      'PATCH /api/v3/auth_configs/ac_1',
      { type: 'default', scopes: ['a'] },
      { success: true },
    ],
    [
      ({ project }) => project.config.update({ maskSecretKeysInConnectedAccount: false }),
      'PATCH /api/v3/org/project/config',
      { mask_secret_keys_in_connected_account: false },
      { mask_secret_keys_in_connected_account: false },
    ],
    [({ project }) => project.config.get(), 'GET /api/v3/org/project/config', undefined, { is_2FA_enabled: false }],
    [({ toolkits }) => toolkits.get('gmail'), 'GET /api/v3/toolkits/gmail', undefined, { slug: 'gmail' }],
    [
      ({ tools }) => tools.get('GMAIL_GET_PROFILE', { version: '20251111_00' }),
      'GET /api/v3/tools/GMAIL_GET_PROFILE?version=20251111_00',
      undefined,
      { slug: 'X' },
    ],
    [
      ({ tools }) => tools.proxyExecute({ connectedAccountId: 'ca_1', endpoint: '/me', method: 'GET' }),
      'POST /api/v3/tools/execute/proxy',
      { connected_account_id: 'ca_1', endpoint: '/me', method: 'GET' },
      { data: { a_b: 1 }, status: 200, headers: {} },
    ],
  ];
  for (const [call, line, body, answer] of cases) {
    const { devcaster, heard } = await stage((response) => json(response, 200, answer));
    await call(devcaster);
    assert.equal(`${heard[0].method} ${heard[0].url}`, line);
    assert.deepEqual(heard[0].body ? JSON.parse(heard[0].body) : undefined, body, line);
  }
});

test('refresh answers the redirect URL in both spellings', async () => {
  const { devcaster } = await stage((response) =>
    json(response, 200, { id: 'ca_1', status: 'INITIATED', redirect_url: 'https://c/1' }),
  );
  assert.deepEqual(await devcaster.connectedAccounts.refresh('ca_1'), {
    id: 'ca_1',
    status: 'INITIATED',
    redirectUrl: 'https://c/1',
    redirect_url: 'https://c/1',
  });
});

test('authConfigs.create answers the config, also by the names of the wire', async () => {
  const answer = {
    toolkit: { slug: 'gmail' },
    auth_config: { id: 'ac_1', auth_scheme: 'OAUTH2', is_composio_managed: false },
  };
  const { devcaster, heard } = await stage((response) => json(response, 201, answer));
  const made = await devcaster.authConfigs.create('gmail', {
    type: 'use_custom_auth',
    authScheme: 'OAUTH2',
    credentials: { client_id: 'a', client_secret: 'b' },
  });
  assert.deepEqual([made.id, made.authConfig.id, made.toolkit.slug], ['ac_1', 'ac_1', 'gmail']);
  assert.deepEqual(JSON.parse(heard[0].body), {
    toolkit: { slug: 'gmail' },
    auth_config: { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials: { client_id: 'a', client_secret: 'b' } },
  });
});

test('authorize takes the first enabled auth config, or makes one', async () => {
  /** @param {object[]} configs */
  const run = async (configs) => {
    const { devcaster, heard } = await stage((response, { url, method }) => {
      if (url.endsWith('/link'))
        return json(response, 201, { connected_account_id: 'ca_1', redirect_url: 'https://c/1' });
      if (method === 'POST') return json(response, 201, { toolkit: { slug: 'demo' }, auth_config: { id: 'ac_new' } });
      return json(response, 200, listOf(configs));
    });
    const request = await devcaster.toolkits.authorize('u', 'demo');
    assert.equal(request.id, 'ca_1');
    return heard
      .map(({ method, url }) => `${method} ${url.split('?')[0].slice(8)}`)
      .concat(JSON.parse(heard.at(-1)?.body ?? '').auth_config_id);
  };
  assert.deepEqual(await run([{ id: 'ac_7' }]), ['GET auth_configs', 'POST connected_accounts/link', 'ac_7']);
  assert.deepEqual(await run([]), ['GET auth_configs', 'POST auth_configs', 'POST connected_accounts/link', 'ac_new']);
});

test('execute wants a version from somewhere', async () => {
  const result = { data: { email_address: 'a@b' }, error: null, successful: true, log_id: 'log_1' };
  /** @param {string} slug @param {any} execution @param {object} [options] */
  const versionSent = async (slug, execution, options) => {
    const { devcaster, heard } = await stage((response) => json(response, 200, result), options);
    assert.deepEqual(await devcaster.tools.execute(slug, { userId: 'u', ...execution }), {
      data: { email_address: 'a@b' },
      error: null,
      successful: true,
      logId: 'log_1',
    });
    return JSON.parse(heard[0].body).version;
  };
  const slug = 'GMAIL_GET_PROFILE';
  await assert.rejects(versionSent(slug, {}), {
    name: 'ToolVersionRequiredError',
    code: 'TS-SDK::TOOL_VERSION_REQUIRED',
  });
  assert.equal(await versionSent(slug, { version: '20251111_00' }), '20251111_00');
  assert.equal(await versionSent(slug, { dangerouslySkipVersionCheck: true }), undefined);
  assert.equal(await versionSent(slug, {}, { toolkitVersions: { gmail: 'v1' } }), 'v1');
  assert.equal(await versionSent(slug, { version: 'v2' }, { toolkitVersions: 'v1' }), 'v2');
  assert.equal(
    await versionSent('GOOGLE_MAPS_GET', {}, { toolkitVersions: { google: 'v1', 'google-maps': 'v2' } }),
    'v2',
  );
  await assert.rejects(versionSent(slug, {}, { toolkitVersions: { gma: 'v1' } }), { name: 'ToolVersionRequiredError' });
  await withEnvironment({ DEVCASTER_TOOLKIT_VERSION_GMAIL: 'v9' }, async () => {
    assert.equal(await versionSent(slug, {}), 'v9');
    assert.equal(await versionSent(slug, {}, { toolkitVersions: { gmail: 'v1' } }), 'v1');
  });
});
