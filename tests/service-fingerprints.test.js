// Fingerprints of masked secrets: off unless the project wants them, the same for the same secret, and worth nothing to
// whoever has not the key.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newApiKey } from '../js/local/keys.js';
import { call, startService } from './support/service.js';

/** @typedef {Awaited<ReturnType<typeof startService>>} Service */

const base = mkdtempSync(join(tmpdir(), 'devcaster-prints-'));
after(() => rmSync(base, { recursive: true, force: true }));

const SHARED = 'demo_shared_by_two_accounts';
const OTHER = 'demo_of_one_account_alone';

/** @param {Service} service @param {object} change */
const configure = async (service, change) => {
  const { status, body } = await call(service, 'PATCH', '/org/project/config', change);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};

/** @param {Service} service @param {string} user @param {object} val @param {[string, string]} [what] toolkit and scheme */
const connect = async (service, user, val, [toolkit, authScheme] = ['demokey', 'API_KEY']) => {
  const [config] = (await call(service, 'GET', `/auth_configs?toolkit_slug=${toolkit}`)).body.items;
  const connection = { user_id: user, state: { authScheme, val } };
  const answer = await call(service, 'POST', '/connected_accounts', { auth_config: { id: config.id }, connection });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
};

/** The same account by get and by list. @param {{ origin: string, apiKey: string }} service @param {string} id */
const look = async (service, id) => {
  const one = (await call(service, 'GET', `/connected_accounts/${id}`)).body;
  const [listed] = (await call(service, 'GET', `/connected_accounts?connected_account_ids=${id}`)).body.items;
  assert.deepEqual(listed.fingerprints, one.fingerprints);
  assert.equal(Object.hasOwn(listed, 'fingerprints'), Object.hasOwn(one, 'fingerprints'));
  return one;
};

/** @param {Service} service @param {string} id @returns {Promise<string>} */
const printOf = async (service, id) => {
  const { fingerprints } = await look(service, id);
  assert.deepEqual(Object.keys(fingerprints ?? {}), ['api_key'], JSON.stringify(fingerprints));
  assert.match(fingerprints.api_key, /^[0-9a-f]{8}$/);
  return fingerprints.api_key;
};

test('off by default; on and off for all accounts at once; the same secret is the same wherever it is', async () => {
  const service = await startService();
  try {
    assert.equal((await call(service, 'GET', '/org/project/config')).body.fingerprints, false);
    const made = await connect(service, 'ada', { api_key: SHARED });
    const first = made.id;
    assert.ok(!Object.hasOwn(made, 'fingerprints'), 'none in the answer of create');
    assert.ok(!Object.hasOwn(await look(service, first), 'fingerprints'), 'none in get and list');
    assert.equal((await call(service, 'PATCH', '/org/project/config', { fingerprints: 'yes' })).status, 400);

    assert.equal((await configure(service, { fingerprints: true })).fingerprints, true);
    const print = await printOf(service, first);
    const second = await connect(service, 'bob', { api_key: SHARED });
    assert.deepEqual(second.fingerprints, { api_key: print }, 'made with the account itself');
    assert.equal(await printOf(service, second.id), print);
    const third = (await connect(service, 'eve', { api_key: OTHER })).id;
    assert.notEqual(await printOf(service, third), print);

    const val = {
      access_token: SHARED,
      refresh_token: 'short77',
      scope: 'openid profile email',
      authed_user: { access_token: OTHER, id: 'U01234567', scope: 'read:users' },
    };
    const nested = await look(service, (await connect(service, 'ada', val, ['demo', 'OAUTH2'])).id);
    const { fingerprints } = nested;
    const names = ['access_token', 'authed_user.access_token', 'authed_user.id'];
    assert.deepEqual(Object.keys(fingerprints), names);
    assert.equal(fingerprints.access_token, print, 'under another name and toolkit');
    assert.equal(fingerprints['authed_user.access_token'], await printOf(service, third));
    assert.equal(nested.state.val.scope, val.scope);
    assert.equal(nested.state.val.access_token, 'demo...');

    // A patched credential has a fingerprint of its own, and what shows nothing else of a secret still has it.
    await call(service, 'PATCH', `/connected_accounts/${second.id}`, {
      connection: { state: { authScheme: 'API_KEY', val: { api_key: OTHER } } },
    });
    assert.equal(await printOf(service, second.id), await printOf(service, third));
    await configure(service, { mask_style: 'full' });
    assert.equal((await look(service, first)).state.val.api_key, 'REDACTED');
    assert.equal(await printOf(service, first), print);

    // Never beside a secret that stands there plainly; but for those who see masks.
    await configure(service, { mask_secret_keys_in_connected_account: false, mask_style: 'prefix' });
    const plain = await look(service, first);
    assert.deepEqual([plain.state.val.api_key, plain.fingerprints], [SHARED, undefined]);
    const { key } = (await call(service, 'POST', '/api_keys', { name: 'r', scopes: ['read'] })).body;
    const reader = { origin: service.origin, apiKey: key };
    assert.deepEqual((await look(reader, first)).fingerprints, { api_key: print });
    assert.equal((await call(reader, 'PATCH', '/org/project/config', { fingerprints: false })).status, 403);
    await configure(service, { mask_secret_keys_in_connected_account: true });

    await configure(service, { fingerprints: false });
    assert.ok(!Object.hasOwn(await look(service, first), 'fingerprints'), 'off again');
    assert.equal((await look(service, first)).state.val.api_key, 'demo...');
    await configure(service, { fingerprints: true });
    assert.equal(await printOf(service, first), print, 'the same key as before');

    // What somebody without the key could compute.
    const message = `devcaster fingerprint v1\n${SHARED}`;
    for (const text of [SHARED, message]) {
      const guesses = [
        createHash('sha256').update(text),
        ...['', '\0', 'project'].map((k) => createHmac('sha256', k).update(text)),
      ];
      for (const guess of guesses) assert.notEqual(guess.digest('hex').slice(0, 8), print);
    }

    // An account that has no credential, or no longer shows it, has none.
    await call(service, 'POST', `/connected_accounts/${first}/revoke`);
    const waiting = (await call(service, 'GET', '/auth_configs?toolkit_slug=demo')).body.items[0].id;
    const link = { auth_config_id: waiting, user_id: 'zoe' };
    const { connected_account_id } = (await call(service, 'POST', '/connected_accounts/link', link)).body;
    assert.deepEqual((await look(service, connected_account_id)).fingerprints, {});

    const logs = service.logs();
    for (const secret of [SHARED, OTHER, print, 'v1\\n']) assert.ok(!logs.includes(secret), 'nothing in the log');
    assert.ok(logs.includes('"changed":["fingerprints"]'), 'but who switched it');
    const files = readdirSync(join(service.dataDir, 'objects'), { recursive: true, withFileTypes: true });
    for (const entry of files.filter((one) => one.isFile())) {
      const bytes = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
      for (const text of [SHARED, OTHER, `"${print}"`]) assert.ok(!bytes.includes(text), 'nothing on the disk');
    }
  } finally {
    await service.close();
  }
});

