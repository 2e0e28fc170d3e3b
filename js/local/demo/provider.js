import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { loginOf } from './accounts.js';
import { openStore } from './adapter.js';
import { api } from './api.js';
import { ownHostOnly, secureHeaders } from './guard.js';
import { interactions } from './interactions.js';
import { Ledger } from './ledger.js';
import { homePage } from './pages.js';
import { loadProvider } from './runtime.js';
import { loadSecrets } from './secrets.js';
import { settings } from './settings.js';

/** @typedef {import('oidc-provider').Middleware} Middleware */

/**
 * @typedef {object} DemoOptions
 * @property {number} port 0 takes a free one
 * @property {string} [host] the address to listen on; 127.0.0.1 unless told otherwise
 * @property {string} dataDir keys, grants and tokens; made with mode 0700
 * @property {import('./settings.js').DemoClient[]} clients the applications, at least one; see `demoClient`
 * @property {number} [accessTokenSeconds] 3600 unless told otherwise
 * @property {number} [refreshTokenSeconds] 30 days unless told otherwise
 */

const SWEEP_EVERY = 60_000;

/**
 * The client under which the local service uses this provider, for the demo toolkit and for the Gmail stand-in.
 *
 * @param {string} secret at least 32 characters
 * @param {string[]} redirectUris the service's `/oauth/callback`
 * @returns {import('./settings.js').DemoClient}
 */
export function demoClient(secret, redirectUris) {
  return { id: 'devcaster-demo', secret, redirectUris, name: 'Devcaster' };
}

/** @param {string} name @param {string} type @returns {Promise<[string, { type: string, body: Buffer }]>} */
const asset = async (name, type) => [`/${name}`, { type, body: await readFile(new URL(name, import.meta.url)) }];

/**
 * `/`, `/ledger` and the two files that pages load.
 *
 * @param {string} origin
 * @param {Ledger} ledger
 * @returns {Promise<Middleware>}
 */
async function ownPages(origin, ledger) {
  const files = new Map([await asset('style.css', 'text/css'), await asset('icon.svg', 'image/svg+xml')]);
  return async (ctx, next) => {
    const file = files.get(ctx.path);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (file) {
      ctx.type = file.type;
      ctx.body = file.body;
    } else if (ctx.path === '/ledger') {
      ctx.body = ledger.read();
    } else if (ctx.path === '/') {
      ctx.set(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
      );
      ctx.type = 'html';
      ctx.body = homePage({ origin, ledger });
    } else await next();
  };
}

/**
 * Always asks for consent, also for an application that was allowed before: so every connection shows what it gets,
 * and `offline_access`, which OpenID Connect drops without a consent page, is kept.
 *
 * @type {Middleware}
 */
const alwaysConsent = (ctx, next) => {
  const { prompt } = ctx.query;
  if (ctx.path === '/auth' && ctx.method === 'GET' && (prompt === undefined || prompt === 'login')) {
    ctx.query = { ...ctx.query, prompt: prompt ? 'login consent' : 'consent' };
  }
  return next();
};

/**
 * @param {string} origin
 * @param {string} host
 * @param {DemoOptions} options
 */
async function compose(origin, host, options) {
  const { Provider, errors } = await loadProvider();
  const secrets = loadSecrets(options.dataDir);
  const store = openStore(join(options.dataDir, 'store'), () => new errors.InvalidGrant('already used'));
  const provider = new Provider(origin, settings(origin, options, secrets, store.adapter));
  const ledger = new Ledger(loginOf);
  const steps = [
    ownHostOnly(host),
    secureHeaders,
    ledger.count,
    await ownPages(origin, ledger),
    api(provider),
    interactions(provider, errors.SessionNotFound),
    alwaysConsent,
  ];
  for (const step of steps) provider.use(step);
  // Koa prints whole errors; a fault of this program is worth a line, but never with what a request carried.
  provider.silent = true;
  const report = (/** @type {unknown} */ _ctx, /** @type {Error} */ error) => {
    process.stderr.write(`Demo provider: internal error (${error?.name ?? 'unknown'})\n`);
  };
  provider.on('server_error', report);
  return { handle: provider.callback(), store };
}

/** @param {import('node:http').Server} server @param {number} port @param {string} host */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(undefined);
    });
  });
}

/**
 * Starts a real OAuth 2 and OpenID provider on this machine, for trying things and for tests.
 *
 * @param {DemoOptions} options
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>} `close` returns when everything is on disk
 * @example
 * const demo = await startDemoProvider({
 *   port: 8788, dataDir: '.devcaster/demo', clients: [demoClient(secret, ['http://localhost:8787/oauth/callback'])],
 * });
 */
export async function startDemoProvider(options) {
  const { port, host = '127.0.0.1' } = options;
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  // The address has to be known first: it is the issuer that every token and page names.
  await listen(server, port, host);
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://${host}:${address.port}`;
  try {
    const ready = compose(origin, host, options);
    server.on(
      'request',
      (req, res) =>
        void ready.then(
          ({ handle }) => handle(req, res),
          () => res.destroy(),
        ),
    );
    const { store } = await ready;
    const timer = setInterval(() => void store.sweep().catch(() => {}), SWEEP_EVERY);
    timer.unref();
    const close = async () => {
      clearInterval(timer);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      });
      await store.flush();
    };
    return { origin, close };
  } catch (error) {
    server.close();
    throw error;
  }
}
