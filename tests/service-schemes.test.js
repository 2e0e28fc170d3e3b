// Whole lives of accounts of every scheme that the service runs without a consent, each against a real server; and the
// schemes that it does not run yet.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIFE, people, startSchemes, toolkits } from './support/schemes.js';
import { call, configsOf, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

const OTHER = { id: 'other-client', secret: 'secret of the other client' };

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Awaited<ReturnType<typeof startSchemes>>} */
let provider;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService({ toolkits });
  configs = await configsOf(service);
  await service.stopDemo();
  provider = await startSchemes(service.demoOrigin, [service.demoClient, OTHER]);
});
after(async () => {
  provider?.close();
  await service?.close();
});

/** @param {string} toolkit @param {object | null} val @param {object} [more] @param {object} [connection] */
const create = (toolkit, val, more = {}, connection = {}) =>
  call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs[toolkit] ?? toolkit },
    connection: { user_id: `user-${toolkit}`, ...(val && { state: { val } }), ...connection },
    ...more,
  });

/** @param {string} id */
const account = async (id) => (await call(service, 'GET', `/connected_accounts/${id}`)).body;

/** @param {string} id @param {string} tool */
const execute = (id, tool) =>
  call(service, 'POST', `/tools/execute/${tool}`, { connected_account_id: id, arguments: {} });

/** @param {string} id @param {object} val */
const patch = (id, val) => call(service, 'PATCH', `/connected_accounts/${id}`, { connection: { state: { val } } });

const total = async () => (await call(service, 'GET', '/connected_accounts')).body.total_items;

/** @param {{ status: number, body: any }} answer @param {number} expected @param {number} code */
function isError({ status, body }, expected, code) {
  assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
  return body.error;
}

/** @param {string} name @param {string} password */
const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

/**
 * @typedef {object} Life
 * @property {string} scheme
 * @property {string} toolkit
 * @property {string} place path of the API
 * @property {Record<string, string>} good and the others: members of a credential
 * @property {Record<string, string>} better
 * @property {Record<string, string>} wrong
 * @property {Record<string, string>} foreign another person's
 * @property {Record<string, string>} missing
 * @property {Record<string, string>} masked
 * @property {string} header what the better one becomes
 */

/** @type {Life[]} */
const lives = [
  {
    scheme: 'BASIC',
    toolkit: 'tbasic',
    place: '/basic/me',
    good: { username: 'ada', password: people.ada.password },
    better: { username: 'ada', password: people.ada.password, subdomain: 'acme' },
    wrong: { username: 'ada', password: 'guess' },
    foreign: { username: 'bob', password: people.bob.password },
    missing: { username: 'ada' },
    masked: { username: 'ada', password: 'pa:s...' },
    header: basic('ada', people.ada.password),
  },
  {
    scheme: 'BEARER_TOKEN',
    toolkit: 'tbearer',
    place: '/bearer/me',
    good: { token: people.ada.tokens[0] },
    better: { token: people.ada.tokens[1] },
    wrong: { token: 'tok_guess' },
    foreign: { token: people.bob.tokens[0] },
    missing: { token: '' },
    masked: { token: 'tok_...' },
    header: `Bearer ${people.ada.tokens[1]}`,
  },
];

