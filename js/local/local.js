// A whole Devcaster on this machine: the service in workerd, its data on disk, and the demo provider beside it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue } from './catalogue.js';
import { demoClient, startDemoProvider } from './demo/provider.js';
import { demoSecret, keyFileOf, openFolder, remember } from './folder.js';
import { refuseWhenBusy } from './guards.js';
import { encryptionKeys, newApiKey, newSignIn } from './keys.js';
import { freePort, isFree } from './ports.js';
import { assembleSite } from './site.js';
import { startWorkerd } from './workerd.js';

/**
 * @typedef {object} LocalOptions
 * @property {string} root of the repository
 * @property {string} dataDir
 * @property {number} port
 * @property {number} [demoPort]
 * @property {string} [apiKey] the project's first key; made on the first start otherwise
 * @property {string} [encryptionKeys] made on the first start otherwise, beside the data folder
 * @property {Record<string, string>} [settings] DEVCASTER_ORIGIN, DEVCASTER_SHARDS: more of the service's own settings
 * @property {{ accessTokenSeconds?: number, refreshTokenSeconds?: number }} [demo] lifetimes
 * @property {import('../edge/toolkits.js').Definition[]} [toolkits] more toolkits of the demo's origin
 * @property {string} [catalogue] folder with toolkits of real providers
 * @property {(line: string) => void} log what workerd says
 */

/**
 * @typedef {object} Local
 * @property {string} origin
 * @property {string} signInLink
 * @property {string} demoOrigin
 * @property {{ id: string, secret: string }} demoClient
 * @property {string | undefined} newKey the API key that was made by this very start
 * @property {number} pid workerd's process
 * @property {Promise<string>} died settles when workerd ends by itself, with how
 * @property {() => Promise<void>} stopDemo the provider alone, as if it were down
 * @property {() => Promise<void>} stop
 */

/** The toolkits as the service takes them, in a file of the data folder. @param {string} dataDir @param {string} [catalogue] */
function writeToolkits(dataDir, catalogue) {
  if (!catalogue) return undefined;
  const file = join(dataDir, 'toolkits.json');
  writeFileSync(file, JSON.stringify(readCatalogue(catalogue)), { mode: 0o600 });
  return file;
}

/** @param {LocalOptions} options @param {number | undefined} kept */
async function chooseDemoPort({ port, demoPort }, kept) {
  const fixed = demoPort ?? kept;
  if (fixed !== undefined) {
    if (fixed !== port && (await isFree(fixed))) return fixed;
    throw new Error(
      `Port ${fixed}, which the demo provider of these data uses, is taken: free it, ` +
        'or choose another with DEVCASTER_DEMO_PORT (accounts of the demo must then be connected again)',
    );
  }
  return port < 65535 && (await isFree(port + 1)) ? port + 1 : freePort();
}

/** @param {LocalOptions} options @param {number} port @param {string} origin of the service */
async function startDemo({ dataDir, demo: lifetimes }, port, origin) {
  const demoDir = join(dataDir, 'demo');
  const client = demoClient(demoSecret(demoDir), [`${origin}/oauth/callback`]);
  const demo = await startDemoProvider({ ...lifetimes, port, dataDir: demoDir, clients: [client] });
  /** @type {Promise<void> | undefined} */
  let closed;
  const close = () => {
    closed ??= demo.close();
    return closed;
  };
  return { origin: demo.origin, close, client: { id: client.id, secret: client.secret } };
}

/**
 * Fails unless the service takes the key: what is printed must work. One that it took once and that was revoked since
 * is no reason not to start; the service's log says so.
 * @param {string} origin @param {string} apiKey @param {boolean} settled
 */
async function proveKey(origin, apiKey, settled) {
  const { status } = await fetch(`${origin}/api/v3/auth/session/info`, { headers: { 'x-api-key': apiKey } });
  if (status === 200) return;
  if (status === 401 && settled) return;
  if (status !== 401) throw new Error(`The service answered ${status} to its first request; its log stands above`);
  throw new Error(
    'The service does not take this API key: one of your own needs at least 128 random bits (32 hex digits)',
  );
}

