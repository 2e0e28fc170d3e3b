// The SDK's surface against a server that writes down what it hears.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { load } from '#wasm';
import { openCore } from '../js/core/core.js';
import * as sdk from '../js/index.js';
import { account, apiKey, errorBody, json, listOf, stage, withEnvironment } from './support/plays.js';

const { AuthScheme, createMaskStream, Devcaster, MaskFault, mask } = sdk;

const isCode = (/** @type {string} */ code) => (/** @type {any} */ error) => error.code === code;

test('options that cannot be right are refused when the client is made', () =>
  withEnvironment({ DEVCASTER_API_KEY: undefined }, () => {
    /** @type {[any, RegExp][]} */
    const cases = [
      [{}, /DEVCASTER_API_KEY/],
      [{ apiKey: '' }, /apiKey is empty/],
      [{ apiKey: 'ak_1\nx-evil: 1' }, /apiKey/],
      [{ apiKey: 'ak_1', userToken: 'ut' }, /one of/],
      [{ apiKey: 'ak_1', credentials: 'same-origin' }, /one of/],
      [{ credentials: 'include' }, /same-origin/],
      [{ apiKey: 'ak_1', baseURL: 'backend.example' }, /absolute/],
      [{ apiKey: 'ak_1', baseURL: 'ftp://host' }, /https/],
      [{ apiKey: 'ak_1', baseURL: 'https://user:secret@host' }, /user name/],
      [{ apiKey: 'ak_1', timeout: -1 }, /timeout/],
      [{ apiKey: 'ak_1', maxRetries: '2' }, /maxRetries/],
      [{ apiKey: 'ak_1', defaultHeaders: { 'x-a': 'secret\n' + 'x' } }, /^(?!.*secret).*x-a/],
    ];
    for (const [options, message] of cases) {
      assert.throws(() => new Devcaster(options), { name: 'ValidationError', message }, JSON.stringify(options));
    }
  }));

test('the environment fills what is not given, and only that', () =>
  withEnvironment(
    { DEVCASTER_API_KEY: ' ak_env_000000000000\n', DEVCASTER_BASE_URL: 'http://127.0.0.1:1/base/' },
    async () => {
      assert.equal(new Devcaster().baseURL, 'http://127.0.0.1:1/base');
      assert.equal(new Devcaster({ baseURL: 'http://127.0.0.1:2' }).baseURL, 'http://127.0.0.1:2');
      const { origin, heard } = await stage((response) => json(response, 200, listOf([])));
      await new Devcaster({ baseURL: origin }).connectedAccounts.list();
      await new Devcaster({ baseURL: origin, apiKey: 'ak_given' }).connectedAccounts.list();
      await new Devcaster({ baseURL: origin, userToken: 'ut_1' }).connectedAccounts.list();
      assert.deepEqual(
        heard.map(({ headers }) => [headers['x-api-key'], headers.authorization]),
        [
          ['ak_env_000000000000', undefined],
          ['ak_given', undefined],
          [undefined, 'Bearer ut_1'],
        ],
      );
    },
  ));

