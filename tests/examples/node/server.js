// A plain server of Node's: its own routes, and the gateway for whoever is signed in.
//
//   DEVCASTER_BASE_URL=http://localhost:8787 DEVCASTER_API_KEY=ak_... node server.js
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createHandler } from '@devcaster/core/edge';
import { send, toRequest } from './adapter.js';

const { PORT = '3000', DEVCASTER_BASE_URL = '', DEVCASTER_API_KEY = '' } = process.env;
const origin = `http://127.0.0.1:${PORT}`;

/** Who is signed in, by the cookie. @type {Map<string, { userId: string }>} */
const sessions = new Map();

const gateway = createHandler({
  upstream: { baseURL: DEVCASTER_BASE_URL, apiKey: DEVCASTER_API_KEY },
  authorize: ({ headers }) =>
    sessions.get(/(?:^|; )session=([\w-]+)/.exec(headers.get('cookie') ?? '')?.[1] ?? '') ?? null,
  origin,
});

/** Whatever your sign-in is; this one believes everybody. @param {Request} request */
const signIn = async (request) => {
  const session = randomUUID();
  sessions.set(session, { userId: new URLSearchParams(await request.text()).get('name') || 'nobody' });
  const cookie = `session=${session}; HttpOnly; SameSite=Lax; Path=/`;
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
};

/** @param {Request} request */
const answer = (request) => {
  const { pathname } = new URL(request.url);
  return request.method === 'POST' && pathname === '/sign-in' ? signIn(request) : gateway.fetch(request);
};

const server = createServer(async (incoming, outgoing) => {
  try {
    await send(await answer(toRequest(incoming, origin)), outgoing);
  } catch (error) {
    console.error(/** @type {Error} */ (error).name);
    // What has begun is broken off: it must not look whole.
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(500).end();
  }
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`ready: ${origin}`));
