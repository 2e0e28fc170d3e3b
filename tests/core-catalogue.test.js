// The core against facts about real providers: the requests that it builds for each of a catalogue's toolkits and tools,
// with oauth4webapi, which knows nothing of us, as a second opinion on OAuth 2.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { openCore } from '../js/core/core.js';
import { edgeWasmPath } from './support/build.js';

// The catalogue is collected outside this repository: a folder with providers.json and tools.json.
const folder = process.env.DEVCASTER_CATALOGUE ?? '/work/shared/catalogue';
const skip = existsSync(join(folder, 'providers.json')) ? false : `no catalogue at ${folder} (set DEVCASTER_CATALOGUE)`;
/** @param {string} name @returns {any} */
const read = (name) => (skip ? { [name]: [] } : JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));

const core = await openCore(readFileSync(edgeWasmPath));
const now = 1_800_000_000_000;
const redirect = 'https://me.example/oauth/callback';
const places = {
  subdomain: 'acme',
  shop: 'acme',
  host: 'gitlab.example',
  login_host: 'login.example',
  tenant: 'common',
  api_version: '2026-07',
};
const client = { client_id: 'id 1', client_secret: 's:e/c r+t', ...places };
const ids = { cloud_id: 'cl', realm_id: '77', tenant_id: 'tn', account_sid: 'AC1', token_id: '9' };
const val = {
  access_token: 'at/1+',
  refresh_token: 'rt 1',
  instance_url: 'https://acme.salesforce.example',
  ...places,
  ...ids,
};

/** Some facts are sentences to the reader ("300 to 172800"); whoever loads the catalogue decides what they become. @param {any} value @returns {any} */
function settled(value) {
  if (Array.isArray(value)) return value.map(settled);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(
    ([, item]) => !(typeof item === 'string' && /^$|\{[^}]* [^}]*\}|^\S+ on \/rest|, | to \d|\bfor\b/.test(item)),
  );
  return Object.fromEntries(members);
}

/** @type {any[]} */
const schemes =
  read('providers').providers?.flatMap((/** @type {any} */ provider) =>
    provider.auth_schemes.map((/** @type {any} */ scheme) => {
      const own = { ...scheme };
      for (const name of [
        'required_headers',
        'extra_token_params',
        'extra_token_headers',
        'extra_authorization_params',
      ])
        own[name] = settled(own[name]);
      return {
        name: `${provider.slug} ${scheme.scheme} ${scheme.variant ?? ''}`,
        scheme: own,
        toolkit: { ...provider, auth_schemes: [own] },
      };
    }),
  ) ?? [];
const consents = schemes.filter(({ scheme }) => scheme.scheme === 'OAUTH2');

/** @param {any} entry @param {object} [more] */
const head = ({ toolkit, scheme }, more) => ({
  toolkit,
  config: { id: 'ac_1', toolkit: toolkit.slug, auth_scheme: scheme.scheme },
  credentials: client,
  val,
  redirect_uri: redirect,
  ...more,
});

/** @param {string} template @param {Record<string, string>} values */
const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** @param {any} request @returns {Headers} */
const headersOf = (request) => new Headers(request.headers);

/** @param {any} request @returns {Record<string, string>} */
function bodyOf(request) {
  const json = headersOf(request).get('content-type') === 'application/json';
  if (json) return JSON.parse(request.body);
  const pairs = [...new URLSearchParams(request.body ?? '')];
  assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, `a parameter stands twice in ${request.body}`);
  return Object.fromEntries(pairs);
}

/** What RFC 6749 section 2.3.1 makes of a header, undone. @param {string | null} header */
const basicOf = (header) =>
  header &&
  Buffer.from(header.replace('Basic ', ''), 'base64')
    .toString()
    .split(':')
    .map((part) => decodeURIComponent(part.replace(/\+/g, ' ')));

/** What oauth4webapi sends for the same. @param {(options: object) => Promise<unknown>} call */
async function theirs(call) {
  /** @type {any} */ let sent;
  const options = {
    [oauth.customFetch]: async (/** @type {string} */ url, /** @type {any} */ init) => {
      sent = { url, headers: [...new Headers(init.headers)], body: `${init.body}` };
      return Response.json({});
    },
  };
  await call(options);
  return sent;
}

