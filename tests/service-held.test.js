// What a consent has brought and nobody has confirmed yet: it stands in no file, outlives what has to be outlived, and is
// given back to the provider when its time is over.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Devcaster } from '../js/index.js';
import { freePort } from '../js/local/ports.js';
import {
  account,
  clock,
  close,
  complete,
  configs,
  connect,
  execute,
  FAR,
  isRevoked,
  link,
  newVerifier,
  open,
  seen,
  service,
} from './support/guests.js';
import { call, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

const MINUTE = 60_000;

before(open);
after(close);

test('what nobody confirms in ten minutes is EXPIRED, and taken back at the provider', async () => {
  const { id, url, verifier } = await link('demo');
  await connect(url, 'forgotten');
  try {
    await clock(9 * MINUTE);
    assert.equal((await account(id)).status, 'INITIATED');
    await clock(11 * MINUTE);
    const over = await account(id);
    assert.deepEqual(
      [over.status, over.status_reason],
      ['EXPIRED', 'The connection was not confirmed within 10 minutes'],
    );
    assert.equal((await complete(id, verifier)).status, 400);
    await sleep(50);
    await clock(12 * MINUTE);
  } finally {
    await clock(0);
  }
  await isRevoked('forgotten');
});

test('so is what is deleted, or superseded by another link, which needs the same verifier', async () => {
  const gone = await link('demo');
  await connect(gone.url, 'gone');
  assert.equal((await call(service, 'DELETE', `/connected_accounts/${gone.id}`)).status, 200);
  await isRevoked('gone');
  assert.equal((await complete(gone.id, gone.verifier)).status, 404);

  const { id, url, verifier } = await link('demo');
  await connect(url, 'older');
  const again = await call(service, 'POST', `/connected_accounts/${id}/refresh`);
  assert.equal((await complete(id, verifier)).status, 400, 'what it belonged to is over');
  await isRevoked('older');
  await connect(again.body.redirect_url, 'newer');
  assert.equal((await account(id)).status, 'INITIATED');
  assert.equal((await complete(id, verifier)).status, 200);
  assert.equal((await seen('newer')).revocation, 0);
});

test('an auth config goes with what is held of its accounts', async () => {
  const { id: client_id, secret: client_secret } = service.demoClient;
  const config = async () => {
    const credentials = { client_id, client_secret };
    const auth_config = { type: 'use_custom_auth', authScheme: 'OAUTH2', credentials };
    const made = await call(service, 'POST', '/auth_configs', { toolkit: { slug: 'demo' }, auth_config });
    return /** @type {string} */ (made.body.auth_config.id);
  };
  const isGone = async (/** @type {string} */ id) => {
    for (const end = Date.now() + FAR; Date.now() < end; await sleep(100))
      if ((await call(service, 'GET', `/auth_configs/${id}`)).status === 404) return;
    assert.fail('the row stays');
  };
  const first = await config();
  const one = await link('demo', { auth_config_id: first });
  await connect(one.url, 'held-of-a-config');
  const gone = await call(service, 'DELETE', `/auth_configs/${first}?cascade=true`);
  assert.deepEqual([gone.status, gone.body], [200, { success: true }]);
  assert.equal((await call(service, 'GET', `/connected_accounts/${one.id}`)).status, 404);
  const late = { auth_config_id: first, user_id: 'late' };
  assert.ok([400, 404].includes((await call(service, 'POST', '/connected_accounts/link', late)).status));
  await isRevoked('held-of-a-config');
  await isGone(first);

  const second = await config();
  const two = await link('demo', { auth_config_id: second });
  await connect(two.url, 'held-by-itself');
  await call(service, 'DELETE', `/connected_accounts/${two.id}`);
  assert.equal((await call(service, 'DELETE', `/auth_configs/${second}`)).status, 200, 'it has no accounts');
  await isRevoked('held-by-itself');
  await isGone(second);
});

test('the SDK says it, and a held credential stands in no file', async () => {
  const devcaster = new Devcaster({ apiKey: service.apiKey, baseURL: service.origin });
  const { verifier, hash } = newVerifier();
  const request = await devcaster.connectedAccounts.link('sdk', configs.demokey, {
    callbackUrl: 'https://host.example/connected',
    alias: 'work',
    verifierHash: hash,
  });
  const secret = 'demo_held_where_nobody_reads_it';
  await new Visitor(service).press(request.redirectUrl ?? '', { api_key: secret });
  const files = readdirSync(join(service.dataDir, 'objects'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath ?? file.path, file.name));
    assert.equal(bytes.includes(secret) || bytes.includes(verifier), false, file.name);
  }
  const done = await devcaster.connectedAccounts.completeAuth(request.id, verifier);
  assert.deepEqual(done, { id: request.id, status: 'ACTIVE', success: true });
  assert.equal((await request.waitForConnection()).alias, 'work');
  assert.equal(service.logs().includes(secret) || service.logs().includes(verifier), false);
});

test('a crash between consent and confirmation loses nothing', async () => {
  const { id, url, verifier } = await link('demo');
  await connect(url, 'crash');
  await service.kill();
  await service.restart();
  assert.equal((await account(id)).status, 'INITIATED');
  assert.equal((await complete(id, verifier)).status, 200);
  assert.equal((await execute(id)).body.successful, true);
});

test('a rotation of the master keys takes what is held along', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-held-'));
  const newKey = (/** @type {string} */ id) => `${id}:${randomBytes(32).toString('base64')}`;
  const [older, newer] = [newKey('k1'), newKey('k2')];
  const started = { dataDir: join(folder, 'data'), port: await freePort() };
  /** @type {Awaited<ReturnType<typeof startService>> | undefined} */
  let own;
  const begin = async (/** @type {string} */ keys) => {
    await own?.close();
    own = await startService({
      ...started,
      env: { DEVCASTER_ENCRYPTION_KEYS: keys, DEVCASTER_API_KEY: service.apiKey, DEVCASTER_SHARDS: '1' },
    });
    return own;
  };
  try {
    const first = await begin(older);
    const { body } = await call(first, 'GET', '/auth_configs?toolkit_slug=demokey');
    const { verifier, hash } = newVerifier();
    const sent = { auth_config_id: body.items[0].id, user_id: 'turn', verifier_hash: hash };
    const made = (await call(first, 'POST', '/connected_accounts/link', sent)).body;
    await new Visitor(first).press(made.redirect_url, { api_key: 'demo_before_the_turn' });
    const turning = await begin(`${newer},${older}`);
    await call(turning, 'GET', '/auth_configs');
    for (const end = Date.now() + FAR; !turning.logs().includes('"rotation":"done"'); await sleep(100))
      assert.ok(Date.now() < end, turning.logs());
    assert.match(turning.logs(), /"unreadable":0/);
    const last = await begin(newer);
    const confirmed = { connected_account_id: made.connected_account_id, verifier };
    const done = await call(last, 'POST', '/connected_accounts/complete_auth', confirmed);
    assert.deepEqual([done.status, done.body.status], [200, 'ACTIVE'], JSON.stringify(done.body));
  } finally {
    await own?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
