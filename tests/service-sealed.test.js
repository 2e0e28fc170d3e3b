// What is on the disk and in the log: after a whole account's life, none of the secrets that passed through.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { call, configsOf, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
before(async () => {
  service = await startService();
});
after(() => service?.close());

/** Every file of the service's own data, journals too; the provider beside it keeps its own. @returns {Buffer[]} */
const files = () =>
  readdirSync(join(service.dataDir, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name)));

/** @param {string} secret @returns {string[]} the forms in which it could have been written */
const forms = (secret) => [
  secret,
  Buffer.from(secret).toString('base64').slice(0, -4),
  Buffer.from(secret).toString('base64url').slice(0, -4),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
];

test('secrets are on no disk and in no log, and still there after a restart', async () => {
  const configs = await configsOf(service);
  /** @type {Map<string, string>} secret -> what it is */
  const planted = new Map([
    [service.apiKey, 'API key'],
    [service.demoClient.secret, 'client secret of the host'],
  ]);

  const typed = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.demokey },
    connection: { user_id: 'ada', state: { authScheme: 'API_KEY', val: { api_key: 'demo_planted_api_key_1' } } },
  });
  planted.set('demo_planted_api_key_1', 'typed key');
  await call(service, 'PATCH', `/connected_accounts/${typed.body.id}`, {
    connection: { state: { authScheme: 'API_KEY', val: { api_key: 'demo_planted_api_key_2' } } },
  });
  planted.set('demo_planted_api_key_2', 'second typed key');
  const custom = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'demo' },
    auth_config: {
      type: 'use_custom_auth',
      authScheme: 'OAUTH2',
      credentials: { client_id: 'own', client_secret: 'planted_client_secret' },
    },
  });
  assert.equal(custom.status, 201, JSON.stringify(custom.body));
  planted.set('planted_client_secret', 'client secret of an auth config');
  const shown = await call(service, 'GET', `/auth_configs/${custom.body.auth_config.id}`);
  assert.equal(shown.body.credentials.client_secret, 'plan...');

  const link = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.demo,
    user_id: 'ada',
  });
  planted.set(link.body.link_token, 'link token');
  const id = link.body.connected_account_id;
  const visitor = new Visitor(service);
  const { next } = await visitor.press(link.body.redirect_url);
  planted.set(new URL(next ?? '').searchParams.get('state') ?? '', 'state');
  const callback = await visitor.decide(next ?? '', 'ada');
  planted.set(new URL(callback).searchParams.get('code') ?? '', 'code');
  await visitor.land(callback);

  const signIn = await fetch(`${service.origin}/auth/session`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    body: JSON.stringify({ sign_in_token: service.signInLink.split('=').at(-1) }),
  });
  planted.set(service.signInLink.split('=').at(-1) ?? '', 'sign-in token');
  planted.set(/=([^;]+)/.exec(signIn.headers.getSetCookie()[0])?.[1] ?? '', 'session');
  const key = await call(service, 'POST', '/api_keys', { name: 'x', scopes: ['read'] });
  planted.set(key.body.key, 'second API key');

  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  const plain = async () => (await call(service, 'GET', `/connected_accounts/${id}`)).body.state.val;
  const first = await plain();
  await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  const second = await plain();
  for (const name of ['access_token', 'refresh_token']) {
    assert.notEqual(first[name], second[name], `${name} is rotated`);
    planted.set(first[name], `first ${name}`);
    planted.set(second[name], name);
  }
  planted.set(first.id_token, 'id_token');
  await call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: id, arguments: {} });

  await service.restart();
  assert.deepEqual(await plain(), second, 'the credential survives a restart');
  const last = await call(service, 'GET', `/connected_accounts/${typed.body.id}`);
  assert.equal(last.body.state.val.api_key, 'demo_planted_api_key_2');

  const stored = files();
  assert.ok(
    stored.some((file) => file.includes(id)),
    'the files are the right ones: the account stands in them',
  );
  const log = Buffer.from(service.logs());
  for (const [secret, what] of planted) {
    assert.ok(secret.length >= 16, `${what} was seen`);
    for (const form of forms(secret)) {
      for (const file of [...stored, log]) assert.ok(!file.includes(form), `${what} is on the disk or in the log`);
    }
  }
});
