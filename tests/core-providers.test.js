// Revocation, identity and test requests of real providers, as their catalogue describes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  basicOf,
  bodyOf,
  client,
  filled,
  grant,
  head,
  headersOf,
  ids,
  places,
  schemes,
  val,
} from './support/catalogue.js';

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
    const { status, request, value } = grant('revoke', head(entry, { val: all }));
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

  if (scheme.scheme === 'OAUTH1') continue; // signed requests: oauth1.test.js

  for (const step of ['identify', 'test']) {
    const described = step === 'test' ? toolkit.test_request : scheme.identity;
    test(`${name}: ${step}`, () => {
      const { status, request } = grant(step, head(entry, { val: all }));
      if (!described?.url) return assert.equal(status, 204);
      assert.equal(status, 0);
      const url = new URL(request.target),
        wanted = new URL(filled(described.url, { ...all }));
      assert.equal(url.origin + url.pathname, wanted.origin + wanted.pathname);
      assert.equal(request.method, described.method);
      assert.equal(
        request.headers.length,
        new Set(request.headers.map((/** @type {string[]} */ [key]) => key.toLowerCase())).size,
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
