// Toolkits of real providers that a deployment brings along: read from a folder, checked, served beside the demo's.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readCatalogue } from '../js/local/catalogue.js';
import { call, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

const folder = mkdtempSync(join(tmpdir(), 'devcaster-catalogue-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const gmail = {
  slug: 'gmail',
  name: 'Gmail',
  categories: ['email'],
  api_base_url: 'https://gmail.example',
  auth_schemes: [
    {
      scheme: 'OAUTH2',
      authorization_url: 'https://accounts.example/auth',
      token_url: 'https://accounts.example/token',
      default_scopes: ['mail.read'],
      pkce: 'S256',
      client_auth: 'client_secret_post',
      extra_authorization_params: { prompt: 'consent', expires: '300 to 172800' },
      required_headers: { 'User-Agent': '{any non-empty product name}', Accept: 'application/json' },
      revocation: { url: 'https://accounts.example/revoke', effect: 'ends the whole grant of this user' },
      api_auth: { in: 'header', name: 'Authorization', template: 'Bearer {access_token}' },
      fields: [],
    },
  ],
};
const crm = {
  slug: 'crm',
  name: 'A CRM',
  categories: ['crm'],
  api_base_url: 'https://crm.example',
  auth_schemes: [
    {
      scheme: 'API_KEY',
      api_auth: { in: 'header', name: 'x-key', template: '{api_key}' },
      fields: [{ name: 'api_key', label: 'API key', secret: true, required: true }],
    },
  ],
};
const tool = {
  slug: 'CRM_GET_CONTACT',
  toolkit: 'crm',
  name: 'Get contact',
  method: 'GET',
  base_url: 'https://crm.example',
  path: '/contacts/{id}',
  request_format: 'query',
  parameters: [{ name: 'id', in: 'path', schema: { type: 'string' }, required: true }],
  scopes_any_of: [],
  hints: { read_only: true },
};

/** @param {any[]} providers @param {any[]} tools */
const collected = (providers, tools = []) => {
  writeFileSync(join(folder, 'providers.json'), JSON.stringify({ meta: { generated: '2026-11-22' }, providers }));
  writeFileSync(join(folder, 'tools.json'), JSON.stringify({ tools }));
  return folder;
};

test('a definition says what is sent; sentences to the reader are left out', () => {
  const [[toolkit, tools], [, tools2]] = readCatalogue(collected([gmail, crm], [tool]));
  const [scheme] = /** @type {any[]} */ (toolkit.auth_schemes);
  assert.deepEqual(scheme.extra_authorization_params, { prompt: 'consent' });
  assert.deepEqual(scheme.required_headers, { 'User-Agent': 'Devcaster', Accept: 'application/json' });
  assert.equal(scheme.revocation.ends, 'user');
  assert.equal(toolkit.version, '20261122_00');
  assert.deepEqual([tools, tools2.map(({ versions }) => versions)], [[], [['20261122_00']]]);
});

test('what cannot be served is refused by name', () => {
  const open = { ...crm, auth_schemes: [{ ...crm.auth_schemes[0], token_url: 'http://crm.example/token' }] };
  for (const [providers, tools, message] of [
    [[crm, crm], [], /crm is there twice/],
    [[open], [], /crm: an address begins with http:/],
    [[{ ...crm, slug: 'C R M' }], [], /C R M: slug/],
    [[{ ...crm, auth_schemes: [] }], [], /crm: auth_schemes is empty/],
    [[gmail], [tool], /CRM_GET_CONTACT: there is no toolkit crm/],
  ]) {
    assert.throws(() => readCatalogue(collected(/** @type {any} */ (providers), /** @type {any} */ (tools))), message);
  }
  assert.throws(() => readCatalogue(join(folder, 'nosuch')), /no providers.json/);
});

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
before(async () => {
  service = await startService({ catalogue: collected([gmail, crm], [tool]) });
});
after(() => service?.close());

test('they are listed beside the demo’s, and take the place of one with the same slug', async () => {
  const { body } = await call(service, 'GET', '/toolkits?sort_by=alphabetically');
  const names = body.items.map((/** @type {any} */ { slug, name }) => `${slug}: ${name}`);
  assert.deepEqual(names, ['crm: A CRM', 'demo: Demo', 'demokey: Demo key', 'gmail: Gmail']);
  const managed = await call(service, 'GET', '/toolkits?managed_by=devcaster');
  assert.deepEqual(managed.body.items.map((/** @type {any} */ { slug }) => slug).sort(), ['demo', 'demokey']);
  const found = await call(service, 'GET', '/tools?toolkit_slug=crm&tags=readOnlyHint');
  assert.equal(found.body.items[0].slug, 'CRM_GET_CONTACT');
  assert.equal((await call(service, 'GET', '/tools?toolkit_slug=crm&tags=destructiveHint')).body.total_items, 0);
});

test('tools can be asked for by auth config', async () => {
  const made = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'crm' },
    auth_config: { type: 'use_custom_auth', authScheme: 'API_KEY', credentials: {} },
  });
  const { id } = made.body.auth_config;
  const tools = await call(service, 'GET', `/tools?auth_config_ids=${id}`);
  assert.deepEqual(
    tools.body.items.map((/** @type {any} */ { slug }) => slug),
    ['CRM_GET_CONTACT'],
  );
  assert.equal((await call(service, 'GET', '/tools?auth_config_ids=ac_nosuch123456')).body.total_items, 0);
});

test('with an auth config of one’s own, a link leads to the real provider with PKCE and that client', async () => {
  const refused = await call(service, 'POST', '/auth_configs', { toolkit: { slug: 'gmail' } });
  assert.equal(refused.body.error.slug, 'Auth_Config_DefaultAuthConfigNotFound');
  const made = await call(service, 'POST', '/auth_configs', {
    toolkit: { slug: 'gmail' },
    auth_config: {
      type: 'use_custom_auth',
      authScheme: 'OAUTH2',
      credentials: { client_id: 'mine', client_secret: 'quiet-secret' },
    },
  });
  const link = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: made.body.auth_config.id,
    user_id: 'maria',
  });
  const { next = '' } = await new Visitor(service).press(link.body.redirect_url);
  const url = new URL(next);
  assert.equal(url.origin + url.pathname, 'https://accounts.example/auth');
  const sent = Object.fromEntries(url.searchParams);
  assert.deepEqual(
    [sent.client_id, sent.scope, sent.prompt, sent.code_challenge_method, sent.redirect_uri],
    ['mine', 'mail.read', 'consent', 'S256', `${service.origin}/oauth/callback`],
  );
  assert.ok(!next.includes('quiet-secret'));
});
