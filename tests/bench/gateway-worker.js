// The Workers of the gateway's measurements, all in front of the same API: what passes it through, what takes it into memory
// and passes it on, ours, ours with a user token, the JavaScript way.
import { dataHeaders } from '../../js/edge/headers.js';
import { createHandler } from '../../js/edge/index.js';
import { maskWalk } from './walk.js';

/** @typedef {{ WAY: 'through' | 'whole' | 'ours' | 'token' | 'script', UPSTREAM: string, KEY: string }} Env */

/** @param {Request} request @param {Env} env */
const ask = (request, { UPSTREAM, KEY }) => {
  const { pathname, search } = new URL(request.url);
  return fetch(UPSTREAM + pathname + search, { headers: { 'x-api-key': KEY } });
};

/** @type {{ fetch: (request: Request) => Promise<Response> } | undefined} */
let gateway;

/** @type {Record<string, (request: Request, env: Env) => Promise<Response>>} */
const ways = {
  through: ask,
  // The least that whoever looks at an answer before its first byte goes out can do.
  whole: async (request, env) => new Response(await (await ask(request, env)).arrayBuffer(), { headers: dataHeaders }),
  ours: (request, { UPSTREAM, KEY }) => {
    gateway ??= createHandler({
      upstream: { baseURL: UPSTREAM, apiKey: KEY },
      public: true,
      origin: 'https://gateway.example', // this machine's own names are good as well
      limits: { tokens: 0, addresses: 0 },
    });
    return gateway.fetch(request);
  },
  token: (request, { UPSTREAM, KEY }) => {
    gateway ??= createHandler({
      upstream: { baseURL: UPSTREAM, apiKey: KEY },
      userTokens: { secret: KEY.repeat(2) },
      limits: { tokens: 0, addresses: 0 },
    });
    return gateway.fetch(request);
  },
  script: async (request, env) => Response.json(maskWalk(await (await ask(request, env)).json())),
};

export default {
  /** @param {Request} request @param {Env} env */
  fetch: (request, env) => ways[env.WAY](request, env),
};
