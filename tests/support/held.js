// A provider that takes its time: it answers a request only when the test lets it, so that something else comes first.
import { createServer } from 'node:http';

/** @typedef {{ path: string, body: string, headers: import('node:http').IncomingHttpHeaders, answer: (status: number, body: unknown) => void }} Held */

/**
 * @param {string} origin where the real one was
 * @param {string[]} [unknown] paths that it does not know, and says so at once
 * @example
 * const provider = await holdProvider(service.demoOrigin);
 * const held = await provider.next('/token');
 * held.answer(200, { access_token: 'a', token_type: 'bearer' });
 */
export async function holdProvider(origin, unknown = []) {
  /** @type {Held[]} */
  const held = [];
  /** @type {string[]} paths of all requests so far */
  const seen = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname;
    seen.push(path);
    let body = '';
    for await (const part of request) body += part;
    const answer = (/** @type {number} */ status, /** @type {unknown} */ value) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (unknown.includes(path)) answer(404, {});
    else held.push({ path, body, headers: request.headers, answer });
  });
  const { hostname, port } = new URL(origin);
  await new Promise((resolve) => server.listen(Number(port), hostname, () => resolve(undefined)));
  return {
    seen,
    /** The next request for this path; others stay held. @param {string} path @returns {Promise<Held>} */
    async next(path) {
      for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((done) => setTimeout(done, 10))) {
        const at = held.findIndex((one) => one.path === path);
        if (at >= 0) return held.splice(at, 1)[0];
      }
      throw new Error(`nobody asked for ${path}, but for ${seen.join(' ')}`);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
