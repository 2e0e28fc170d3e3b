// The rules of accounts by themselves: what `state.val` must have, which schemes are run, what a status goes back to.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openCore } from '../js/core/core.js';
import { edgeWasmPath } from './support/build.js';

const core = await openCore(readFileSync(edgeWasmPath));
const NOW = 1_800_000_000_000;
const MINUTES = 60_000;

const SERVED = ['OAUTH2', 'OAUTH1', 'API_KEY', 'BASIC', 'BEARER_TOKEN', 'NO_AUTH', 'S2S_OAUTH2'];

/** The contract's table (section 2): required members in INITIATED, ACTIVE and INACTIVE, FAILED, EXPIRED. @type {Record<string, string[][]>} */
const table = {
  OAUTH2: [['redirectUrl'], ['access_token'], [], []],
  OAUTH1: [
    ['oauth_token', 'oauth_token_secret', 'authUri', 'redirectUrl'],
    ['oauth_token', 'oauth_token_secret'],
    [],
    [],
  ],
  API_KEY: [[], [], [], []],
  BASIC: [[], ['username', 'password'], ['username', 'password'], ['username', 'password']],
  BASIC_WITH_JWT: [[], ['username', 'password'], ['username', 'password'], ['username', 'password']],
  BEARER_TOKEN: [[], ['token'], [], []],
  GOOGLE_SERVICE_ACCOUNT: [['redirectUrl'], ['credentials_json'], [], []],
  SERVICE_ACCOUNT: [[], ['application_id', 'installation_id', 'private_key'], [], []],
  S2S_OAUTH2: [[], ['access_token'], [], []],
  DCR_OAUTH: [['client_id', 'redirectUrl'], ['client_id', 'access_token'], [], []],
  NO_AUTH: [[], [], [], []],
};
const columns = { INITIATED: 0, ACTIVE: 1, INACTIVE: 1, FAILED: 2, EXPIRED: 3, REVOKED: 3 };

/** @param {string} auth_scheme @param {string} status @param {object} [more] */
const record = (auth_scheme, status, more) => ({
  id: 'ca_00aaaaaaaaaaaa',
  user_id: 'u',
  toolkit: 't',
  auth_config_id: 'ac_aaaaaaaaaaaa',
  auth_scheme,
  status,
  created_at: NOW,
  updated_at: NOW,
  ...more,
});

/** @param {object} given @param {string} [api] @returns {any} the account as clients see it */
const seen = (given, api = 'v3') =>
  core.answer('connected_accounts.get', NOW, JSON.stringify({ api, account: { val: null, config: null, ...given } }))
    .value;

/** @param {string} event @param {number} now @param {object} head @param {object} [body] */
const change = (event, now, head, body) => core.change(event, now, JSON.stringify(head), body && JSON.stringify(body));

test('whatever an account holds, its state has the members that clients need to read it, and as strings', () => {
  for (const [scheme, row] of Object.entries(table)) {
    for (const [status, column] of Object.entries(columns)) {
      for (const val of [
        null,
        {},
        { redirectUrl: 'https://me.example/connect/lk_x' },
        { password: 7, username: null },
      ]) {
        const { state } = seen({ record: record(scheme, status), val });
        assert.equal(state.val.status, status === 'REVOKED' ? 'EXPIRED' : status);
        for (const name of row[column]) assert.equal(typeof state.val[name], 'string', `${scheme} ${status} ${name}`);
        if (column === 3) assert.equal(typeof state.val.expired_at, 'string');
      }
    }
  }
});

test('an account of user and password whose link ran out shows neither the link nor a password that never was', () => {
  const val = { redirectUrl: 'https://me.example/connect/lk_x', callback_url: 'https://them.example/' };
  const waiting = record('BASIC', 'INITIALIZING', { link_until: NOW });
  const { value } = change('lapse', NOW, { record: waiting });
  const { state, data, status_reason: reason } = seen({ record: value.record, val });
  assert.equal(reason, 'Connection initiation did not complete within 10 minutes');
  const { expired_at, ...rest } = state.val;
  assert.deepEqual(rest, { status: 'EXPIRED', username: '', password: 'REDACTED' });
  assert.deepEqual(data, state.val);
  const had = { username: 'ada', password: 'pa:s...', subdomain: 'acme' };
  const dead = seen({ record: record('BASIC', 'EXPIRED'), val: had }).state.val;
  assert.deepEqual([dead.username, dead.password, 'subdomain' in dead], ['ada', 'pa:s...', false]);
});