/** @param {string} origin */
async function proveHealth(origin) {
  const { status } = await fetch(`${origin}/health`);
  if (status !== 200) throw new Error(`The service is not healthy: GET /health answered ${status}`);
}

/** What has to be known and right before anything is started. @param {LocalOptions} options */
async function prepare(options) {
  const { root, dataDir, port, settings } = options;
  if (!(await isFree(port))) {
    throw new Error(
      `Port ${port} is already in use: stop the program there, or take another: PORT=${port + 10} npm start`,
    );
  }
  const memory = openFolder(dataDir);
  refuseWhenBusy(dataDir);
  const keys = encryptionKeys(keyFileOf(dataDir), options.encryptionKeys, memory.settled === true);
  const demoPort = await chooseDemoPort(options, memory.demoPort);
  remember(dataDir, { ...memory, demoPort });
  const siteDir = join(root, 'build/site');
  assembleSite(root, siteDir);
  const here = `http://localhost:${port}`;
  return {
    keys,
    demoPort,
    siteDir,
    toolkits: writeToolkits(dataDir, options.catalogue),
    here,
    origin: settings?.DEVCASTER_ORIGIN ?? here,
    settled: memory.settled === true,
  };
}

/**
 * @param {LocalOptions} options
 * @param {Awaited<ReturnType<typeof prepare>>} plan
 * @param {Awaited<ReturnType<typeof startDemo>>} demo
 * @param {string | undefined} apiKey
 * @param {string} signInHash
 */
async function startService(options, { keys, siteDir, toolkits, here, origin, settled }, demo, apiKey, signInHash) {
  const { root, dataDir, port, log } = options;
  const settings = {
    DEVCASTER_ENCRYPTION_KEYS: keys,
    DEVCASTER_DEMO: JSON.stringify({
      origin: demo.origin,
      client_id: demo.client.id,
      client_secret: demo.client.secret,
      toolkits: options.toolkits,
    }),
    DEVCASTER_SIGN_IN: signInHash,
    DEVCASTER_ORIGIN: origin,
    ...options.settings,
    ...(apiKey && { DEVCASTER_API_KEY: apiKey }),
  };
  const host = new URL(demo.origin).host;
  const workerd = await startWorkerd({ root, dataDir, siteDir, toolkits, port, log, settings, demo: host });
  try {
    await proveHealth(here);
    if (apiKey) await proveKey(here, apiKey, settled);
    return workerd;
  } catch (error) {
    await workerd.stop();
    throw error;
  }
}

/** @param {LocalOptions} options @returns {Promise<Local>} */
export async function startLocal(options) {
  const plan = await prepare(options);
  const newKey = options.apiKey || plan.settled ? undefined : newApiKey();
  const signIn = newSignIn();
  const demo = await startDemo(options, plan.demoPort, plan.origin);
  let stopping = false;
  try {
    const workerd = await startService(options, plan, demo, options.apiKey ?? newKey, signIn.hash);
    if (!plan.settled) remember(options.dataDir, { demoPort: plan.demoPort, settled: true });
    const died = new Promise((/** @type {(how: string) => void} */ resolve) => {
      void workerd.exited.then(({ code, signal }) => stopping || resolve(signal ?? `exit code ${code}`));
    });
    const stop = async () => {
      stopping = true;
      await Promise.all([workerd.stop(), demo.close()]);
    };
    const signInLink = `${plan.origin}/#sign_in=${signIn.token}`;
    const { origin: demoOrigin, client: demoClient, close: stopDemo } = demo;
    return { origin: plan.origin, newKey, signInLink, demoOrigin, demoClient, pid: workerd.pid, died, stopDemo, stop };
  } catch (error) {
    await demo.close();
    throw error;
  }
}