/** @param {any} scheme */
const authOf = (scheme) =>
  scheme.client_auth === 'client_secret_post'
    ? oauth.ClientSecretPost(client.client_secret)
    : oauth.ClientSecretBasic(client.client_secret);

/** @param {any} entry @param {any} request @param {any} other */
function assertSame({ scheme }, request, other) {
  const { redirect_uri: again, ...extra } = scheme.extra_token_params ?? {};
  assert.deepEqual(bodyOf(request), {
    ...bodyOf({ ...other, headers: [['content-type', 'x']] }),
    ...extra,
    ...(again && { redirect_uri: again }),
  });
  assert.deepEqual(basicOf(headersOf(request).get('authorization')), basicOf(headersOf(other).get('authorization')));
  assert.equal(headersOf(request).get('accept'), scheme.extra_token_headers?.Accept ?? 'application/json');
}

for (const entry of consents) {
  const { name, scheme } = entry;
  const as = {
    issuer: 'https://p.example',
    token_endpoint: filled(scheme.token_url, client),
    revocation_endpoint: 'https://p.example/r',
  };

  test(`${name}: authorization`, () => {
    const { status, request } = core.grant('authorize', now, head(entry, { state: 'st', challenge: 'ch' }));
    assert.equal(status, 0);
    const url = new URL(request.target),
      wanted = new URL(filled(scheme.authorization_url, client));
    assert.equal(url.origin + url.pathname, wanted.origin + wanted.pathname);
    const names = [...url.searchParams.keys()];
    assert.equal(new Set(names).size, names.length, `a parameter stands twice in ${url}`);
    const pkce = scheme.pkce !== 'unsupported';
    const scope = scheme.default_scopes?.join(scheme.scope_separator ?? ' ');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      ...Object.fromEntries(wanted.searchParams),
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: redirect,
      state: 'st',
      ...(scope && { scope }),
      ...(pkce && { code_challenge: 'ch', code_challenge_method: 'S256' }),
      ...scheme.extra_authorization_params,
    });
  });

  test(`${name}: exchange and refresh are what oauth4webapi sends`, async () => {
    const pkce = scheme.pkce !== 'unsupported';
    const { status, request } = core.grant('exchange', now, head(entry, { code: 'c&d', verifier: 'ver' }));
    assert.deepEqual([status, request.method, request.target], [0, 'POST', as.token_endpoint]);
    const back = oauth.validateAuthResponse(as, client, new URLSearchParams({ code: 'c&d', state: 's' }), 's');
    assertSame(
      entry,
      request,
      await theirs((options) =>
        oauth.authorizationCodeGrantRequest(
          as,
          client,
          authOf(scheme),
          back,
          redirect,
          pkce ? 'ver' : oauth.nopkce,
          options,
        ),
      ),
    );
    const again = core.grant('refresh', now, head(entry)).request;
    assert.equal(again.target, filled(scheme.refresh_url ?? scheme.token_url, client));
    assertSame(
      entry,
      again,
      await theirs((options) => oauth.refreshTokenGrantRequest(as, client, authOf(scheme), val.refresh_token, options)),
    );
  });

  test(`${name}: what its token endpoint says of a dead grant is understood`, () => {
    for (const marker of entry.toolkit.revoked_markers ?? []) {
      if (marker.where !== 'token endpoint' || marker.match.error === undefined) continue;
      for (const error of [marker.match.error].flat()) {
        if (['unauthorized_client', 'invalid_request'].includes(error)) continue; // said for other reasons, too
        const body = JSON.stringify({ ...marker.match, error });
        assert.equal(
          core.grant('token', now, head(entry, { http: [marker.http_status].flat()[0] }), body).value.outcome,
          'lost',
          body,
        );
      }
    }
  });
}

