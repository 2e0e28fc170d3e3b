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

// What requests share is the value, never a promise: the request that began it may be cancelled, and the others would wait
// for ever. Those that come at once may each do the work; the first to be done is kept.

/** @type {import('../core/core.js').Core | undefined} */
let core;

/** The one core of this isolate. @returns {Promise<import('../core/core.js').Core>} */
export const openEngine = async () => {
  if (core) return core;
  const own = await openCore(load);
  core ??= own;
  return core;
};

/** @type {WeakMap<Env, Settings | Error>} what cannot be read is said once, not at every request */
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

/** One line for the operator; neither of the errors that are known quotes a setting. @param {Error} error */
const tell = (error) => {
  const known = error instanceof KeysError || error instanceof LimitsError;
  console.error(`Devcaster does not serve: ${known ? error.message : `settings cannot be read (${error.name})`}`);
};

/** @param {Env} env @returns {Promise<Settings | Error>} */
const readOnce = async (env) => {
  const fresh = await read(env).catch((error) => (error instanceof Error ? error : new Error('unreadable')));
  const first = opened.get(env);
  if (first) return first;
  opened.set(env, fresh);
  if (fresh instanceof Error) tell(fresh);
  return fresh;
};

/**
 * @param {Env} env
 * @returns {Promise<Settings>}
 * @throws {KeysError} when there is no key to seal credentials with: nothing is served then
 */
export const openSettings = async (env) => {
  const known = opened.get(env);
  const read = known ?? (await readOnce(env));
  if (read instanceof Error) throw read;
  return read;
};
