// In front of the API, for whoever is signed in to this application: by its session, or by a token that its backend has made
// with `createUserToken(USER_TOKEN_SECRET, { userId })`.
import { createHandler } from '@devcaster/core/edge';
import { sessionOf } from './session.js';

/** @type {ReturnType<typeof open> | undefined} */
let gateway;

/** @param {Record<string, string>} env */
const open = (env) =>
  createHandler({
    upstream: { baseURL: env.DEVCASTER_BASE_URL, apiKey: env.DEVCASTER_API_KEY },
    authorize: (request) => sessionOf(request, env.SESSION_SECRET),
    userTokens: { secret: env.USER_TOKEN_SECRET },
  });

export default {
  /** @param {Request} request @param {Record<string, string>} env */
  fetch(request, env) {
    gateway ??= open(env);
    return gateway.fetch(request);
  },
};
