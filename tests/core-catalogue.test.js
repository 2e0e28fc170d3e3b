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
    for (const marker of entry.toolkit.revoked_markers ?? []) {
      if (marker.where !== 'token endpoint' || marker.match.error === undefined) continue;
      for (const error of [marker.match.error].flat()) {
        if (['unauthorized_client', 'invalid_request'].includes(error)) continue; // said for other reasons, too
        const body = JSON.stringify({ ...marker.match, error });
        assert.equal(
          grant('token', head(entry, { http: [marker.http_status].flat()[0] }), body).value.outcome,
          'lost',
          body,
        );
      }
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
