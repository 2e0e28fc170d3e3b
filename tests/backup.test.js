// A backup is a copy of the data folder and, kept elsewhere, of the key: both open everything, one alone opens nothing.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newApiKey } from '../js/local/keys.js';
import { call, startService } from './support/service.js';

const PLANTED = `demo_${randomBytes(16).toString('hex')}`;
const USE = { user_id: 'ada', version: '20251111_00', arguments: {} };

const folder = mkdtempSync(join(tmpdir(), 'devcaster-backup-'));
const env = { DEVCASTER_API_KEY: newApiKey() };
const data = join(folder, 'data');
const keyOf = (/** @type {string} */ dataDir) => `${dataDir}.key`;

/** A restored copy under another name. @param {string} name @param {boolean} withKey */
function restored(name, withKey) {
  const to = join(folder, name);
  cpSync(join(folder, 'backup'), to, { recursive: true });
  if (withKey) copyFileSync(join(folder, 'elsewhere.key'), keyOf(to));
  return to;
}

/** @param {{ dataDir: string, env?: Record<string, string> }} options @param {(service: any) => Promise<void>} run */
async function during({ dataDir, env: more }, run) {
  const service = await startService({ dataDir, env: { ...env, ...more } });
  try {
    await run(service);
  } finally {
    await service.close();
  }
}

after(() => rmSync(folder, { recursive: true, force: true }));

test('stopped, copied and started from the copy: the account is there, and its credential works', async () => {
  let id = '';
  await during({ dataDir: data }, async (service) => {
    const [config] = (await call(service, 'GET', '/auth_configs?toolkit_slug=demokey')).body.items;
    const { status, body } = await call(service, 'POST', '/connected_accounts', {
      auth_config: { id: config.id },
      connection: { user_id: 'ada', state: { authScheme: 'API_KEY', val: { api_key: PLANTED } } },
    });
    assert.equal(status, 201);
    id = body.id;
  });
  cpSync(data, join(folder, 'backup'), { recursive: true });
  copyFileSync(keyOf(data), join(folder, 'elsewhere.key'));
  rmSync(data, { recursive: true });
  rmSync(keyOf(data));
  await during({ dataDir: restored('both', true) }, async (service) => {
    const { body } = await call(service, 'GET', `/connected_accounts/${id}`);
    assert.deepEqual([body.id, body.status, body.state.val.api_key], [id, 'ACTIVE', 'demo...']);
    const use = await call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', USE);
    assert.deepEqual([use.status, use.body.successful], [200, true], JSON.stringify(use.body));
  });
});

test('without the key nothing starts, and no new key is made in its place', async () => {
  const dataDir = restored('no-key', false);
  await assert.rejects(
    during({ dataDir }, async () => {}),
    /no-key\.key is gone/,
  );
  assert.ok(!existsSync(keyOf(dataDir)));
});

test('with another key nothing opens', async () => {
  const dataDir = restored('wrong-key', false);
  const wrong = `k1:${randomBytes(32).toString('base64')}`;
  await during({ dataDir, env: { DEVCASTER_ENCRYPTION_KEYS: wrong } }, async (service) => {
    const use = await call(service, 'POST', '/tools/execute/DEMOKEY_GET_PROFILE', USE);
    assert.equal(use.status, 500, JSON.stringify(use.body));
    const list = await call(service, 'GET', '/connected_accounts');
    assert.equal(list.body.items.length, 1);
    assert.ok(!JSON.stringify([use.body, list.body]).includes(PLANTED));
    assert.ok(!JSON.stringify(list.body).includes('demo...'));
  });
});