test('neither a client nor an error ever shows the key', async () => {
  const { devcaster } = await stage((response) =>
    json(response, 401, errorBody(401, 10401, 'HTTP_Unauthorized', 'no')),
  );
  const error = await devcaster.connectedAccounts.get('ca_123456789012').catch((reason) => reason);
  const unreachable = new Devcaster({ apiKey, baseURL: 'http://127.0.0.1:9', maxRetries: 0 });
  const cause = await unreachable.connectedAccounts.list().catch((reason) => reason);
  assert.equal(cause.code, 'TS-SDK::CONNECTION_ERROR');
  for (const shown of [devcaster, devcaster.connectedAccounts, { devcaster }, error, cause]) {
    const text = inspect(shown, { depth: 20, showHidden: true, customInspect: false }) + inspect(shown) + String(shown);
    assert.equal((text + JSON.stringify(shown)).includes(apiKey.slice(3)), false);
  }
  assert.match(inspect(devcaster), /^Devcaster \{ baseURL: 'http:/);
});

test('a user token is asked for before each request', async () => {
  const { origin, heard } = await stage((response) => json(response, 200, account()));
  let count = 0;
  const devcaster = new Devcaster({ baseURL: origin, userToken: async () => `ut_${++count}` });
  await devcaster.connectedAccounts.get('ca_1');
  await devcaster.connectedAccounts.get('ca_1');
  assert.deepEqual(
    heard.map(({ headers }) => headers.authorization),
    ['Bearer ut_1', 'Bearer ut_2'],
  );
  assert.ok(heard.every(({ headers }) => !('x-api-key' in headers)));
  const broken = new Devcaster({
    baseURL: origin,
    userToken: () => {
      throw new Error('signed out');
    },
  });
  await assert.rejects(broken.connectedAccounts.get('ca_1'), { message: 'signed out' });
});

test('a user token that is refused is asked for anew, once, and the call is made again', async () => {
  const good = (/** @type {import('node:http').IncomingHttpHeaders} */ headers) =>
    headers.authorization === 'Bearer ut_2';
  const { origin, heard } = await stage((response, { headers }) =>
    good(headers)
      ? json(response, 200, account())
      : json(response, 401, errorBody(401, 10401, 'HTTP_Unauthorized', 'no')),
  );
  /** @type {(string | undefined)[]} */
  const asked = [];
  let token = 'ut_1';
  const userToken = (/** @type {string | undefined} */ refused) => {
    asked.push(refused);
    if (refused !== undefined) token = 'ut_2';
    return token;
  };
  const devcaster = new Devcaster({ baseURL: origin, userToken, maxRetries: 0 });
  await devcaster.connectedAccounts.get('ca_1');
  await devcaster.connectedAccounts.enable('ca_1');
  assert.deepEqual(asked, [undefined, 'ut_1', undefined]);
  assert.equal(heard.length, 3);

  const lost = new Devcaster({ baseURL: origin, userToken: () => 'ut_never' });
  await assert.rejects(lost.connectedAccounts.get('ca_1'), { name: 'AuthenticationError' });
  assert.equal(heard.length, 5);
  const fixed = new Devcaster({ baseURL: origin, userToken: 'ut_1' });
  await assert.rejects(fixed.connectedAccounts.get('ca_1'), { name: 'AuthenticationError' });
  assert.equal(heard.length, 6);
});

test('the small client has the accounts, and nothing else', async () => {
  const { origin } = await stage((response) => json(response, 200, listOf([account()])));
  const devcaster = new sdk.DevcasterAccounts({ apiKey, baseURL: origin });
  assert.equal((await devcaster.connectedAccounts.list()).items.length, 1);
  assert.deepEqual(Object.keys(devcaster), ['connectedAccounts']);
  assert.equal(inspect(devcaster).includes(apiKey), false);
});

test('headers of the client and of a call are sent, and never instead of the key', async () => {
  const { devcaster, heard } = await stage((response) => json(response, 200, account()), {
    defaultHeaders: { 'x-a': '1', 'x-b': '1', 'x-api-key': 'ak_other' },
  });
  await devcaster.connectedAccounts.get('ca_1', { headers: { 'x-b': '2' } });
  const { 'x-a': a, 'x-b': b, 'x-api-key': key } = heard[0].headers;
  assert.deepEqual([a, b, key], ['1', '2', apiKey]);
});

test('an injected fetch gets every request', async () => {
  /** @type {[string, RequestInit][]} */
  const calls = [];
  const devcaster = new Devcaster({
    apiKey,
    baseURL: 'https://service.example/behind/',
    fetch: async (url, init) => {
      calls.push([String(url), init ?? {}]);
      return Response.json(account());
    },
  });
  await devcaster.connectedAccounts.get('ca_1');
  assert.equal(calls[0][0], 'https://service.example/behind/api/v3/connected_accounts/ca_1');
  assert.deepEqual([calls[0][1].redirect, calls[0][1].credentials], ['manual', 'omit']);
});

test('every scheme has a builder, and every code of the core an error', async () => {
  const core = await openCore(load);
  const built = Object.values(AuthScheme).map((build) => build(/** @type {any} */ ({})).authScheme);
  assert.deepEqual(built.sort(), [...core.catalog.schemes].sort());
  for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 302]) {
    const { name, code } = core.response('connected_accounts.get', status, {}, '').value;
    const Class = /** @type {any} */ (sdk)[name];
    assert.ok(Class, name);
    assert.ok(isCode(code)(new Class('x')), `${name} ${code}`);
  }
});

test('mask and createMaskStream stand by themselves', async () => {
  assert.equal(await mask('{"access_token" : "gho_16C7e42F292c"}'), '{"access_token" : "gho_..."}');
  assert.deepEqual(await mask({ a: [{ api_key: 'sk-live-1' }] }, { style: 'full' }), { a: [{ api_key: 'REDACTED' }] });
  await assert.rejects(mask('{"a":'), MaskFault);
  const masked = new Response('{"password":"hunter22"}').body?.pipeThrough(createMaskStream());
  assert.equal(await new Response(masked).text(), '{"password":"hunt..."}');
});