test('who may not see links sees none under any of their names', () => {
  const val = { redirectUrl: 'https://me.example/connect/lk_x', authUri: 'https://me.example/connect/lk_x' };
  const account = { record: record('OAUTH1', 'INITIATED'), val, config: null };
  const { value } = core.answer('connected_accounts.get', NOW, JSON.stringify({ api: 'v3', links: false, account }));
  assert.deepEqual([value.state.val.redirectUrl, value.state.val.authUri], ['REDACTED', 'REDACTED']);
  assert.doesNotMatch(JSON.stringify(value), /lk_x/);
});

test('what is dead shows no credential', () => {
  const val = { access_token: 'gho_...', refresh_token: 'ghr_...', api_key: 'demo...', token: 'tok_...' };
  for (const scheme of Object.keys(table)) {
    for (const status of ['FAILED', 'EXPIRED', 'REVOKED']) {
      const text = JSON.stringify(seen({ record: record(scheme, status), val }));
      for (const secret of Object.values(val)) assert.ok(!text.includes(secret), `${scheme} ${status}`);
    }
  }
});

test('disabled and enabled again, an account is EXPIRED for the reason that it was', () => {
  const status_reason = 'The provider no longer accepts the stored grant; the user must reconnect.';
  const dead = record('OAUTH2', 'EXPIRED', { status_reason });
  const off = change('set_status', NOW, { record: dead }, { enabled: false }).value.record;
  assert.deepEqual([off.status, off.status_reason === status_reason], ['INACTIVE', false]);
  assert.deepEqual(change('set_status', NOW, { record: off }, { enabled: false }).value.record, off);
  const on = change('set_status', NOW + MINUTES, { record: off }, { enabled: true }).value.record;
  assert.deepEqual([on.status, on.status_reason, on.resume], ['EXPIRED', status_reason, undefined]);
});

test('what a connection has beside its grant goes along into the next consent', () => {
  const head = {
    record: record('OAUTH2', 'EXPIRED', { credential: true }),
    config: { id: 'ac_aaaaaaaaaaaa', toolkit: 't', auth_scheme: 'OAUTH2' },
    toolkit: { slug: 't', auth_schemes: [{ scheme: 'OAUTH2' }] },
    link: { url: 'https://me.example/connect/lk_x' },
    project: {},
    val: { access_token: 'a', refresh_token: 'r', expires_in: 1, scope: 's', subdomain: 'acme', realm_id: '7' },
  };
  const { status, second } = change('refresh', NOW, head);
  assert.equal(status, 200);
  const wanted = { redirectUrl: 'https://me.example/connect/lk_x', subdomain: 'acme', realm_id: '7' };
  assert.deepEqual(JSON.parse(second), wanted);
  const signed = change('refresh', NOW, {
    ...head,
    record: record('OAUTH1', 'EXPIRED', { credential: true }),
    config: { id: 'ac_aaaaaaaaaaaa', toolkit: 't', auth_scheme: 'OAUTH1' },
    toolkit: { slug: 't', auth_schemes: [{ scheme: 'OAUTH1' }] },
    val: { oauth_token: 't', oauth_token_secret: 's', oauth_verifier: 'v', consumer_key: 'k', subdomain: 'acme' },
  });
  const way = 'https://me.example/connect/lk_x';
  assert.deepEqual(JSON.parse(signed.second), { redirectUrl: way, authUri: way, subdomain: 'acme' });
});

for (const scheme of core.catalog.schemes) {
  test(`${scheme}: ${SERVED.includes(scheme) ? 'an account can be made' : '501 by name, by create and by link'}`, () => {
    const head = {
      id: 'ca_00aaaaaaaaaaaa',
      seed: 1,
      link: { token: 'lk_x', url: 'https://me.example/connect/lk_x', expires_at: NOW + 10 * MINUTES },
      toolkit: {
        slug: 't',
        auth_schemes: core.catalog.schemes.map((name) => ({ scheme: name, token_url: 'https://p' })),
      },
      config: { id: 'ac_aaaaaaaaaaaa', toolkit: 't', auth_scheme: scheme },
      siblings: [],
      project: {},
    };
    const created = change('create', NOW, head, {
      auth_config: { id: 'ac_aaaaaaaaaaaa' },
      connection: { user_id: 'u' },
    });
    const linked = change('link', NOW, head, { auth_config_id: 'ac_aaaaaaaaaaaa', user_id: 'u' });
    for (const reply of [created, linked]) {
      assert.equal(reply.status, SERVED.includes(scheme) ? 200 : 501, reply.text);
      if (reply.status === 501) assert.deepEqual(reply.value.errors, [`${scheme}: is not run by this service yet`]);
    }
  });
}
