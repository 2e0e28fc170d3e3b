// The servers of the service's measurements: two services, small and large, and the bare Durable Object.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demokey, demokeyTools } from '../../js/edge/toolkits/demokey.js';
import { root } from '../support/build.js';
import { configsOf, startService } from '../support/service.js';
import { runWorkerd } from '../support/workerd.js';
import { Client } from './service-load.js';

/** @typedef {Awaited<ReturnType<typeof startService>>} Service */

/** Accounts of each user. */
export const EACH = 5;
export const ACCOUNTS = '/api/v3/connected_accounts';
const LINES = 16;

/** A toolkit that does not say whose a key is: creating an account then asks no provider, and only our part is measured. */
const sealed = {
  ...demokey,
  slug: 'sealed',
  auth_schemes: demokey.auth_schemes.map((scheme) => ({ ...scheme, identity: null })),
};

/** Where a file is written without waiting for a disk: 100,000 accounts one by one would wait for theirs for many minutes. */
export const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** @param {string} origin */
const loopback = (origin) => origin.replace('localhost', '127.0.0.1'); // no name to look up, and no choice of addresses

/** @param {string} below which folder its data are */
export async function openService(below) {
  const folder = mkdtempSync(join(below, 'devcaster-bench-'));
  const service = await startService({
    dataDir: join(folder, 'data'),
    toolkits: [[sealed, demokeyTools]],
    env: { DEVCASTER_LIMITS: 'keys=1000000000' }, // counted as ever, and never met
  });
  const configs = await configsOf(service);
  const origin = loopback(service.origin);
  const client = new Client(origin, { lines: LINES, apiKey: service.apiKey });
  return {
    service,
    client,
    configs,
    pid: service.pid,
    async close() {
      client.close();
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof openService>>} Opened */

/** Create the nth account. @param {string} config @param {number} n @returns {import('./service-load.js').Call} */
export const creation = (config, n) => ({
  method: 'POST',
  path: ACCOUNTS,
  body: JSON.stringify({
    auth_config: { id: config },
    connection: {
      user_id: `user_${Math.floor(n / EACH)}`,
      state: { authScheme: 'API_KEY', val: { api_key: `demo_${n}_0123456789abcdef0123456789abcdef` } },
    },
  }),
});

/** @param {Opened} opened @param {number} from @param {number} count @returns {Promise<{ took: number, ids: string[] }>} took: milliseconds for one */
export async function fill({ client, configs }, from, count, toolkit = 'sealed') {
  /** @type {string[]} */
  const ids = [];
  const seen = (/** @type {{ body: string }} */ { body }) => void ids.push(JSON.parse(body).id);
  const took = await client.run(count, (n) => creation(configs[toolkit], from + n), { expected: 201, seen });
  return { took, ids };
}

/** @param {string} folder */
const bareConfig = (folder) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "bare-worker.js", esModule = embed ${JSON.stringify(join(root, 'tests/bench/bare-worker.js'))})],
      compatibilityDate = "2026-10-23",
      bindings = [(name = "ROWS", durableObjectNamespace = "Rows")],
      durableObjectNamespaces = [(className = "Rows", uniqueKey = "rows", enableSql = true)],
      durableObjectStorage = (localDisk = "objects"),
    )),
    (name = "objects", disk = (path = ${JSON.stringify(join(folder, 'objects'))}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** @param {string} below which folder its data are */
export async function openBare(below) {
  const folder = mkdtempSync(join(below, 'devcaster-bare-'));
  mkdirSync(join(folder, 'objects'));
  const server = await runWorkerd(folder, bareConfig(folder));
  const client = new Client(server.origin, { lines: LINES });
  return {
    client,
    pid: server.pid,
    async close() {
      client.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The object and the key of the nth row: as many objects as the service has shards. @param {number} n */
export const rowPath = (n) => `/${(n % LINES).toString(16).padStart(2, '0')}${n}`;

/** @param {number} n @param {string} content @returns {import('./service-load.js').Call} */
export const insertion = (n, content) => ({
  method: 'POST',
  path: rowPath(n),
  body: JSON.stringify({ id: rowPath(n).slice(1), content }),
});