for (const { scheme, toolkit, place, good, better, wrong, foreign, missing, masked, header } of lives) {
  const tool = `${toolkit.toUpperCase()}_ME`;

  test(`${scheme}: what the provider refuses, what is missing and what is masked is not stored`, async () => {
    const before_ = await total();
    isError(await create(toolkit, wrong, { validate_credentials: true }), 400, 600);
    if (scheme === 'BEARER_TOKEN') {
      for (const token of ['tok_é', 'tok_a\nX: y', 'tok_…']) {
        isError(await create(toolkit, { token }, { validate_credentials: true }), 400, 600);
      }
    }
    assert.match(isError(await create(toolkit, missing), 400, 612).errors[0], /^(password|token): is required$/);
    isError(await create(toolkit, masked), 400, 600);
    const other = { user_id: 'x', state: { authScheme: 'API_KEY', val: good } };
    isError(await create(toolkit, null, {}, other), 400, 600);
    assert.equal(await total(), before_);
  });

  test(`${scheme}: a whole life`, async () => {
    const made = await create(toolkit, good, { validate_credentials: true });
    assert.deepEqual([made.status, made.body.status, made.body.redirect_url], [201, 'ACTIVE', null]);
    const { id } = made.body;
    const first = await account(id);
    assert.deepEqual([first.status, first.identity], ['ACTIVE', { id: 'ada', label: 'Dear ada' }]);
    for (const [name, value] of Object.entries(good)) {
      const shown = name === 'username' ? value : `${value.slice(0, 4)}...`;
      assert.deepEqual([first.state.val[name], first.data[name], first.params[name]], [shown, shown, shown], name);
    }
    const done = await execute(id, tool);
    assert.deepEqual([done.status, done.body.data], [200, { id: 'ada', name: 'Dear ada' }], JSON.stringify(done.body));

    // A new credential: tried, and refused when it is wrong or another person's; the old one stays.
    isError(await patch(id, wrong), 400, 600);
    assert.match(isError(await patch(id, foreign), 400, 600).message, /somebody else/);
    isError(await patch(id, masked), 400, 600);
    isError(await patch(id, missing), 400, 612);
    assert.equal((await execute(id, tool)).body.data.id, 'ada');
    assert.deepEqual((await patch(id, better)).body, { id, status: 'ACTIVE', success: true });
    assert.equal((await execute(id, tool)).body.successful, true);
    assert.equal(provider.at(place).at(-1)?.authorization, header);

    isError(await call(service, 'POST', `/connected_accounts/${id}/refresh`), 400, 600);
    const requests = provider.seen.length;
    await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: false });
    isError(await execute(id, tool), 422, 1821);
    isError(await patch(id, better), 400, 600);
    const off = await account(id);
    assert.deepEqual([off.status, off.is_disabled, off.state.val.status], ['INACTIVE', true, 'INACTIVE']);
    for (const name of Object.keys(good)) assert.equal(typeof off.state.val[name], 'string', name);
    assert.equal(provider.seen.length, requests, 'nothing leaves for a disabled account');
    await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: true });
    assert.equal((await execute(id, tool)).body.successful, true);
    assert.equal((await call(service, 'DELETE', `/connected_accounts/${id}`)).body.success, true);
    assert.equal((await call(service, 'GET', `/connected_accounts/${id}`)).status, 404);
  });

  test(`${scheme}: by the connect page, with its identity; the same one twice is said`, async () => {
    const user_id = `page-${toolkit}`;
    const link = async () => {
      const { body } = await call(service, 'POST', '/connected_accounts/link', {
        auth_config_id: configs[toolkit],
        user_id,
      });
      return { id: body.connected_account_id, url: body.redirect_url };
    };
    const one = await link();
    const visitor = new Visitor(service);
    const page = await visitor.open(one.url);
    for (const name of Object.keys(good)) assert.match(page.text, new RegExp(`name="${name}"`));
    const refused = await visitor.press(one.url, wrong);
    assert.match(refused.text, /does not accept/);
    assert.ok(!Object.values(wrong).some((text) => text !== 'ada' && refused.text.includes(text)));
    const connected = await visitor.press(one.url, good);
    assert.match(connected.text, /Connected/);
    assert.doesNotMatch(connected.text, /same identity/);
    const first = await account(one.id);
    assert.deepEqual([first.identity.id, first.same_identity_as], ['ada', []]);
    const two = await link();
    assert.match((await visitor.press(two.url, better)).text, new RegExp(`same identity[^<]*${one.id}`));
    assert.deepEqual((await account(two.id)).same_identity_as, [one.id]);
    assert.deepEqual((await account(one.id)).same_identity_as, [two.id]);
    const third = await create(toolkit, good, {}, { user_id });
    assert.deepEqual(third.body.same_identity_as.toSorted(), [one.id, two.id].toSorted());
    assert.deepEqual((await create(toolkit, foreign, {}, { user_id })).body.same_identity_as, []);
  });
}

test('NO_AUTH: ACTIVE at once, and nothing is sent that could be a credential', async () => {
  const made = await create('tnone', null, { validate_credentials: true });
  assert.deepEqual(
    [made.status, made.body.status, made.body.connectionData.val],
    [201, 'ACTIVE', { status: 'ACTIVE' }],
  );
  const { id } = made.body;
  assert.equal((await execute(id, 'TNONE_ME')).body.data.id, 'everybody');
  assert.equal(provider.at('/open/me').at(-1)?.authorization, undefined);
  isError(await call(service, 'POST', `/connected_accounts/${id}/refresh`), 400, 600);
  await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: false });
  isError(await execute(id, 'TNONE_ME'), 422, 1821);
  await call(service, 'PATCH', `/connected_accounts/${id}/status`, { enabled: true });
  assert.equal((await execute(id, 'TNONE_ME')).body.successful, true);
  const { body } = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.tnone,
    user_id: 'n',
  });
  assert.match((await new Visitor(service).press(body.redirect_url)).text, /Connected/);
  assert.equal((await account(body.connected_account_id)).status, 'ACTIVE');
  assert.deepEqual((await call(service, 'DELETE', `/connected_accounts/${id}`)).body, {
    success: true,
    revocation: 'none',
  });
});

