// User tokens in use against the real service: execution and its counts, the end of a user's tokens, rotation of the
// master key, a restart, the log of an account, and the same by the SDK.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demokey, demokeyTools } from '../js/edge/toolkits/demokey.js';
import { AuthenticationError, Devcaster, PermissionDeniedError } from '../js/index.js';
import { call, configsOf, startService } from './support/service.js';
import { asToken, mint, refuses } from './support/tokens.js';

const TOOL = 'DEMOKEY_GET_PROFILE';
const KEYS = ['one:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=', 'two:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI='];

/** Tools whose slugs begin with the name of another toolkit. */
const MISLEADING = { demokey_mail: 'DEMOKEY_MAIL_SEND', mailing: 'DEMOKEY_LIST' };

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  const toolkits = Object.entries(MISLEADING).map(([slug, tool]) => {
    const tools = [{ ...demokeyTools[0], toolkit: slug, slug: tool }];
    return /** @type {[any, any[]]} */ ([{ ...demokey, slug, name: slug }, tools]);
  });
  service = await startService({ env: { DEVCASTER_SHARDS: '3' }, toolkits });
  configs = await configsOf(service);
});
after(() => service?.close());

/** @param {string} user_id @returns {Promise<string>} id of an ACTIVE account */
async function connect(user_id, at = service, toolkit = 'demokey') {
  const { body: list } = await call(at, 'GET', `/auth_configs?toolkit_slug=${toolkit}`);
  const { status, body } = await call(at, 'POST', '/connected_accounts', {
    auth_config: { id: list.items[0].id },
    connection: { user_id, state: { val: { api_key: 'demo_abcdefghijk' } } },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

/** @param {string} token @param {object} [body] */
const run = (token, body = { arguments: {} }, tool = TOOL) =>
  asToken(service, token, 'POST', `/tools/execute/${tool}`, body);

/** @param {string} token @param {string} id @param {string} method */
const proxy = (token, id, method) =>
  asToken(service, token, 'POST', '/tools/execute/proxy', {
    connected_account_id: id,
    endpoint: '/key/profile',
    method,
  });

test('only the tools that are named run, and only with the accounts of the user', async () => {
  const id = await connect('runner');
  const token = await mint(service, { user_id: 'runner', tools: [TOOL] });
  for (const body of [{}, { arguments: {} }, { user_id: 'runner' }, { connected_account_id: id }]) {
    const { status, text } = await run(token, body);
    assert.equal(status, 200, text);
    assert.equal(JSON.parse(text).successful, true, text);
  }
  refuses(await run(token, { user_id: 'somebody' }), 403, 10403);
  refuses(await run(token, {}, 'DEMO_GET_PROFILE'), 403, 10403);
  refuses(await run(token, {}, 'demokey_get_profile'), 403, 10403);
  refuses(await run(token, {}, `${TOOL}%00`), 400, 10400);
  refuses(await run(token, {}, `${TOOL}%2F..`), 403, 10403);
  refuses(await proxy(token, id, 'GET'), 403, 10403);
  const lonely = await mint(service, { user_id: 'lonely', tools: [TOOL] });
  refuses(await run(lonely), 404, 1810);
  refuses(await run(lonely, { user_id: 'lonely', connected_account_id: id }), 404, 606);
});

test('a tool of another toolkit does not run, though it is named', async () => {
  await connect('crossing');
  const token = await mint(service, { user_id: 'crossing', toolkits: ['demo'], tools: [TOOL, 'DEMO_GET_PROFILE'] });
  refuses(await run(token), 403, 10403);
  refuses(await run(token, {}, 'DEMO_GET_PROFILE'), 404, 1810);
});

test("a tool's toolkit is the one that has it, however its slug begins", async () => {
  const user_id = 'misled';
  const id = await connect(user_id);
  for (const [toolkit, tool] of Object.entries(MISLEADING)) {
    const mail = await connect(user_id, service, toolkit);
    for (const more of [{ tools: [tool] }, { operations: ['tools.execute'], tools: [tool] }]) {
      const own = await mint(service, { user_id, toolkits: [toolkit], ...more });
      assert.equal((await run(own, {}, tool)).body.successful, true);
      assert.equal((await run(own, { connected_account_id: mail }, tool)).body.successful, true);
      const others = await mint(service, { user_id, toolkits: ['demokey', 'demo'], ...more });
      for (const body of [{}, { connected_account_id: mail }, { connected_account_id: id }])
        refuses(await run(others, body, tool), 403, 10403);
    }
  }
  const token = await mint(service, { user_id, toolkits: ['demokey'], tools: [TOOL, 'DEMOKEY_NOTHING'] });
  assert.equal((await run(token)).body.successful, true);
  refuses(await run(token, {}, 'DEMOKEY_NOTHING'), 404, 2401);
});

test('the proxy sends the methods that are named', async () => {
  const id = await connect('prober');
  const token = await mint(service, { user_id: 'prober', tools: [{ methods: ['GET'] }] });
  const good = await proxy(token, id, 'GET');
  assert.equal(good.status, 200, good.text);
  for (const method of ['POST', 'DELETE', 'HEAD', 'PUT', 'PATCH']) refuses(await proxy(token, id, method), 403, 10403);
  refuses(await run(token), 403, 10403);
});

test('a count is used up by fifty at once, and by no more than it says', async () => {
  const id = await connect('counter');
  const token = await mint(service, { user_id: 'counter', tools: [{ slug: TOOL, count: 7 }] });
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, at) => run(token, at % 2 ? { connected_account_id: id } : {})),
  );
  assert.equal(all.filter(({ status }) => status === 200).length, 7);
  for (const told of all.filter(({ status }) => status !== 200)) refuses(told, 403, 10403);
  refuses(await run(token), 403, 10403);
  // Another token has counts of its own.
  const next = await mint(service, { user_id: 'counter', tools: [{ slug: TOOL, count: 1 }] });
  assert.equal((await run(next)).status, 200);
  refuses(await run(next), 403, 10403);
});

