// An application with users of its own. Its backend has the API key and makes a token for whoever is signed in; the page
// talks to the service with it, from this origin, and never sees a key or a secret.
//
//   DEVCASTER_BASE_URL=http://localhost:8787 DEVCASTER_API_KEY=ak_... AUTH_CONFIG=ac_... node server.js
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Devcaster } from '@devcaster/core';

const { PORT = '3000', AUTH_CONFIG = '' } = process.env;
const origin = `http://127.0.0.1:${PORT}`;
const devcaster = new Devcaster(); // by the environment

/** Who is signed in, by the cookie. @type {Map<string, string>} */
const sessions = new Map();

/** @param {import('node:http').IncomingMessage} request */
const userOf = ({ headers }) => sessions.get(/(?:^|; )session=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? '');

// Without a bundler the page says itself where the package's modules are.
const imports = JSON.stringify({
  imports: {
    '@devcaster/core': '/core/js/index.js',
    '#wasm': '/core/js/wasm/inline.js',
    '#mask-wasm': '/core/js/wasm/mask-inline.js',
  },
});
const hash = createHash('sha256').update(imports).digest('base64');
const policy = [
  "default-src 'none'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  `script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`,
  `connect-src 'self' ${devcaster.baseURL}`,
].join('; ');

/** @type {Record<string, (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => Promise<unknown>>} */
const routes = {
  async 'GET /'(request, response) {
    const user = userOf(request);
    const page = await readFile(new URL(user ? 'page.html' : 'sign-in.html', import.meta.url), 'utf8');
    response.setHeader('content-type', 'text/html; charset=utf-8').setHeader('content-security-policy', policy);
    response.end(page.replace('<!-- imports -->', `<script type="importmap">${imports}</script>`));
  },

  // Whatever your sign-in is; this one believes everybody.
  async 'POST /sign-in'(request, response) {
    const session = randomUUID();
    sessions.set(session, new URLSearchParams(await text(request)).get('name') || 'nobody');
    response.setHeader('set-cookie', `session=${session}; HttpOnly; SameSite=Lax; Path=/`);
    response.writeHead(303, { location: '/' }).end();
  },

  // A POST: no page elsewhere can read what it answers, and none can make it happen.
  async 'POST /devcaster-token'(request, response) {
    const userId = userOf(request);
    if (!userId || request.headers.origin !== origin) return response.writeHead(401).end();
    const { token } = await devcaster.userTokens.create({ userId, origins: [origin] });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    return response.end(JSON.stringify({ token, userId, baseURL: devcaster.baseURL, authConfig: AUTH_CONFIG }));
  },

  async 'GET /page.js'(_, response) {
    response.setHeader('content-type', 'text/javascript');
    response.end(await readFile(new URL('page.js', import.meta.url)));
  },
};

/** The package's own files. @param {string} path @param {import('node:http').ServerResponse} response */
const give = async (path, response) => {
  if (!/^\/core\/(js\/[\w/.-]+\.js)$/.test(path) || path.includes('..')) return response.writeHead(404).end();
  const entry = import.meta.resolve('@devcaster/core');
  const file = fileURLToPath(new URL(path.replace('/core/js/', ''), entry));
  response.setHeader('content-type', 'text/javascript');
  return response.end(await readFile(file));
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', origin);
  const route = routes[`${request.method} ${pathname}`] ?? (() => give(pathname, response));
  Promise.resolve(route(request, response)).catch((error) => {
    console.error(error.name);
    response.writeHead(500).end();
  });
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`ready: ${origin}`));
