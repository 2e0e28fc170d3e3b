// The client's own grant (RFC 6749 section 4.4): against what oauth4webapi sends, and at a real provider.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { loadProvider } from '../js/local/demo/runtime.js';
import { basicOf, bodyOf, grant, headersOf, now } from './support/catalogue.js';

const METHODS = /** @type {const} */ (['client_secret_basic', 'client_secret_post']);
const SECRET = 'a secret: 100% of it, with +, & and /';

/** @param {string} origin @param {string} method @param {object} [more] */
const head = (origin, method, more) => ({
  toolkit: {
    slug: 't',
    auth_schemes: [{ scheme: 'S2S_OAUTH2', token_url: `${origin}/token`, client_auth: method, scope_separator: ' ' }],
  },
  config: { id: 'ac_1', toolkit: 't', auth_scheme: 'S2S_OAUTH2' },
  credentials: { client_id: method, client_secret: SECRET, scopes: ['api:read', 'api:write'] },
  ...more,
});

/** What oauth4webapi sends for the same. @param {string} origin @param {string} method */
async function theirs(origin, method) {
  /** @type {any} */ let sent;
  await oauth.clientCredentialsGrantRequest(
    { issuer: origin, token_endpoint: `${origin}/token` },
    { client_id: method },
    method === 'client_secret_post' ? oauth.ClientSecretPost(SECRET) : oauth.ClientSecretBasic(SECRET),
    new URLSearchParams({ scope: 'api:read api:write' }),
    {
      [oauth.customFetch]: async (/** @type {string} */ url, /** @type {any} */ init) => {
        sent = { target: url, headers: [...new Headers(init.headers)], body: `${init.body}` };
        return Response.json({});
      },
    },
  );
  return sent;
}

for (const method of METHODS) {
  test(`${method}: the request is the one that oauth4webapi sends`, async () => {
    const { status, request } = grant('client_credentials', head('https://p.example', method));
    const other = await theirs('https://p.example', method);
    assert.deepEqual([status, request.method, request.target], [0, 'POST', other.target]);
    const form = (/** @type {any} */ { body }) => Object.fromEntries(new URLSearchParams(body));
    assert.deepEqual(bodyOf(request), form(other));
    assert.deepEqual(basicOf(headersOf(request).get('authorization')), basicOf(headersOf(other).get('authorization')));
    assert.equal(headersOf(request).get('accept'), 'application/json');
  });
}

/** A real provider that knows nothing of us. */
async function provider() {
  const { Provider } = await loadProvider();
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  const { warn, info } = console;
  console.warn = console.info = () => {}; // keys and storage are for this test only, and it says so at length
  const made = new Provider(origin, {
    clients: METHODS.map((method) => ({
      client_id: method,
      client_secret: SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: method,
    })),
    scopes: ['api:read', 'api:write'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
    },
    ttl: { ClientCredentials: 600 },
  });
  console.warn = warn;
  console.info = info;
  server.on('request', made.callback());
  return { origin, close: () => new Promise((resolve) => server.close(resolve)) };
}

const real = await provider();
after(() => real.close());

/** @param {any} request */
const send = (request) =>
  fetch(request.target, { method: request.method, headers: request.headers, body: request.body });

for (const method of METHODS) {
  test(`${method}: a real provider gives a token for it, and the core reads the answer`, async () => {
    const given = head(real.origin, method);
    const answer = await send(grant('client_credentials', given).request);
    const body = await answer.text();
    const { value, second } = grant('token', { ...given, http: answer.status }, body);
    assert.equal(value.outcome, 'granted', body);
    assert.deepEqual([value.expires_at, value.refreshable], [now + 600_000, true]);
    assert.deepEqual(value.scopes, { granted: ['api:read', 'api:write'], missing: [] });
    const { access_token, ...rest } = JSON.parse(second);
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 600, scope: 'api:read api:write' });
    const asked = await oauth.introspectionRequest(
      { issuer: real.origin, introspection_endpoint: `${real.origin}/token/introspection` },
      { client_id: method },
      method === 'client_secret_post' ? oauth.ClientSecretPost(SECRET) : oauth.ClientSecretBasic(SECRET),
      access_token,
      { [oauth.allowInsecureRequests]: true },
    );
    assert.equal((await asked.json()).active, true, 'the token is one');
  });

  test(`${method}: a real provider refuses the wrong secret, and that is the client's fault`, async () => {
    const given = head(real.origin, method, { credentials: { client_id: method, client_secret: 'wrong' } });
    const answer = await send(grant('client_credentials', given).request);
    const { value, second } = grant('token', { ...given, http: answer.status }, await answer.text());
    assert.deepEqual([value.outcome, value.error, second], ['broken', 'invalid_client', '']);
  });
}