test('what is refused for another reason uses nothing up', async () => {
  const id = await connect('careful');
  const token = await mint(service, { user_id: 'careful', tools: [{ slug: TOOL, count: 1 }] });
  refuses(await run(token, { connected_account_id: await connect('stranger') }), 404, 606);
  refuses(await run(token, { user_id: 'stranger' }), 403, 10403);
  assert.equal((await run(token, { arguments: 7 })).status, 400);
  assert.equal((await run(token, { connected_account_id: id })).status, 200);
  refuses(await run(token), 403, 10403);
});

test('each group of methods has a count of its own, also over a restart', async () => {
  const id = await connect('grouped');
  const tools = [
    { methods: ['GET'], count: 2 },
    { methods: ['POST', 'PUT'], count: 1 },
  ];
  const token = await mint(service, { user_id: 'grouped', tools });
  assert.equal((await proxy(token, id, 'GET')).status, 200);
  await service.restart();
  assert.equal((await proxy(token, id, 'GET')).status, 200);
  refuses(await proxy(token, id, 'GET'), 403, 10403);
  assert.equal((await proxy(token, id, 'POST')).status, 200);
  refuses(await proxy(token, id, 'PUT'), 403, 10403);
});

test('a disabled account runs nothing, and its user can enable it', async () => {
  const id = await connect('resting');
  const token = await mint(service, { user_id: 'resting', tools: [TOOL] });
  const set = (/** @type {boolean} */ enabled) =>
    asToken(service, token, 'PATCH', `/connected_accounts/${id}/status`, { enabled });
  assert.equal((await set(false)).status, 200);
  refuses(await run(token, { connected_account_id: id }), 422, 1821);
  assert.equal((await set(true)).status, 200);
  assert.equal((await run(token)).status, 200);
  const { body } = await call(service, 'GET', `/connected_accounts/${id}/activity`);
  const [first] = body.items.filter((/** @type {any} */ item) => item.event === 'disabled');
  assert.equal(first.actor.type, 'token');
  assert.match(first.actor.id, /^[\w-]{22}$/);
});

