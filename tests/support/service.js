// The real thing for tests: workerd with data of its own, and the demo provider, on free ports.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '../../js/local/keys.js';
import { startLocal } from '../../js/local/local.js';
import { freePort } from '../../js/local/ports.js';
import { root } from './build.js';

/**
 * @typedef {object} ServiceOptions
 * @property {string} [dataDir] a new one, deleted at the end, unless given
 * @property {number} [port] a free one unless given
 * @property {Record<string, string>} [env] DEVCASTER_ENCRYPTION_KEYS, DEVCASTER_ORIGIN, DEVCASTER_SHARDS
 * @property {{ accessTokenSeconds?: number, refreshTokenSeconds?: number }} [demo] lifetimes of the demo provider's tokens
 * @property {string} [catalogue] folder with toolkits of real providers
 * @property {string} [from] what is run: a copy of this repository's folders
 * @property {[any, any[]][]} [toolkits] more toolkits of the demo's origin (`{demo}` in their addresses), each with its tools
 */

/**
 * Start a service; what it prints is kept, not shown.
 * @param {ServiceOptions} [options]
 * @example
 * const service = await startService();
 * const answer = await fetch(`${service.origin}/health`);
 * await service.close();
 */
export async function startService({ dataDir, port, env = {}, demo, toolkits, catalogue, from = root } = {}) {
  const own = dataDir === undefined;
  const folder = dataDir ?? join(mkdtempSync(join(tmpdir(), 'devcaster-')), 'data');
  const { DEVCASTER_ENCRYPTION_KEYS: encryptionKeys, DEVCASTER_API_KEY: apiKey = newApiKey(), ...settings } = env;
  /** @type {string[]} */
  const lines = [];
  /** @type {import('../../js/local/local.js').LocalOptions} */
  const options = {
    root: from,
    dataDir: folder,
    port: port ?? (await freePort()),
    apiKey,
    encryptionKeys,
    settings,
    demo,
    toolkits,
    catalogue,
    log: (line) => void lines.push(line),
  };
  let local = await startLocal(options).catch((error) => {
    throw new Error(`${error.message}\n${lines.join('\n')}`, { cause: error });
  });
  return {
    apiKey,
    dataDir: folder,
    origin: local.origin,
    /** Where it listens on this machine, whatever its origin. */
    port: options.port,
    demoOrigin: local.demoOrigin,
    demoClient: local.demoClient,
    /** A new one after each restart. */
    get signInLink() {
      return local.signInLink;
    },
    /** workerd's own process. */
    get pid() {
      return local.pid;
    },
    logs: () => lines.join('\n'),
    /** The provider alone goes down. */
    stopDemo: () => local.stopDemo(),
    /** End workerd, and only it, as a crash would. @param {NodeJS.Signals} [signal] */
    async kill(signal = 'SIGKILL') {
      process.kill(local.pid, signal);
      return local.died;
    },
    /** The same data and ports again. */
    async restart() {
      await local.stop();
      local = await startLocal(options);
    },
    async close() {
      await local.stop();
      if (own) rmSync(join(folder, '..'), { recursive: true, force: true }); // the key file with it
    },
  };
}

/**
 * One API call with the service's key.
 * @param {{ origin: string, apiKey: string }} service
 * @param {string} method
 * @param {string} path below /api/v3
 * @param {unknown} [body]
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function call({ origin, apiKey }, method, path, body) {
  const response = await fetch(`${origin}/api/v3${path}`, {
    method,
    headers: { 'x-api-key': apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/**
 * The auth configs that are there from the start.
 * @param {{ origin: string, apiKey: string }} service
 * @returns {Promise<Record<string, string>>} toolkit -> id
 */
export async function configsOf(service) {
  const { body } = await call(service, 'GET', '/auth_configs');
  return Object.fromEntries(body.items.map((/** @type {any} */ { toolkit, id }) => [toolkit.slug, id]));
}
