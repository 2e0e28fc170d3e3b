// The core's OAuth 2 against facts about real providers, with oauth4webapi, which knows nothing of us, as a second opinion.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import {
  basicOf,
  bodyOf,
  client,
  filled,
  grant,
  head,
  headersOf,
  now,
  redirect,
  schemes,
  skip,
  val,
} from './support/catalogue.js';

const consents = schemes.filter(({ scheme }) => scheme.scheme === 'OAUTH2');

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
    const { status, request } = grant('authorize', head(entry, { state: 'st', challenge: 'ch' }));
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
    const { status, request } = grant('exchange', head(entry, { code: 'c&d', verifier: 'ver' }));
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
    const again = grant('refresh', head(entry)).request;
    assert.equal(again.target, filled(scheme.refresh_url ?? scheme.token_url, client));
    assertSame(
      entry,
      again,
      await theirs((options) => oauth.refreshTokenGrantRequest(as, client, authOf(scheme), val.refresh_token, options)),
    );
  });

  test(`${name}: what its token endpoint says of a dead grant is understood`, () => {
    for (const { status, said } of deaths(entry.toolkit)) {
      const { value, second } = grant('token', head(entry, { http: status }), JSON.stringify(said));
      assert.deepEqual([value.outcome, second], ['lost', ''], `${status} ${JSON.stringify(said)}`);
    }
  });
}

/** Every answer that the catalogue's markers describe. @param {any} toolkit @returns {{ status: number, said: any }[]} */
function deaths(toolkit) {
  const markers = (toolkit.revoked_markers ?? []).filter((/** @type {any} */ { where }) => where === 'token endpoint');
  return markers.flatMap((/** @type {any} */ { http_status, match }) => {
    let said = [{}];
    for (const [names, values] of Object.entries(match)) {
      // `reason/code` is one member or the other; a code is a number to some.
      const members = names.split('/').flatMap((name) => [values].flat().map((value) => ({ [name]: value })));
      const numbers = members
        .filter((member) => /^\d+$/.test(`${Object.values(member)}`))
        .map((member) => Object.fromEntries(Object.entries(member).map(([name, value]) => [name, Number(value)])));
      said = said.flatMap((rest) => [...members, ...numbers].map((member) => ({ ...rest, ...member })));
    }
    return [http_status].flat().flatMap((status) => said.map((each) => ({ status, said: each })));
  });
}

test('the markers that say what no standard does are among them', { skip }, () => {
  const said = (/** @type {string} */ slug) =>
    deaths(schemes.find(({ toolkit }) => toolkit.slug === slug)?.toolkit).map((each) => each.said);
  assert.deepEqual(said('hubspot'), [{ status: 'BAD_REFRESH_TOKEN' }]);
  assert.ok(said('jira').some(({ error }) => error === 'unauthorized_client'));
  assert.ok(said('x').some(({ error }) => error === 'invalid_request'));
  assert.ok(said('zoom').some(({ code }) => code === 4741) && said('zoom').some(({ reason }) => reason === '4735'));
  const all = new Map(schemes.map(({ toolkit }) => [toolkit.slug, deaths(toolkit).length]));
  assert.ok([...all.values()].filter((count) => count > 0).length >= 25);
});

test('jira: the same error with other words is the client that is broken', { skip }, () => {
  const jira = schemes.find(({ name }) => name.startsWith('jira OAUTH2'));
  const body = JSON.stringify({ error: 'unauthorized_client', error_description: 'No such app.' });
  assert.equal(grant('token', head(jira, { http: 403 }), body).value.outcome, 'broken');
});

test('slack: an account with a user token connects, calls, refreshes and is revoked', { skip }, () => {
  const found = schemes.find(({ name }) => name === 'slack OAUTH2 user');
  const scheme = { ...found.scheme, scope_parameter: 'user_scope' };
  const slack = { ...found, scheme, toolkit: { ...found.toolkit, auth_schemes: [scheme] } };
  const leave = new URL(grant('authorize', head(slack, { val: {}, state: 's' })).request.target);
  assert.equal(leave.searchParams.get('user_scope'), scheme.default_scopes.join(','));
  assert.equal(leave.searchParams.get('scope'), null);
  const answer = {
    ok: true,
    app_id: 'A1',
    authed_user: {
      id: 'U1',
      scope: 'chat:write,users:read',
      access_token: 'xoxe.xoxp-1',
      token_type: 'user',
      refresh_token: 'xoxe-1',
      expires_in: 43200,
    },
    team: { id: 'T1' },
    enterprise: null,
  };
  const token = grant('token', head(slack, { val: {}, http: 200 }), JSON.stringify(answer));
  assert.equal(token.value.outcome, 'granted');
  assert.deepEqual([token.value.expires_at, token.value.refreshable], [now + 43_200_000, true]);
  assert.deepEqual(token.value.scopes.granted, ['chat:write', 'users:read']);
  const kept = JSON.parse(token.second);
  assert.equal(kept.authed_user.access_token, 'xoxe.xoxp-1'); // where the contract has it
  for (const step of ['identify', 'test', 'revoke']) {
    const { status, request } = grant(step, head(slack, { val: kept }));
    assert.equal(status, 0, step);
    assert.equal(headersOf(request).get('authorization'), 'Bearer xoxe.xoxp-1', step);
  }
  assert.equal(bodyOf(grant('refresh', head(slack, { val: kept })).request).refresh_token, 'xoxe-1');
  // The refresh answers at the top level.
  const fresh = {
    ok: true,
    access_token: 'xoxe.xoxp-2',
    refresh_token: 'xoxe-2',
    expires_in: 43200,
    token_type: 'user',
  };
  const again = JSON.parse(grant('token', head(slack, { val: kept, http: 200 }), JSON.stringify(fresh)).second);
  assert.deepEqual([again.access_token, again.refresh_token], ['xoxe.xoxp-2', 'xoxe-2']);
  const { ok, ...tokens } = fresh;
  assert.deepEqual(again.authed_user, { ...answer.authed_user, ...tokens });
  assert.doesNotMatch(JSON.stringify(again), /xoxp-1|xoxe-1/);
});

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
    const { value, second } = grant(
      'token',
      { toolkit, config: { id: 'a', toolkit: 't', auth_scheme: 'OAUTH2' }, http },
      JSON.stringify(body),
    );
    assert.equal(value.outcome === 'granted', strict !== null);
    if (strict === null) return assert.equal(second, '');
    assert.equal(JSON.parse(second).access_token, strict.access_token);
    assert.equal(value.expires_at, strict.expires_in ? now + strict.expires_in * 1000 : 0);
  });
}