test('S2S_OAUTH2: connected without a person, the token is fetched anew by the same grant when it ends', async () => {
  const grants = () => provider.at('/token').length;
  const made = await create('tclient', null, { validate_credentials: true });
  assert.deepEqual([made.status, made.body.status], [201, 'ACTIVE'], JSON.stringify(made.body));
  assert.match(made.body.connectionData.val.access_token, /^.{4}\.\.\.$/);
  const { id } = made.body;
  const first = await account(id);
  assert.deepEqual([first.identity.id, first.scopes.granted], [service.demoClient.id, ['api:read']]);
  assert.equal(typeof first.state.val.access_token, 'string');
  assert.equal(Date.parse(first.expires_at) - Date.parse(first.created_at) > (LIFE - 5) * 1000, true);
  assert.equal(grants(), 1);
  await sleep(0.3 * LIFE * 1000); // in its last part a token is as good as over
  const answers = await Promise.all(Array.from({ length: 20 }, () => execute(id, 'TCLIENT_ME')));
  for (const { status, body } of answers)
    assert.deepEqual([status, body.data?.id], [200, service.demoClient.id], JSON.stringify(body));
  assert.equal(grants(), 2, 'one new token for all of them');
  assert.ok((await account(id)).last_refreshed_at > first.created_at);
  const again = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.deepEqual(again.body, { id, status: 'ACTIVE', redirect_url: null });
  assert.equal(grants(), 3);
  const validated = () => call(service, 'POST', `/connected_accounts/${id}/refresh`, { validate_credentials: true });
  assert.deepEqual((await validated()).body, { id, status: 'ACTIVE', redirect_url: null });
  provider.closed.add('/machine/me');
  assert.match(isError(await validated(), 400, 600).message, /just given/);
  provider.closed.clear();
  assert.equal((await account(id)).status, 'ACTIVE');
  assert.match(isError(await patch(id, { access_token: 'mine' }), 400, 600).message, /client/);
  const old = provider.at('/machine/me').at(-1)?.authorization;
  assert.equal((await call(service, 'DELETE', `/connected_accounts/${id}`)).body.revocation, 'revoked');
  const asked = await fetch(`${service.demoOrigin}/machine/me`, { headers: { authorization: old ?? '' } });
  assert.ok(asked.status === 200 || asked.status === 401); // the one before the last refresh lives out its time
  assert.equal(provider.at('/token/revocation').length, 1);
});

test('S2S_OAUTH2: a client that the provider does not accept makes no account, and breaks none', async () => {
  const made = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'tclient' },
    auth_config: {
      type: 'use_custom_auth',
      authScheme: 'S2S_OAUTH2',
      credentials: { client_id: OTHER.id, client_secret: OTHER.secret },
    },
  });
  const config = made.body.auth_config.id;
  const client = (/** @type {object} */ credentials) =>
    call(service, 'PATCH', `/auth_configs/${config}`, { type: 'custom', credentials });
  /** Twice: the secret before the last one is still taken, for a rotation. */
  const spoil = async () => {
    await client({ client_secret: 'not the secret' });
    await client({ client_secret: 'nor this one' });
  };
  await spoil();
  const before_ = await total();
  assert.match(isError(await create(config, null), 400, 301).message, /client_secret/);
  assert.equal(await total(), before_);
  await client({ client_secret: OTHER.secret });
  const { id } = (await create(config, null)).body;
  assert.equal((await account(id)).identity.id, OTHER.id);
  await spoil();
  assert.ok((await call(service, 'POST', `/connected_accounts/${id}/refresh`)).status >= 400);
  assert.equal((await account(id)).status, 'ACTIVE');
  await client({ client_secret: OTHER.secret });
  assert.equal((await call(service, 'POST', `/connected_accounts/${id}/refresh`)).body.status, 'ACTIVE');

  // Another client is another identity: the account does not become its.
  await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  const again = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.equal(again.body.status, 'INITIATED');
  await client({ client_id: service.demoClient.id, client_secret: service.demoClient.secret });
  const visitor = new Visitor(service);
  assert.doesNotMatch((await visitor.open(again.body.redirect_url)).text, /<input/);
  const refused = await visitor.press(again.body.redirect_url);
  assert.match(refused.text, /somebody else/);
  assert.notEqual((await account(id)).status, 'ACTIVE');
  await client({ client_id: OTHER.id, client_secret: OTHER.secret });
  assert.match((await visitor.press(again.body.redirect_url)).text, /Connected/);
  assert.equal((await account(id)).status, 'ACTIVE');
});

test('S2S_OAUTH2 takes no auth config without a client that can prove who it is', async () => {
  const answer = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'tclient' },
    auth_config: { type: 'use_custom_auth', authScheme: 'S2S_OAUTH2', credentials: {} },
  });
  const { errors } = isError(answer, 400, 301);
  assert.deepEqual(
    errors.map((/** @type {string} */ text) => text.split(':')[0]),
    ['auth_config.credentials.client_id', 'auth_config.credentials.client_secret'],
  );
});

const LATER = [
  'BASIC_WITH_JWT',
  'GOOGLE_SERVICE_ACCOUNT',
  'SERVICE_ACCOUNT',
  'BILLCOM_AUTH',
  'CALCOM_AUTH',
  'SAML',
  'DCR_OAUTH',
];

for (const scheme of LATER) {
  test(`${scheme} answers 501 by name`, async () => {
    const answer = await call(service, 'POST', '/auth_configs', {
      toolkit: { slug: 'tbasic' },
      auth_config: { type: 'use_custom_auth', authScheme: scheme, credentials: {} },
    });
    assert.deepEqual(isError(answer, 501, 10501).errors, [`${scheme}: is not run by this service yet`]);
  });
}