/** @param {string} id */
const masterKey = (id) => `${id}:${randomBytes(32).toString('base64')}`;

/** Data of its own, opened with one list of master keys after the other. @param {string} name */
function data(name) {
  const env = { DEVCASTER_API_KEY: newApiKey() };
  /** @param {string[]} keys @param {(own: Service) => Promise<void>} work */
  return async (keys, work) => {
    const dataDir = join(base, name, 'data');
    const own = await startService({ dataDir, env: { ...env, DEVCASTER_ENCRYPTION_KEYS: keys.join(',') } });
    try {
      await work(own);
    } finally {
      await own.close();
    }
  };
}

test('a rotation of the master keys leaves every fingerprint as it is', async () => {
  const open = data('rotated');
  const [k1, k2] = [masterKey('k1'), masterKey('k2')];
  let id = '';
  let print = '';
  await open([k1], async (own) => {
    await configure(own, { fingerprints: true });
    id = (await connect(own, 'ada', { api_key: SHARED })).id;
    print = await printOf(own, id);
  });
  await open([k2, k1], async (own) => {
    for (const end = Date.now() + 15_000; !own.logs().includes('"rotation":"done"'); await sleep(100))
      assert.ok(Date.now() < end, own.logs());
    assert.match(own.logs(), /"unreadable":0/);
  });
  await open([k2], async (own) => {
    assert.equal(await printOf(own, id), print);
    assert.equal(await printOf(own, (await connect(own, 'bob', { api_key: SHARED })).id), print);
    assert.ok(!own.logs().includes('the key was lost'));
  });
});

test('where the key is lost with its master key, there is a new one, and nothing else is lost for that', async () => {
  const open = data('lost');
  let lost = '';
  let print = '';
  await open([masterKey('k1')], async (own) => {
    await configure(own, { fingerprints: true });
    lost = (await connect(own, 'ada', { api_key: SHARED })).id;
    print = await printOf(own, lost);
  });
  await open([masterKey('k2')], async (own) => {
    const found = (await connect(own, 'bob', { api_key: SHARED })).id;
    assert.notEqual(await printOf(own, found), print);
    const { items } = (await call(own, 'GET', '/connected_accounts')).body;
    const prints = Object.fromEntries(items.map((/** @type {any} */ one) => [one.id, one.fingerprints]));
    assert.deepEqual(prints[lost], {});
    assert.match(own.logs(), /the key was lost/);
  });
});

test('an account whose view is of a lost key gets the new one', async () => {
  const open = data('outlived');
  const [k1, k2] = [masterKey('k1'), masterKey('k2')];
  let id = '';
  await open([k1], async (own) => {
    await configure(own, { fingerprints: true });
    id = (await connect(own, 'ada', { api_key: SHARED })).id;
  });
  // The account moves because it is read; the sweep, which would move the rest, has not begun yet.
  await open([k2, k1], async (own) => void (await printOf(own, id)));
  await open([k2], async (own) => {
    const print = await printOf(own, id);
    assert.equal(await printOf(own, (await connect(own, 'bob', { api_key: SHARED })).id), print);
  });
});