for (const entry of schemes) {
  const { name, scheme, toolkit } = entry;
  const fields = Object.fromEntries(
    (scheme.fields ?? []).map((/** @type {any} */ field) => [
      field.name,
      /** @type {any} */ (places)[field.name] ?? `f-${field.name}`,
    ]),
  );
  // A typed-in credential holds what was typed in and nothing else.
  const all = /** @type {Record<string, string>} */ ({
    ...(scheme.scheme === 'OAUTH2' ? val : { ...places, ...ids }),
    ...fields,
  });

  test(`${name}: revocation`, () => {
    const { status, request, value } = core.grant('revoke', now, head(entry, { val: all }));
    const { url, method, auth, body, query } = scheme.revocation ?? {};
    if (!url || scheme.scheme === 'OAUTH1')
      return assert.deepEqual([status, value.outcome], [204, all.access_token || all.token ? 'unsupported' : 'none']);
    assert.equal(status, 0, name);
    const refresh = scheme.revocation.token_to_send.startsWith('refresh_token');
    const token = scheme.scheme === 'OAUTH2' ? (refresh ? val.refresh_token : val.access_token) : fields.token;
    const values = /** @type {any} */ ({ ...all, ...client, token });
    const target = new URL(request.target);
    assert.equal(request.method, method);
    assert.equal(decodeURIComponent(target.origin + target.pathname), filled(url, values));
    const expected = (/** @type {object} */ members) =>
      Object.fromEntries(Object.entries(members ?? {}).map(([key, text]) => [key, filled(text, values)]));
    assert.deepEqual(Object.fromEntries(target.searchParams), expected(query));
    assert.deepEqual(request.body ? bodyOf(request) : {}, expected(body));
    const header = headersOf(request).get('authorization');
    if (auth?.startsWith('Basic')) assert.deepEqual(basicOf(header), [client.client_id, client.client_secret]);
    else assert.equal(header, auth?.startsWith('Bearer') ? `Bearer ${token}` : null);
  });

  if (scheme.scheme === 'OAUTH1') continue; // signed requests: not run yet

  for (const step of ['identify', 'test']) {
    const described = step === 'test' ? toolkit.test_request : scheme.identity;
    test(`${name}: ${step}`, () => {
      const { status, request } = core.grant(step, now, head(entry, { val: all }));
      if (!described?.url) return assert.equal(status, 204);
      assert.equal(status, 0);
      const url = new URL(request.target),
        wanted = new URL(filled(described.url, { ...all }));
      assert.equal(url.origin + url.pathname, wanted.origin + wanted.pathname);
      assert.equal(request.method, described.method);
      assert.equal(
        request.headers.length,
        new Set(request.headers.map(([key]) => key.toLowerCase())).size,
        'a header stands twice',
      );
      for (const [key, text] of Object.entries(described.headers ?? {}))
        assert.equal(headersOf(request).get(key), text);
      for (const key of Object.keys(scheme.required_headers ?? {})) assert.ok(headersOf(request).has(key), key);
      const { api_auth: way } = scheme;
      if (way.in === 'query')
        for (const [key, text] of Object.entries(way.params))
          assert.equal(url.searchParams.get(key), filled(text, all));
      else assert.ok(headersOf(request).get(way.name), way.name);
      if (described.body)
        assert.deepEqual(
          bodyOf(request),
          Object.fromEntries(
            Object.entries(described.body).map(([key, text]) => [
              key,
              /^\{\w+\}$/.test(text) ? filled(text, { ...client, ...all }) : text,
            ]),
          ),
        );
      else assert.equal(request.body, null);
    });
  }
}

/** An argument that fits a schema, and is awkward. @param {any} schema @returns {any} */
function fitting(schema) {
  const type = [schema.type].flat()[0];
  if (schema.enum) return schema.enum[0];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 3;
  if (type === 'boolean') return true;
  if (type === 'array') return [fitting(schema.items ?? {}), fitting(schema.items ?? {})];
  if (type === 'object' && schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, of]) => [name, fitting(of)]));
  }
  if (type === 'object') return { a_b: { c: null }, d: '\u{1f600}' };
  return 'a/b ?&=%2e,é';
}

