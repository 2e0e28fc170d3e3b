// A real OAuth 2 server on loopback that can be told to be slow, wrong or dead. Refresh tokens are used once; one that
// comes again ends the grant with all its tokens, as the strictest providers do, unless it comes within the grace.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * @typedef {object} Grant what a user has given
 * @property {string} user
 * @property {string} refresh the one that works
 * @property {string | null} spent the last one that was used, and
 * @property {number} spentAt when
 * @property {Map<string, number>} access token -> its end; those that came before the last refresh are
 * @property {string[]} older and known to the client for sure
 * @property {boolean} dead
 */

/**
 * @typedef {object} Manners how it behaves from now on
 * @property {unknown} [expiresIn] what the answer says; undefined: nothing. 3600 by default
 * @property {number} [lives] seconds that an access token really lives; as long as it says, by default
 * @property {boolean} [rotates] true by default
 * @property {number} [graceMs] for which a spent refresh token is taken once more
 * @property {number} [delayMs] before a token request is looked at
 * @property {{ status: number, body?: unknown, headers?: Record<string, string> } | null} [refuses] instead of tokens
 * @property {boolean} [dropsAnswer] the connection, after the tokens were made
 * @property {boolean} [dead] every connection is closed at once
 * @property {string[] | null} [secrets] of clients that it takes; null: every one
 */

/** @typedef {'connected' | 'asked' | 'made' | 'half' | 'answered' | 'revoking' | 'resource'} Moment of a token request,
 *   or the first of a revocation or of a request to its API */

/** Secrets that it gave out or was shown: what must stand in no file and no log. */
const MOST_PLANTED = 100_000;
const PATIENCE = 15_000; // of whoever waits for others to come

export class HostileProvider {
  /** @type {Map<string, Grant>} */ #grants = new Map();
  /** @type {Map<string, string>} token -> user */ #owners = new Map();
  /** @type {import('node:http').Server | undefined} */ #server;
  /** @type {Required<Manners>} */ manners = {
    expiresIn: 3600,
    lives: 0,
    rotates: true,
    graceMs: 0,
    delayMs: 0,
    refuses: null,
    dropsAnswer: false,
    dead: false,
    secrets: null,
  };
  /** Token requests in order. @type {{ user: string, at: number, outcome: string }[]} */ asked = [];
  /** How often a refresh token was used again whose access token still worked. */ reused = 0;
  /** Requests to its API, by status. @type {Record<number, number>} */ api = {};
  /** Tokens that it was asked to revoke. @type {string[]} */ revocations = [];
  /** Every secret that there was. @type {Set<string>} */ planted = new Set();
  /** Called at each moment of a token request. @type {(moment: Moment) => unknown} */ at = () => {};
  connections = 0;
  /** Its clock. */ now = () => Date.now();