test("the end of a user's tokens is at once, for every operation, and for that user alone", async () => {
  const id = await connect('ended');
  const request = { user_id: 'ended', operations: undefined, tools: [TOOL] };
  const [first, second] = [await mint(service, request), await mint(service, request)];
  const others = await mint(service, { user_id: 'still-there' });
  assert.equal((await asToken(service, first, 'GET', '/connected_accounts')).status, 200);
  const gone = await call(service, 'DELETE', '/user_tokens?user_id=ended');
  assert.deepEqual([gone.status, gone.body], [200, { success: true }]);
  for (const token of [first, second]) {
    for (const [method, path, body] of /** @type {[string, string, unknown?][]} */ ([
      ['GET', '/connected_accounts'],
      ['GET', `/connected_accounts/${id}`],
      ['PATCH', `/connected_accounts/${id}`, { alias: 'x' }],
      ['DELETE', `/connected_accounts/${id}`],
      ['POST', '/connected_accounts/link', { user_id: 'ended', auth_config_id: configs.demokey }],
      ['POST', `/tools/execute/${TOOL}`, {}],
      ['GET', '/toolkits'],
      ['GET', '/tools'],
    ]))
      refuses(await asToken(service, token, method, path, body), 401, 10401);
  }
  assert.equal((await asToken(service, others, 'GET', '/connected_accounts')).status, 200);
  const fresh = await mint(service, request);
  assert.equal((await asToken(service, fresh, 'GET', `/connected_accounts/${id}`)).status, 200);
  await service.restart();
  refuses(await asToken(service, first, 'GET', '/connected_accounts'), 401, 10401);
  assert.equal((await asToken(service, fresh, 'GET', '/connected_accounts')).status, 200);
  assert.equal((await call(service, 'DELETE', '/user_tokens')).status, 400);
  assert.equal((await call(service, 'DELETE', '/user_tokens?user_id=ended&user_id=x')).status, 400);
});

test('tokens asked for while they are ended are over or good, never both', async () => {
  await connect('racing');
  const [made] = await Promise.all([
    Promise.all(Array.from({ length: 20 }, () => mint(service, { user_id: 'racing' }))),
    call(service, 'DELETE', '/user_tokens?user_id=racing'),
  ]);
  const told = await Promise.all(made.map((token) => asToken(service, token, 'GET', '/connected_accounts')));
  for (const { status } of told) assert.ok(status === 200 || status === 401);
  await call(service, 'DELETE', '/user_tokens?user_id=racing');
  for (const token of made) refuses(await asToken(service, token, 'GET', '/connected_accounts'), 401, 10401);
});

test('a rotation of the master key leaves tokens good, and the old key may go', async () => {
  const [old, next] = KEYS;
  const dataDir = `${service.dataDir}-rotated`;
  let rotated = await startService({ dataDir, env: { DEVCASTER_ENCRYPTION_KEYS: old } });
  const { apiKey } = rotated;
  try {
    const id = await connect('ada', rotated);
    const token = await mint(rotated, { user_id: 'ada', expires_in: 1800 });
    const again = async (/** @type {string} */ keys) => {
      await rotated.close();
      rotated = await startService({ dataDir, env: { DEVCASTER_ENCRYPTION_KEYS: keys, DEVCASTER_API_KEY: apiKey } });
      const { status, text } = await asToken(rotated, token, 'GET', `/connected_accounts/${id}`);
      assert.equal(status, 200, text);
    };
    await again(`${next},${old}`);
    for (let turns = 0; turns < 100 && !rotated.logs().includes('"rotation":"done"'); turns++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.match(rotated.logs(), /"rotation":"done".*"unreadable":0/);
    await again(next);
  } finally {
    await rotated.close();
  }
});

test('the SDK makes tokens, uses them, and asks anew for one that is over', async () => {
  const id = await connect('sdk');
  const backend = new Devcaster({ apiKey: service.apiKey, baseURL: service.origin });
  const made = await backend.userTokens.create({
    userId: 'sdk',
    expiresIn: 60,
    operations: ['connected_accounts.list', 'connected_accounts.get'],
    toolkits: ['demokey'],
  });
  assert.deepEqual(Object.keys(made), ['token', 'expiresAt', 'userId']);
  const browser = new Devcaster({ userToken: made.token, baseURL: service.origin });
  const { items } = await browser.connectedAccounts.list();
  assert.deepEqual(
    items.map((account) => account.id),
    [id],
  );
  await assert.rejects(browser.connectedAccounts.list({ userIds: ['other'] }), PermissionDeniedError);
  await assert.rejects(browser.userTokens.create({ userId: 'sdk' }), PermissionDeniedError);
  assert.deepEqual(await backend.userTokens.revoke('sdk'), { success: true });
  await assert.rejects(browser.connectedAccounts.get(id), AuthenticationError);
  let asked = 0;
  const renewing = new Devcaster({
    baseURL: service.origin,
    userToken: async (refused) => {
      asked += 1;
      return refused ? (await backend.userTokens.create({ userId: 'sdk' })).token : made.token;
    },
  });
  assert.equal((await renewing.connectedAccounts.get(id)).userId, 'sdk');
  assert.equal(asked, 2);
});
