// A Hono application with users of its own, and below /accounts the gateway for them.
//
//   DEVCASTER_BASE_URL=http://localhost:8787 DEVCASTER_API_KEY=ak_... SESSION_SECRET=... node app.js
import { createHandler } from '@devcaster/core/edge';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { setSignedCookie } from 'hono/cookie';
import { parseSigned } from 'hono/utils/cookie';

const { PORT = '3000', DEVCASTER_BASE_URL = '', DEVCASTER_API_KEY = '', SESSION_SECRET = '' } = process.env;
const origin = `http://127.0.0.1:${PORT}`;

/** Who is signed in, for the gateway and for the application's own routes. @param {Request} request */
const sessionOf = async ({ headers }) => {
  const { session } = await parseSigned(headers.get('cookie') ?? '', SESSION_SECRET, 'session');
  return session ? { userId: session } : null;
};

const gateway = createHandler({
  upstream: { baseURL: DEVCASTER_BASE_URL, apiKey: DEVCASTER_API_KEY },
  authorize: sessionOf,
  origin,
  path: '/accounts',
});

const app = new Hono();

app.all('/accounts/*', ({ req }) => gateway.fetch(req.raw));

app.get('/me', async (c) => c.json(await sessionOf(c.req.raw)));

// Whatever your sign-in is; this one believes everybody.
app.post('/sign-in', async (c) => {
  const { name } = await c.req.parseBody();
  await setSignedCookie(c, 'session', String(name), SESSION_SECRET, { httpOnly: true, sameSite: 'Lax', path: '/' });
  return c.redirect('/me', 303);
});

serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, () => console.log(`ready: ${origin}`));
