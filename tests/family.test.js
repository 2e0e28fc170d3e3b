// The published client of the API family (tests/family/package.json) lives a whole account life against this service,
// with nothing changed but its base URL.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { installed } from './support/installed.js';
import { call, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

const TOOL = 'DEMO_GET_PROFILE';
const VERSION = '20251111_00';
const NOBODY = 'ca_00aaaaaaaaaaaaaaaaaaaaaa';
const CALLBACK = 'https://example.com/done';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {any} the client's own classes and functions: its types are the package's affair */
let family;
/** @type {any} */
let client;
/** @type {Visitor} */
let visitor;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;
/** @type {string} the account whose life this is */
let id;

const open = (/** @type {object} */ more = {}) =>
  new family.Composio({
    apiKey: service.apiKey,
    baseURL: service.origin,
    allowTracking: false,
    disableVersionCheck: true,
    ...more,
  });

before(async () => {
  family = (await installed('family'))('@composio/core');
  service = await startService();
  visitor = new Visitor(service);
  client = open();
});
after(() => service?.close());

/** The wire's own error inside the client's. @param {any} error */
const wire = (error) => error.error?.error ?? error.cause?.error?.error;

/** @param {Promise<unknown>} promise @param {number} status @param {number} code */
const refused = (promise, status, code) =>
  assert.rejects(promise, (error) => {
    assert.deepEqual({ status: wire(error)?.status, code: wire(error)?.code }, { status, code }, String(error));
    return true;
  });

test('toolkits: list, get, categories, the fields of their schemes', async () => {
  const { toolkits } = client;
  const all = await toolkits.get();
  assert.deepEqual(all.map((/** @type {any} */ one) => one.slug).sort(), ['demo', 'demokey', 'gmail']);
  assert.equal((await toolkits.get({ sortBy: 'alphabetically', managedBy: 'composio', limit: 2 })).length, 2);
  assert.equal((await toolkits.get({ category: 'email' }))[0].slug, 'gmail');
  const demo = await toolkits.get('demo');
  assert.deepEqual([demo.name, demo.composioManagedAuthSchemes], ['Demo', ['OAUTH2']]);
  assert.deepEqual(demo.meta.availableVersions, [VERSION]);
  const names = (/** @type {any[]} */ fields) => fields.map(({ name }) => name);
  assert.deepEqual(names(await toolkits.getConnectedAccountInitiationFields('demokey', 'API_KEY')), ['api_key']);
  const creation = await toolkits.getAuthConfigCreationFields('demo', 'OAUTH2', { requiredOnly: true });
  assert.deepEqual(names(creation), ['client_id', 'client_secret']);
  const { items } = await toolkits.listCategories();
  assert.ok(items.some((/** @type {any} */ one) => one.id === 'developer-tools'));
  // The client names what is not there only where the error is one of another package's; the wire says it.
  await refused(toolkits.get('nosuch'), 404, 401);
});

test('tools: by toolkit, by slug, by words, and wrapped for a model', async () => {
  const { tools } = client;
  const slugs = async (/** @type {object} */ query) =>
    (await tools.getRawComposioTools(query)).map((/** @type {any} */ one) => one.slug).sort();
  const both = [TOOL, 'DEMOKEY_GET_PROFILE'].sort();
  assert.deepEqual(await slugs({ toolkits: ['demo'] }), [TOOL]);
  assert.deepEqual(await slugs({ toolkits: ['demo', 'demokey'], limit: 5 }), both);
  assert.deepEqual(await slugs({ tools: [TOOL] }), [TOOL]);
  assert.ok((await slugs({ search: 'profile' })).includes(TOOL));
  const one = await tools.getRawComposioToolBySlug(TOOL, { version: VERSION });
  assert.deepEqual([one.toolkit.slug, one.version, one.inputParameters.type], ['demo', VERSION, 'object']);
  const [wrapped] = await tools.get('ada', TOOL);
  assert.equal(wrapped.function.name, TOOL);
  await refused(tools.getRawComposioToolBySlug('NO_SUCH_TOOL'), 404, 2401);
});

test('auth configs: list, create, get, update, disable, enable, delete', async () => {
  const { authConfigs } = client;
  const { items, totalPages } = await authConfigs.list();
  assert.equal(totalPages, 1);
  configs = Object.fromEntries(items.map((/** @type {any} */ one) => [one.toolkit.slug, one.id]));
  const [demo] = (await authConfigs.list({ toolkit: 'demo', isComposioManaged: true, limit: 1 })).items;
  assert.equal(demo.id, configs.demo);
  assert.equal((await authConfigs.list({ toolkit: 'demo', isComposioManaged: false })).items.length, 0);

  const managed = await authConfigs.create('demo', { type: 'use_composio_managed_auth', name: 'managed' });
  assert.deepEqual([managed.toolkit, managed.authScheme, managed.isComposioManaged], ['demo', 'OAUTH2', true]);
  const { id: client_id, secret: client_secret } = service.demoClient;
  const credentials = { client_id, client_secret };
  const own = await authConfigs.create('demo', { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials });
  assert.equal(own.isComposioManaged, false);
  assert.equal(
    (await authConfigs.update(own.id, { type: 'custom', credentials: { scopes: ['openid'] } })).success,
    true,
  );
  assert.equal((await authConfigs.update(managed.id, { type: 'default', scopes: 'openid' })).success, true);
  const read = await authConfigs.get(own.id);
  assert.equal(read.credentials.client_id, client_id);
  assert.equal(read.credentials.client_secret, `${client_secret.slice(0, 4)}...`);
  await authConfigs.disable(own.id);
  assert.equal((await authConfigs.get(own.id)).status, 'DISABLED');
  await authConfigs.enable(own.id);
  assert.equal((await authConfigs.get(own.id)).status, 'ENABLED');
  for (const made of [own, managed]) await authConfigs.delete(made.id);
  await refused(authConfigs.get(own.id), 404, 302);
});

test('initiate, the link through the browser, wait', async () => {
  const request = await client.connectedAccounts.initiate('ada', configs.demo, {
    callbackUrl: CALLBACK,
    alias: 'work',
  });
  id = request.id;
  assert.equal(request.status, 'INITIATED');
  const begun = await client.connectedAccounts.get(id);
  assert.equal(begun.state.val.redirectUrl, request.redirectUrl);
  const waiting = request.waitForConnection(15_000);
  const { answer } = await visitor.connect(request.redirectUrl, 'ada');
  assert.equal(answer.headers.get('location'), `${CALLBACK}?status=success&connected_account_id=${id}`);
  const account = await waiting;
  assert.deepEqual([account.id, account.status, account.alias], [id, 'ACTIVE', 'work']);
});

test('get keeps the state, masked, as its schema wants it', async () => {
  const account = await client.connectedAccounts.get(id);
  const { authScheme, val } = account.state;
  assert.deepEqual([authScheme, val.status, val.token_type, val.expires_in], ['OAUTH2', 'ACTIVE', 'Bearer', 3600]);
  for (const secret of [val.access_token, val.refresh_token, account.params.access_token, account.data.access_token])
    assert.match(secret, /^.{4}\.\.\.$/u);
  assert.deepEqual(account.authConfig, {
    id: configs.demo,
    authScheme: 'OAUTH2',
    isComposioManaged: true,
    isDisabled: false,
  });
  assert.equal(account.toolkit.slug, 'demo');
  assert.equal(account.statusReason, null);
  await refused(client.connectedAccounts.get(NOBODY), 404, 606);
  const lost = client.connectedAccounts.waitForConnection(NOBODY, 1000);
  await assert.rejects(lost, { name: 'ComposioConnectedAccountNotFoundError' });
});

test('a second account: refused by initiate, allowed when said so, and by link', async () => {
  const { connectedAccounts } = client;
  const second = connectedAccounts.initiate('ada', configs.demo);
  await assert.rejects(second, { name: 'ComposioMultipleConnectedAccountsError' });
  const more = await connectedAccounts.initiate('ada', configs.demo, { allowMultiple: true });
  assert.ok(more.redirectUrl.startsWith(`${service.origin}/connect/`));
  await connectedAccounts.delete(more.id);
  const link = await connectedAccounts.link('ada', configs.demo, { callbackUrl: `${CALLBACK}?a=1`, alias: 'home' });
  const { answer } = await visitor.connect(link.redirectUrl, 'ada-at-home');
  assert.ok(answer.headers.get('location')?.startsWith(`${CALLBACK}?a=1&status=success`));
  assert.equal((await link.waitForConnection()).alias, 'home');
});

test('a typed-in key: its state is kept, and what is missing is named', async () => {
  const { connectedAccounts } = client;
  const { APIKey } = family.AuthScheme;
  const made = await connectedAccounts.initiate('bob', configs.demokey, { config: APIKey({ api_key: 'demo_abcdef' }) });
  assert.deepEqual([made.status, made.redirectUrl], ['ACTIVE', null]);
  const { state } = await made.waitForConnection();
  assert.deepEqual(state, { authScheme: 'API_KEY', val: { status: 'ACTIVE', api_key: 'demo...' } });
  await refused(connectedAccounts.initiate('eve', configs.demokey, { config: APIKey({}) }), 400, 612);
  await refused(connectedAccounts.refresh(made.id), 400, 600);
});

test('a connection that the user denies ends the wait at once, one that nobody makes ends it in time', async () => {
  const denied = await client.connectedAccounts.link('den', configs.demo);
  await visitor.connect(denied.redirectUrl, 'den', 'deny');
  await assert.rejects(denied.waitForConnection(5000), {
    name: 'ConnectionRequestFailedError',
    message: /FAILED, reason: .*access_denied/,
  });
  const ignored = await client.connectedAccounts.link('den', configs.demo);
  await assert.rejects(ignored.waitForConnection(100), { name: 'ConnectionRequestTimeoutError' });
});

test('list with every filter, in pages', async () => {
  const { connectedAccounts } = client;
  const ids = async (/** @type {object} */ query) =>
    (await connectedAccounts.list(query)).items.map((/** @type {any} */ one) => one.id);
  assert.equal((await ids({})).length, 5);
  assert.equal((await ids({ userIds: ['ada', 'bob'] })).length, 3);
  assert.deepEqual(await ids({ userIds: ['nobody'] }), []);
  assert.equal((await ids({ toolkitSlugs: ['demokey', 'gmail'] })).length, 1);
  assert.equal((await ids({ authConfigIds: [configs.demo] })).length, 4);
  /** @type {[string, number][]} */
  const statuses = [
    ['INITIALIZING', 1],
    ['INITIATED', 0],
    ['ACTIVE', 3],
    ['FAILED', 1],
    ['EXPIRED', 0],
    ['INACTIVE', 0],
  ];
  for (const [status, count] of statuses) assert.equal((await ids({ statuses: [status] })).length, count, status);
  for (const orderBy of ['created_at', 'updated_at']) {
    const all = await ids({ userIds: ['ada', 'den'], statuses: ['ACTIVE', 'FAILED', 'INITIALIZING'], orderBy });
    const walked = [];
    /** @type {string | null | undefined} */
    let cursor;
    do {
      const page = await connectedAccounts.list({
        userIds: ['ada', 'den'],
        statuses: ['ACTIVE', 'FAILED', 'INITIALIZING'],
        orderBy,
        limit: 1,
        cursor,
      });
      assert.equal(page.totalPages, 4);
      walked.push(...page.items.map((/** @type {any} */ one) => one.id));
      cursor = page.nextCursor;
    } while (cursor);
    assert.deepEqual(walked, all);
  }
  const every = (await connectedAccounts.list({})).items;
  for (const { state, authConfig } of every) assert.equal(state.authScheme, authConfig.authScheme);
});

test('disable and enable', async () => {
  const { connectedAccounts, tools } = client;
  assert.equal((await connectedAccounts.disable(id)).success, true);
  const off = await connectedAccounts.get(id);
  assert.deepEqual([off.status, off.isDisabled, off.state.val.status], ['INACTIVE', true, 'INACTIVE']);
  assert.ok(off.statusReason);
  const use = { userId: 'ada', connectedAccountId: id, version: VERSION, arguments: {} };
  await refused(tools.execute(TOOL, use), 422, 1821);
  assert.equal((await connectedAccounts.enable(id)).success, true);
  assert.equal((await connectedAccounts.updateStatus(id, { enabled: true })).success, true);
  assert.equal((await connectedAccounts.get(id)).status, 'ACTIVE');
});

test('refresh', async () => {
  const { connectedAccounts } = client;
  const answer = { id, status: 'ACTIVE', redirect_url: null };
  const before = (await connectedAccounts.get(id)).updatedAt;
  assert.deepEqual(await connectedAccounts.refresh(id), answer);
  const choices = { redirectUrl: CALLBACK, validateCredentials: true };
  assert.deepEqual(await connectedAccounts.refresh(id, choices), answer);
  assert.ok((await connectedAccounts.get(id)).updatedAt > before);
});

test('execute: with the account named, with a choice that is none, with a version from anywhere', async () => {
  const { tools } = client;
  const use = { userId: 'ada', connectedAccountId: id, arguments: {} };
  const done = await tools.execute(TOOL, { ...use, version: VERSION });
  assert.deepEqual([done.successful, done.error, done.data.login], [true, null, 'ada']);
  assert.match(done.logId, /^log_/);
  const fixed = open({ toolkitVersions: { demo: VERSION } });
  assert.equal((await fixed.tools.execute(TOOL, use)).successful, true);
  await assert.rejects(tools.execute(TOOL, use), /version not specified/);
  assert.equal((await tools.execute(TOOL, { ...use, dangerouslySkipVersionCheck: true })).successful, true);
  await refused(tools.execute(TOOL, { userId: 'ada', version: VERSION, arguments: {} }), 400, 1813);
  await refused(tools.execute(TOOL, { ...use, userId: 'eve', version: VERSION }), 400, 1812);
});

test('proxy: on the hosts of the toolkit, and nowhere else', async () => {
  const { tools } = client;
  const parameters = [
    { in: 'query', name: 'a', value: 1 },
    { in: 'header', name: 'x-a', value: 'b' },
  ];
  const seen = await tools.proxyExecute({ connectedAccountId: id, endpoint: '/me', method: 'GET', parameters });
  assert.deepEqual([seen.status, seen.data.sub], [200, 'ada']);
  for (const endpoint of ['https://example.com/steal', `${service.origin}/health`, '//example.com/me'])
    await refused(tools.proxyExecute({ connectedAccountId: id, endpoint, method: 'GET' }), 400, 10400);
});

test('toolkits.authorize makes a request of its own', async () => {
  const request = await client.toolkits.authorize('zoe', 'demo');
  await visitor.connect(request.redirectUrl, 'zoe');
  assert.equal((await request.waitForConnection()).authConfig.id, configs.demo);
});

test('delete, and an auth config with accounts stays', async () => {
  const { connectedAccounts, authConfigs } = client;
  assert.equal((await connectedAccounts.delete(id)).success, true);
  await refused(connectedAccounts.get(id), 404, 606);
  await refused(connectedAccounts.delete(id), 404, 606);
  await refused(authConfigs.delete(configs.demo), 400, 301);
  assert.equal((await call(service, 'GET', `/connected_accounts/${id}`)).status, 404);
});

test('a key that is none is 401, and shown by at most eight characters', async () => {
  const stranger = open({ apiKey: 'ak_wrongwrongwrong' });
  await assert.rejects(stranger.connectedAccounts.list(), (/** @type {any} */ error) => {
    assert.equal(error.status, 401);
    assert.ok(!error.message.includes('ak_wrongw'));
    return true;
  });
});