  /** @param {number} port */
  constructor(port) {
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** @param {Manners} manners */
  behave(manners) {
    Object.assign(this.manners, manners);
  }

  /**
   * Stop at a moment until `release`.
   * @param {Moment} moment
   * @returns {{ reached: (least?: number) => Promise<void>, release: () => void }} reached: so many stand there
   */
  hold(moment) {
    let count = 0;
    let release = () => {};
    const freed = new Promise((resolve) => {
      release = () => {
        this.at = () => {};
        resolve(undefined);
      };
    });
    this.at = (now) => {
      if (now !== moment) return undefined;
      count += 1;
      return freed;
    };
    const reached = async (least = 1) => {
      for (const end = Date.now() + PATIENCE; count < least; await new Promise((done) => setTimeout(done, 20)))
        if (Date.now() > end) throw new Error(`${count} of ${least} came to ${moment}`);
    };
    return { reached, release };
  }

  async open() {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    server.keepAliveTimeout = 0; // a connection that it closes in the wrong moment is another test's subject
    server.on('connection', (socket) => {
      this.connections += 1;
      if (this.manners.dead) socket.destroy();
      else this.at('connected');
    });
    this.#server = server;
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      const address = { port: Number(new URL(this.origin).port), host: '127.0.0.1', backlog: 4096 };
      server.listen(address, () => resolve(undefined));
    });
    return this;
  }

  /** The next request comes on a connection of its own. */
  async hangUp() {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async close() {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined)));
  }

  /** A user who has consented: the tokens, as a client holds them. @param {string} user */
  consent(user) {
    const grant = { user, refresh: '', spent: null, spentAt: 0, access: new Map(), older: [], dead: false };
    this.#grants.set(user, grant);
    return this.#issue(grant);
  }

  /** The user takes it back. @param {string} user */
  revoke(user) {
    const grant = this.#grants.get(user);
    if (grant) grant.dead = true;
  }

  /** @param {string} user whose access tokens end now */
  expire(user) {
    this.#grants.get(user)?.access.clear();
  }

  /** @param {string} user */
  isDead(user) {
    return this.#grants.get(user)?.dead ?? true;
  }

  /** @param {string} [user] @param {string} [outcome] how many token requests there were */
  count(user, outcome) {
    const fits = (/** @type {{ user: string, outcome: string }} */ one) =>
      (!user || one.user === user) && (!outcome || one.outcome === outcome);
    return this.asked.filter(fits).length;
  }

  /** @param {string} kind @param {string} user */
  #token(kind, user) {
    const token = `${kind}-${randomBytes(24).toString('base64url')}`;
    if (this.planted.size < MOST_PLANTED) this.planted.add(token);
    this.#owners.set(token, user);
    return token;
  }

  /** @param {Grant} grant */
  #issue(grant) {
    const { expiresIn, lives, rotates } = this.manners;
    const seconds = lives || (typeof expiresIn === 'number' && expiresIn > 0 ? expiresIn : 3600);
    const access_token = this.#token('acc', grant.user);
    grant.older = [...grant.access.keys()];
    grant.access.set(access_token, this.now() + seconds * 1000);
    const fresh = rotates || grant.refresh === '';
    if (fresh) {
      grant.spent = grant.refresh || null;
      grant.spentAt = this.now();
      grant.refresh = this.#token('ref', grant.user);
    }
    return {
      access_token,
      token_type: 'bearer',
      ...(fresh && { refresh_token: grant.refresh }),
      ...(expiresIn !== undefined && { expires_in: expiresIn }),
    };
  }

  /** @param {Grant} grant */
  #works(grant) {
    return !grant.dead && grant.older.some((token) => (grant.access.get(token) ?? 0) > this.now());
  }

  /** What a refresh token brings. @param {string} token @returns {[number, object, string]} */
  #refresh(token) {
    const { graceMs } = this.manners;
    const grant = this.#grants.get(this.#owners.get(token) ?? '');
    if (!grant || grant.dead) return [400, { error: 'invalid_grant', error_description: 'The grant is gone' }, 'dead'];
    if (token === grant.refresh) return [200, this.#issue(grant), 'granted'];
    if (token === grant.spent && this.now() - grant.spentAt <= graceMs) {
      grant.refresh = ''; // what the lost answer held is worth nothing
      return [200, this.#issue(grant), 'again'];
    }
    if (this.#works(grant)) this.reused += 1;
    grant.dead = true;
    grant.access.clear();
    return [400, { error: 'invalid_grant', error_description: `The token ${token} was used already` }, 'reused'];
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #serve(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const { pathname } = new URL(request.url ?? '/', this.origin);
    if (pathname === '/token') return this.#tokenRequest(request, new URLSearchParams(body), response);
    if (pathname === '/token/revocation') return this.#revocation(new URLSearchParams(body), response);
    return this.#resource(pathname, request, response);
  }

  /** @param {URLSearchParams} form @param {import('node:http').ServerResponse} response */
  async #revocation(form, response) {
    this.revocations.push(form.get('token') ?? '');
    await this.at('revoking');
    this.revoke(this.#owners.get(form.get('token') ?? '') ?? '');
    response.writeHead(200).end();
  }

  /**
   * @param {import('node:http').IncomingMessage} request @param {URLSearchParams} form
   * @param {import('node:http').ServerResponse} response
   */
  async #tokenRequest(request, form, response) {
    const { delayMs, refuses, secrets } = this.manners;
    const token = form.get('refresh_token') ?? '';
    const user = this.#owners.get(token) ?? '';
    await this.at('asked');
    if (request.socket.destroyed) return undefined; // nobody is there any more
    if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
    /** @param {number} status @param {unknown} value @param {string} outcome @param {Record<string, string>} [headers] */
    const answer = (status, value, outcome, headers = {}) => {
      this.asked.push({ user, at: this.now(), outcome });
      return send(response, status, value, headers);
    };
    const [, pair = ''] = (request.headers.authorization ?? '').split(' ');
    const secret = decodeURIComponent(Buffer.from(pair, 'base64').toString().split(':')[1] ?? '');
    if (secrets && !secrets.includes(secret)) return answer(401, { error: 'invalid_client' }, 'client');
    if (refuses) return answer(refuses.status, refuses.body ?? {}, 'refused', refuses.headers);
    const [status, value, outcome] = this.#refresh(token);
    this.asked.push({ user, at: this.now(), outcome });
    await this.at('made');
    if (this.manners.dropsAnswer) return void response.destroy();
    await this.#halves(response, status, JSON.stringify(value));
    await this.at('answered');
  }

  /** In two parts, so that something may happen between them. @param {import('node:http').ServerResponse} response @param {number} status @param {string} text */
  async #halves(response, status, text) {
    const half = text.length >> 1;
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, half));
    await this.at('half');
    await new Promise((resolve) => response.end(text.slice(half), () => resolve(undefined)));
  }

  /** @param {string} path @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #resource(path, request, response) {
    await this.at('resource');
    const [, token = ''] = (request.headers.authorization ?? '').split(' ');
    const grant = this.#grants.get(this.#owners.get(token) ?? '');
    const good = grant && !grant.dead && (grant.access.get(token) ?? 0) > this.now();
    const status = path !== '/api/profile' && path !== '/me' ? 404 : good ? 200 : 401;
    if (path === '/api/profile') this.api[status] = (this.api[status] ?? 0) + 1;
    send(response, status, good ? { sub: grant.user, login: grant.user } : { error: 'invalid_token' });
  }
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {unknown} value @param {Record<string, string>} [headers] */
function send(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}
