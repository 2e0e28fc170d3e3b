// What holds for each example with a gateway, whatever it runs in.
import assert from 'node:assert/strict';
import { call, startService } from './service.js';

/** @typedef {import('./example-apps.js').App} App */
/** @typedef {Awaited<ReturnType<typeof openAccounts>>} Accounts */

const SECRETS = { ada: 'demo_of_ada_0123456789', eve: 'demo_of_eve_0123456789' };

/** A service that masks nothing, with one account of each user. */
export async function openAccounts() {
  const service = await startService({ env: { DEVCASTER_SHARDS: '2' } });
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  const ids = { ada: '', eve: '' };
  for (const user_id of /** @type {const} */ (['ada', 'eve'])) {
    const made = await call(service, 'POST', '/connected_accounts', {
      auth_config: { id: body.items[0].id },
      connection: { user_id, state: { val: { api_key: SECRETS[user_id] } } },
    });
    ids[user_id] = made.body.id;
    const { body: plain } = await call(service, 'GET', `/connected_accounts/${ids[user_id]}`);
    assert.equal(plain.state.val.api_key, SECRETS[user_id], 'the service shows it to the gateway');
  }
  return { service, ids };
}

/**
 * Somebody who is signed in sees and changes the own accounts alone, masked; the API's key is nowhere.
 * @param {Accounts} accounts @param {App} app
 */
export async function managesOwn({ service, ids }, app) {
  let seen = '';
  /** @param {string} path @param {Record<string, string>} [headers] @param {string} [method] @param {unknown} [sent] */
  const ask = async (path, headers = {}, method = 'GET', sent = undefined) => {
    const answer = await fetch(`${app.origin}${app.gateway}${path}`, {
      method,
      headers: { ...headers, ...(sent !== undefined && { 'content-type': 'application/json' }) },
      body: sent === undefined ? undefined : JSON.stringify(sent),
    });
    const text = await answer.text();
    seen += JSON.stringify([...answer.headers]) + text;
    return { status: answer.status, body: JSON.parse(text) };
  };
  const cookie = await app.signIn('ada');

  const list = await ask('/connected_accounts', { cookie });
  assert.equal(list.status, 200, JSON.stringify(list.body));
  assert.deepEqual(
    list.body.items.map((/** @type {any} */ { id, user_id, state }) => [id, user_id, state.val.api_key]),
    [[ids.ada, 'ada', 'demo...']],
  );
  assert.equal((await ask('/connected_accounts?user_ids=eve', { cookie })).status, 403);
  assert.equal((await ask(`/connected_accounts/${ids.eve}`, { cookie })).status, 404);
  assert.equal((await ask('/connected_accounts')).status, 401);
  assert.equal((await ask('/connected_accounts', { cookie: 'session=ada' })).status, 401);
  assert.equal((await ask('/connected_accounts', { 'x-api-key': service.apiKey.slice(0, -1) })).status, 401);
  assert.equal((await ask('/auth_configs', { cookie })).status, 403);

  const status = `/connected_accounts/${ids.ada}/status`;
  const elsewhere = { cookie, origin: 'https://evil.example' };
  assert.equal((await ask(status, elsewhere, 'PATCH', { enabled: false })).status, 403);
  for (const enabled of [false, true]) {
    const changed = await ask(status, { cookie, origin: app.origin }, 'PATCH', { enabled });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    const { body } = await call(service, 'GET', `/connected_accounts/${ids.ada}`);
    assert.equal(body.status, enabled ? 'ACTIVE' : 'INACTIVE');
  }

  assert.ok(app.logs().includes('connected_accounts.list'), 'there is a line for each request');
  for (const secret of [service.apiKey, ...Object.values(SECRETS)])
    for (const text of [seen, app.logs()]) assert.ok(!text.includes(secret.slice(5)));
}
