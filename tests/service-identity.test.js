// Who an account is at the provider, and what keeps several accounts of one user apart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demo, demoTools } from '../js/edge/toolkits/demo.js';
import { call, configsOf, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** A provider that tells the callback alone which company it is, as some for bookkeepers do. */
const books = {
  ...demo,
  slug: 'books',
  name: 'Books',
  auth_schemes: [{ ...demo.auth_schemes[0], callback_params: { realm_id: 'realmId' } }],
};
const booksTools = [
  { ...demoTools[0], slug: 'BOOKS_ECHO', toolkit: 'books', path: '/api/echo' },
  { ...demoTools[0], slug: 'BOOKS_COMPANY', toolkit: 'books', path: '/company/{realm_id}' },
];

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService({
    toolkits: [[books, booksTools]],
  });
  configs = await configsOf(service);
});
after(() => service?.close());

/** @param {string} user_id @param {string} [toolkit] */
async function link(user_id, toolkit = 'demo') {
  const body = { auth_config_id: configs[toolkit], user_id };
  const { status, body: made } = await call(service, 'POST', '/connected_accounts/link', body);
  assert.equal(status, 201, JSON.stringify(made));
  return { id: made.connected_account_id, url: made.redirect_url };
}

/** @param {string} user_id @param {object} [more] @param {object} [connection] @param {string} [toolkit] */
const initiate = (user_id, more = {}, connection = {}, toolkit = 'demo') =>
  call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs[toolkit] },
    connection: { user_id, ...connection },
    ...more,
  });

/** @param {string} id */
const account = async (id) => (await call(service, 'GET', `/connected_accounts/${id}`)).body;

test('connecting the same identity twice is said, on the page and on both accounts', async () => {
  const [one, two, other] = [await link('twice'), await link('twice'), await link('twice')];
  assert.doesNotMatch((await new Visitor(service).connect(one.url, 'tess')).text, /same identity/);
  assert.deepEqual((await account(one.id)).same_identity_as, []);
  const page = await new Visitor(service).connect(two.url, 'tess');
  assert.match(page.text, new RegExp(`Connected[\\s\\S]*same identity[^<]*${one.id}`));
  await new Visitor(service).connect(other.url, 'otto');
  const stranger = await link('not-twice');
  assert.doesNotMatch((await new Visitor(service).connect(stranger.url, 'tess')).text, /same identity/);
  assert.deepEqual((await account(one.id)).same_identity_as, [two.id]);
  assert.deepEqual((await account(two.id)).same_identity_as, [one.id]);
  assert.deepEqual((await account(other.id)).same_identity_as, []);
  assert.deepEqual((await account(stranger.id)).same_identity_as, []);
  // An account without a credential is nobody's.
  await call(service, 'POST', `/connected_accounts/${one.id}/revoke`);
  assert.deepEqual((await account(two.id)).same_identity_as, []);
});

test('while an ACTIVE account reconnects, somebody else is refused and the old credential stays', async () => {
  const { id, url } = await link('keeps');
  await new Visitor(service).connect(url, 'kate');
  const login = async () => {
    const asked = { connected_account_id: id, arguments: {} };
    return (await call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', asked)).body.data?.login;
  };
  const masks = (/** @type {boolean} */ on) =>
    call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: on });
  await masks(false);
  const { access_token } = (await account(id)).state.val;
  await masks(true);
  const patch = (/** @type {object} */ val) =>
    call(service, 'PATCH', `/connected_accounts/${id}`, { connection: { state: { val } } });
  assert.equal((await patch({ access_token: 'unknown to the provider' })).status, 400);
  assert.equal((await patch({ access_token })).status, 200);
  const before_ = await account(id);
  // Without a refresh token a refresh is a new consent, under which the account stays what it is.
  const again = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.equal(again.body.status, 'ACTIVE');
  const page = await new Visitor(service).connect(again.body.redirect_url, 'mallory');
  assert.deepEqual([page.answer.status, /somebody else/.test(page.text)], [400, true]);
  const now = await account(id);
  assert.deepEqual([now.status, now.identity, now.reconnect.pending], ['ACTIVE', before_.identity, true]);
  assert.equal(now.expires_at, before_.expires_at);
  assert.equal(await login(), 'kate');
  assert.match((await new Visitor(service).connect(again.body.redirect_url, 'kate')).text, /Connected/);
  assert.equal((await account(id)).reconnect, null);
  assert.equal(await login(), 'kate');
});

test('word ids of one user differ', async () => {
  const made = await Promise.all(Array.from({ length: 30 }, () => link('words')));
  const ids = await Promise.all(made.map(async ({ id }) => (await account(id)).word_id));
  for (const id of ids) assert.match(id, /^demo_[a-z]+-[a-z]+-\d+$/);
  assert.equal(new Set(ids).size, ids.length);
});

