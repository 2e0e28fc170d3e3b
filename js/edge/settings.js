/** What the bindings of the Worker say, read once. */

import { load } from '#edge-wasm';
import { openCore } from '../core/core.js';
import { Limits, LimitsError, readRates } from './limits.js';
import { readOrigin } from './origin.js';
import { openToolkits } from './toolkits.js';
import { KeysError, Vault } from './vault.js';

/**
 * @typedef {object} Fetcher
 * @property {(request: Request | string, init?: RequestInit) => Promise<Response>} fetch
 */

/**
 * @typedef {object} Namespace of Durable Objects
 * @property {(name: string) => unknown} idFromName
 * @property {(id: any) => any} get
 */

/**
 * @typedef {object} Env bindings of the Worker
 * @property {Namespace} PROJECT
 * @property {Namespace} ACCOUNTS
 * @property {Fetcher} [ASSETS] the page's files
 * @property {Fetcher} [DEMO] the way to the demo provider
 * @property {string} [DEVCASTER_DEMO] JSON: {origin, client_id, client_secret}
 * @property {string} [DEVCASTER_ENCRYPTION_KEYS]
 * @property {string} [DEVCASTER_API_KEY] the project's first key
 * @property {string} [DEVCASTER_SIGN_IN] SHA-256, hex, of a single-use sign-in token
 * @property {string} [DEVCASTER_ORIGIN] the address that people use; where it is set, no other is answered
 * @property {string} [DEVCASTER_SHARDS] how many account shards a new project gets
 * @property {string} [DEVCASTER_LIMITS] requests a minute: `keys=60000,tokens=600,addresses=300`
 * @property {string} [DEVCASTER_ADDRESS_HEADER] the header by which the proxy in front says where a request comes from
 */

/**
 * @typedef {object} Settings
 * @property {import('../core/core.js').Core} core
 * @property {Vault} vault
 * @property {import('./toolkits.js').Toolkits} toolkits
 * @property {Env} env
 * @property {URL | null} origin the address that people use, where the settings say it
 * @property {Limits} limits
 */

/** @type {Promise<import('../core/core.js').Core> | undefined} */
let core;

/** The one core of this isolate. */
export const openEngine = () => {
  core ??= openCore(load);
  return core;
};

/** @type {WeakMap<Env, Promise<Settings>>} */
const opened = new WeakMap();

/** @param {string | undefined} given @returns {import('./toolkits.js').Demo | null} */
const readDemo = (given) => {
  if (!given) return null;
  const demo = JSON.parse(given);
  return { ...demo, origin: new URL(demo.origin).origin };
};

/** @param {Env} env @returns {Promise<Settings>} */
const read = async (env) => {
  const core = await openEngine();
  return {
    core,
    vault: await Vault.open(env.DEVCASTER_ENCRYPTION_KEYS),
    toolkits: openToolkits(readDemo(env.DEVCASTER_DEMO)),
    env,
    origin: readOrigin(env.DEVCASTER_ORIGIN),
    limits: new Limits(core, readRates(env.DEVCASTER_LIMITS), env.DEVCASTER_ADDRESS_HEADER || null),
  };
};

/**
 * @param {Env} env
 * @returns {Promise<Settings>}
 * @throws {KeysError} when there is no key to seal credentials with: nothing is served then
 */
export const openSettings = (env) => {
  let settings = opened.get(env);
  if (!settings) {
    settings = read(env);
    opened.set(env, settings);
    settings.catch((error) => {
      // One line for the operator; neither of these errors quotes a setting.
      const known = error instanceof KeysError || error instanceof LimitsError;
      const reason = known ? error.message : `settings cannot be read (${error?.name})`;
      console.error(`Devcaster does not serve: ${reason}`);
    });
  }
  return settings;
};
