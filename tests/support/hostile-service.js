// The service in workerd, with its data on disk, and the hostile provider where the demo provider would be.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '../../js/local/keys.js';
import { freePort } from '../../js/local/ports.js';
import { assembleSite } from '../../js/local/site.js';
import { startWorkerd } from '../../js/local/workerd.js';
import { root as own } from './build.js';
import { HostileProvider } from './hostile-provider.js';
import { call } from './service.js';

/**
 * @typedef {object} HostileOptions
 * @property {object} [oauth2] what the toolkit's definition says of the provider
 * @property {string} [secret] of its client
 * @property {number} [shards]
 * @property {string} [root] of what workerd runs
 */

/**
 * @param {HostileOptions} [options]
 * @example
 * const service = await startHostile({ oauth2: { rotation_grace_s: 600 } });
 * service.provider.behave({ dropsAnswer: true });
 */
export async function startHostile({
  oauth2 = {},
  secret = randomBytes(24).toString('hex'),
  shards = 4,
  root = own,
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'devcaster-hostile-'));
  const [dataDir, siteDir] = [join(folder, 'data'), join(folder, 'site')];
  mkdirSync(dataDir);
  assembleSite(root, siteDir);
  const [port, apiKey, demoPort] = [await freePort(), newApiKey(), await freePort()];
  const origin = `http://localhost:${port}`;
  const provider = await new HostileProvider(demoPort).open();
  provider.planted.add(secret).add(apiKey);
  const encryptionKey = randomBytes(32).toString('base64');
  provider.planted.add(encryptionKey);
  const settings = {
    DEVCASTER_ENCRYPTION_KEYS: `k1:${encryptionKey}`,
    DEVCASTER_API_KEY: apiKey,
    DEVCASTER_ORIGIN: origin,
    DEVCASTER_SHARDS: String(shards),
    DEVCASTER_DEMO: JSON.stringify({ origin: provider.origin, client_id: 'hostile', client_secret: secret, oauth2 }),
  };
  /** @type {string[]} */
  const lines = [];
  const demo = `127.0.0.1:${demoPort}`;
  const start = () =>
    startWorkerd({ root, dataDir, siteDir, port, demo, settings, log: (line) => void lines.push(line) });
  let workerd = await start();
  const service = { origin, apiKey };
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demo');
  const config = /** @type {string} */ (body.items[0].id);
  const ask = (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ sent = undefined) =>
    call(service, method, path, sent);
  const refresh = (/** @type {string} */ id) => ask('POST', `/connected_accounts/${id}/refresh`);

  /** An account whose tokens were brought along: nobody knows when the access token ends. @param {string} user @param {string} [own] auth config */
  const bring = async (user, own = config) => {
    const { access_token, refresh_token } = provider.consent(user);
    const state = { authScheme: 'OAUTH2', val: { access_token, refresh_token } };
    const connection = { user_id: user, state };
    const answer = await ask('POST', '/connected_accounts', { auth_config: { id: own }, connection });
    if (answer.body?.status !== 'ACTIVE') throw new Error(JSON.stringify(answer));
    return /** @type {string} */ (answer.body.id);
  };

  return {
    ...service,
    provider,
    dataDir,
    secret,
    encryptionKeys: settings.DEVCASTER_ENCRYPTION_KEYS,
    config,
    call: ask,
    refresh,
    bring,
    logs: () => lines.join('\n'),
    /** At once, in the middle of whatever it does. */
    kill: () => process.kill(workerd.pid, 'SIGKILL'),
    /** After it has died: the same data again. @param {string} [keys] DEVCASTER_ENCRYPTION_KEYS from now on */
    async restart(keys = settings.DEVCASTER_ENCRYPTION_KEYS) {
      settings.DEVCASTER_ENCRYPTION_KEYS = keys;
      await workerd.exited;
      workerd = await start();
    },
    async close() {
      await workerd.stop();
      await provider.close();
      rmSync(folder, { recursive: true, force: true });
    },
    /** An account that was refreshed once: the end of its token is known. @param {string} user @param {string} [own] auth config */
    async connect(user, own) {
      const id = await bring(user, own);
      const answer = await refresh(id);
      if (answer.status !== 200 || answer.body.redirect_url !== null) throw new Error(JSON.stringify(answer.body));
      return id;
    },
    /** @param {string} id */
    account: async (id) => (await ask('GET', `/connected_accounts/${id}`)).body,
    /** @param {string} id @param {object} [more] */
    execute: (id, more = {}) =>
      ask('POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: id, arguments: {}, ...more }),
  };
}