for (const tool of read('tools').tools ?? []) {
  test(`${tool.slug}: a request with every argument`, () => {
    const entry = /** @type {any} */ (schemes.find(({ toolkit }) => toolkit.slug === tool.toolkit));
    const own = { ...val, api_key: 'at/1+' };
    const given = Object.fromEntries(
      tool.parameters.map((/** @type {any} */ item) => [item.name, fitting(item.schema)]),
    );
    const body = JSON.stringify({ user_id: 'u', arguments: given });
    const found = core.tool('find', now, { tool: { ...tool, versions: ['1'] }, api: 'v3' }, body);
    assert.equal(found.status, 200, found.text);
    const { status, request } = core.tool('build', now, { ...head(entry, { val: own }), tool }, body);
    assert.deepEqual([status, request.method], [0, tool.method]);
    const url = new URL(request.target);
    const path = tool.path.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) =>
      encodeURIComponent(`${given[name]}`),
    );
    assert.equal(url.origin + url.pathname, tool.base_url + path);
    const leaves = { ...given };
    for (const item of tool.parameters) {
      if (item.in === 'body') continue;
      if (item.in === 'query')
        assert.deepEqual(url.searchParams.getAll(item.name), [given[item.name]].flat().map(String));
      delete leaves[item.name];
    }
    /** @type {any} */ const tree = {};
    for (const [name, value] of Object.entries(leaves)) {
      const parts = name.split('.'),
        last = /** @type {string} */ (parts.pop());
      parts.reduce((at, part) => (at[part] ??= {}), tree)[last] = value;
    }
    if (tool.request_format === 'query') assert.equal(request.body, null);
    else if (tool.request_format === 'graphql')
      assert.deepEqual(JSON.parse(request.body), { query: tool.graphql_query, variables: tree });
    else if (tool.request_format === 'json') assert.deepEqual(JSON.parse(request.body), tree);
    else assert.deepEqual(Object.keys(bodyOf(request)), Object.keys(leaves));
    assert.match(headersOf(request).get('authorization') ?? '', /at\/1\+$/);
    for (const item of tool.parameters.filter((/** @type {any} */ each) => each.in === 'path')) {
      const dots = JSON.stringify({ user_id: 'u', arguments: { ...given, [item.name]: '..' } });
      assert.equal(core.tool('build', now, { ...head(entry, { val: own }), tool }, dots).status, 400);
    }
  });
}

test('the catalogue is there', { skip }, () => {
  assert.ok(schemes.length >= 50 && consents.length >= 30);
});

// What a strict client accepts, the core accepts, and reads the same; what it refuses, the core does not store.
const answers = /** @type {[any, number][]} */ ([
  [{ access_token: 'a', token_type: 'bearer' }, 200],
  [{ access_token: 'a', token_type: 'Bearer', expires_in: 3599, scope: 'x y', refresh_token: 'r' }, 200],
  [{ access_token: 'a', token_type: 'bearer', expires_in: '3600' }, 200],
  [{ token_type: 'bearer' }, 200],
  [{ access_token: '', token_type: 'bearer' }, 200],
  [{ error: 'invalid_grant' }, 400],
  [{ error: 'invalid_client' }, 401],
]);
for (const [body, http] of answers) {
  test(`a token answer as a strict client reads it: ${JSON.stringify(body)}`, async () => {
    const as = { issuer: 'https://p.example' };
    /** @type {any} */ let strict = null;
    try {
      strict = await oauth.processAuthorizationCodeResponse(
        as,
        { client_id: 'i' },
        Response.json(body, { status: http }),
      );
    } catch {}
    const toolkit = { slug: 't', auth_schemes: [{ scheme: 'OAUTH2', token_url: 'https://p.example/t' }] };
    const { value, second } = core.grant(
      'token',
      now,
      { toolkit, config: { id: 'a', toolkit: 't', auth_scheme: 'OAUTH2' }, http },
      JSON.stringify(body),
    );
    assert.equal(value.outcome === 'granted', strict !== null);
    if (strict === null) return assert.equal(second, '');
    assert.equal(JSON.parse(second).access_token, strict.access_token);
    assert.equal(value.expires_at, strict.expires_in ? now + strict.expires_in * 1000 : 0);
  });
}