test("an alias is one account's: in each way to set it, for that user and toolkit, also when many ask at once", async () => {
  const many = await Promise.all(Array.from({ length: 25 }, () => initiate('ali', {}, { alias: 'work' })));
  const made = many.filter(({ status }) => status === 201);
  assert.equal(made.length, 1);
  for (const { status, body } of many.filter((one) => one !== made[0]))
    assert.deepEqual(
      [status, body.error.code, body.error.errors],
      [400, 600, [`alias: is the alias of ${made[0].body.id}`]],
    );
  const body = { auth_config_id: configs.demo, user_id: 'ali', alias: 'work' };
  assert.equal((await call(service, 'POST', '/connected_accounts/link', body)).status, 400);
  assert.equal((await call(service, 'POST', '/connected_accounts/link', { ...body, user_id: 'bea' })).status, 201);
  assert.equal((await initiate('ali', {}, { alias: 'work' }, 'demokey')).status, 201);
  const free = (await initiate('ali')).body.id;
  const patch = (/** @type {string} */ id, /** @type {string} */ alias) =>
    call(service, 'PATCH', `/connected_accounts/${id}`, { alias });
  assert.equal((await patch(free, 'work')).status, 400);
  assert.equal((await patch(made[0].body.id, 'work')).status, 200, "its own is no other's");
  assert.equal((await patch(made[0].body.id, '')).status, 200);
  assert.equal((await account(made[0].body.id)).alias, null);
  assert.equal((await patch(free, 'work')).status, 200);
});

test('of 1,000 initiates at once with allow_multiple: false exactly one makes an account', async () => {
  const state = { val: { api_key: 'demo_single' } };
  const answers = await Promise.all(
    Array.from({ length: 1000 }, () => initiate('single', { allow_multiple: false }, { state }, 'demokey')),
  );
  const [made, ...none] = answers.filter(({ status }) => status === 201);
  assert.deepEqual([made.status, none], [201, []]);
  for (const { status, body } of answers.filter((one) => one !== made)) {
    assert.deepEqual([status, body.error.code], [400, 607]);
    assert.deepEqual(body.error.errors, [`connected_account_id: ${made.body.id}`]);
  }
  const { body } = await call(service, 'GET', '/connected_accounts?user_ids=single');
  assert.equal(body.total_items, 1);
});

test('without allow_multiple: false nobody is refused', async () => {
  const state = { val: { api_key: 'demo_many' } };
  for (const more of [{}, { allow_multiple: true }])
    for (let i = 0; i < 3; i++) assert.equal((await initiate('many', more, { state }, 'demokey')).status, 201);
  assert.equal((await initiate('many', { allow_multiple: false }, {}, 'demokey')).status, 400);
  assert.equal((await initiate('many', { allow_multiple: false })).status, 201, 'another auth config');
});

test('of two consents that were begun with allow_multiple: false, one becomes an account', async () => {
  const [one, two] = [
    (await initiate('race', { allow_multiple: false })).body,
    (await initiate('race', { allow_multiple: false })).body,
  ];
  const open = (await initiate('race')).body;
  const late = new Visitor(service);
  const { next } = await late.press(two.redirect_url);
  const callback = await late.decide(next ?? '', 'rob');
  assert.match((await new Visitor(service).connect(one.redirect_url, 'rob')).text, /Connected/);
  const page = await late.land(callback);
  assert.equal(page.answer.status, 400);
  assert.match(page.text, /has an ACTIVE account of this auth config already/);
  assert.equal((await account(two.id)).status, 'INITIATED');
  assert.match((await new Visitor(service).connect(open.redirect_url, 'rob')).text, /Connected/);
  // Once connected it is an account as any other: its reconnection is nobody's second one.
  await call(service, 'POST', `/connected_accounts/${one.id}/revoke`);
  const again = (await call(service, 'POST', `/connected_accounts/${one.id}/refresh`)).body;
  assert.match((await new Visitor(service).connect(again.redirect_url, 'rob')).text, /Connected/);
});

test('what only the callback is told is kept with the credential, and used', async () => {
  const { id, url } = await link('bookkeeper', 'books');
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const callback = await visitor.decide(next ?? '', 'bo');
  assert.match((await visitor.land(`${callback}&realmId=9130+77&other=x`)).text, /Connected/);
  const { val } = (await account(id)).state;
  assert.deepEqual([val.realm_id, 'realmId' in val, 'other' in val, 'code' in val], ['9130 77', false, false, false]);
  const execute = (/** @type {string} */ tool) =>
    call(service, 'POST', `/tools/execute/${tool}`, { connected_account_id: id, arguments: {} });
  assert.equal((await execute('BOOKS_ECHO')).body.successful, true);
  const { body } = await execute('BOOKS_COMPANY');
  assert.equal(body.successful, false); // the provider has no such place; what counts is where it was asked
  assert.equal((await call(service, 'POST', `/connected_accounts/${id}/refresh`)).body.status, 'ACTIVE');
  assert.equal((await account(id)).state.val.realm_id, '9130 77', 'a refresh keeps it');
  const twice = await link('bookkeeper', 'books');
  const other = new Visitor(service);
  const second = await other.decide((await other.press(twice.url)).next ?? '', 'bo');
  await other.land(`${second}&realmId=1&realmId=2`);
  assert.equal((await account(twice.id)).state.val.realm_id, undefined, "a doubled one is nobody's");
});

test('what a caller knows of a connection already is kept beside its credential', async () => {
  const made = await initiate(
    'known',
    {},
    { state: { authScheme: 'OAUTH2', val: { status: 'INITIALIZING', region: 'eu' } } },
  );
  assert.deepEqual([made.body.status, made.body.connectionData.val.region], ['INITIATED', 'eu']);
  await new Visitor(service).connect(made.body.redirect_url, 'kim');
  const { state } = await account(made.body.id);
  assert.deepEqual([state.val.region, state.val.status, 'redirectUrl' in state.val], ['eu', 'ACTIVE', false]);
  const masked = await initiate('known', {}, { state: { val: { subdomain: 'acme...' } } });
  assert.deepEqual([masked.status, masked.body.error.code], [400, 600]);
});
