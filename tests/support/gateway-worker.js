// A gateway as a host writes it: its own session check, and the rest by settings of the test's.
import { createHandler } from '../../js/edge/index.js';

/** @type {{ fetch: (request: Request) => Promise<Response> } | undefined} */
let gateway;

/** The session of this host: a header with what it knows of the caller. @param {Request} request */
const authorize = async (request) => {
  const session = request.headers.get('x-session');
  if (session === 'broken') throw new RangeError(`planned: ${session}`);
  return session === null ? null : JSON.parse(session);
};

export default {
  /** @param {Request} request @param {{ GATEWAY: string }} env */
  async fetch(request, env) {
    const options = JSON.parse(env.GATEWAY);
    gateway ??= createHandler({ ...(!options.public && { authorize }), ...options });
    return gateway.fetch(request);
  },
};
