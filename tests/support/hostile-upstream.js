// The API behind a gateway, which does whatever a test wants: it answers late, half, endlessly, lies, redirects. It keeps
// every request that reached it.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse} Outgoing */
/** @typedef {{ method: string, url: string, headers: Record<string, string | string[] | undefined>, body: string }} Seen */
/** @typedef {(seen: Seen, response: Outgoing) => unknown} Behaviour */

/** @param {unknown} value @param {number} [status] @param {Record<string, string>} [headers] @returns {Behaviour} */
export const says =
  (value, status = 200, headers = {}) =>
  (_, response) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text);
  };

/** Until there is room for more, or nobody who wants it. @param {Outgoing} response @returns {Promise<void>} */
export const drained = (response) =>
  new Promise((resolve) => {
    const over = () => {
      response.off('drain', over);
      response.off('close', over);
      resolve();
    };
    response.on('drain', over);
    response.on('close', over);
    if (response.destroyed) over();
  });

/** An account with secrets in every member that has some. @param {string} id @param {string} user @param {Set<string>} planted */
export const account = (id, user, planted) => {
  const secret = (/** @type {string} */ name) => {
    const value = `SECRET-${name}-${id}-0123456789abcdef`;
    planted.add(value.slice(4));
    return value;
  };
  const val = {
    status: 'ACTIVE',
    access_token: secret('access'),
    refresh_token: secret('refresh'),
    token_type: 'Bearer',
    scope: ['read', 'write'],
    expires_in: 3600,
    unheard_of: { deep: [secret('deep'), { deeper: secret('deeper') }] },
  };
  return {
    id,
    user_id: user,
    status: 'ACTIVE',
    toolkit: { slug: 'gmail' },
    auth_config: { id: 'ac_000000000001', auth_scheme: 'OAUTH2' },
    state: { authScheme: 'OAUTH2', val },
    data: val,
    params: { api_key: secret('params') },
    alias: 'Größe 😀 "quoted" \\ ',
  };
};

export class HostileUpstream {
  /** @type {Seen[]} */ seen = [];
  /** @type {Behaviour} */ #behaviour = says({});
  #server = createServer((request, response) => this.#take(request, response));
  origin = '';

  /** @param {number} [port] */
  async open(port = 0) {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    this.origin = `http://127.0.0.1:${address.port}`;
    return this;
  }

  /** From now on. @param {Behaviour} behaviour */
  behave(behaviour) {
    this.#behaviour = behaviour;
    this.seen = [];
  }

  get last() {
    return this.seen[this.seen.length - 1];
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** @param {Incoming} request @param {Outgoing} response */
  async #take(request, response) {
    response.on('error', () => {}); // who asks may go away
    const parts = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return;
    }
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: Buffer.concat(parts).toString() };
    this.seen.push(seen);
    await this.#behaviour(seen, response);
  }
}
