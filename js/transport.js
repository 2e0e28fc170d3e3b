// One call from arguments to model: the core builds the request and reads the answer, this file does what lies
// between: sends it, waits, repeats, gives up.
import { readBytes } from './body.js';
import { openBase } from './core/base.js';
import {
  AuthenticationError,
  ConnectionError,
  DevcasterError,
  TimeoutError,
  toError,
  ValidationError,
} from './errors.js';
import { readHeaders, readNumber, readOptions, readSecret } from './options.js';
import { sleep, within } from './wait.js';

/** @typedef {import('./core/base.js').CoreBase} Core */
/** @typedef {import('./core/reply.js').CoreRequest} CoreRequest */
/** @typedef {import('./options.js').ClientOptions} ClientOptions */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {{ error: Error, again: boolean, hint: number }} Failure  `hint`: milliseconds the server asks for */

// Workers know no such member of a request and refuse it; everywhere else it decides about cookies. Asked for at the
// first request: naming `Request` is what makes Node load its whole fetch, so importing this file must not.
const knowsCredentials = () => typeof Request === 'function' && 'credentials' in Request.prototype;

export class Transport {
  #settings;
  /** @type {import('./core/base.js').CoreSource} */ #source;
  /** @type {Promise<Core> | undefined} */ #core;

  /** @param {ClientOptions} options */
  constructor(options) {
    if (!options.wasm) throw new ValidationError('wasm is missing: give the module of the core');
    this.#settings = readOptions(options);
    this.#source = options.wasm;
  }

  get baseURL() {
    return this.#settings.base.href.replace(/\/$/, '');
  }

  get toolkitVersions() {
    return this.#settings.toolkitVersions;
  }

  /**
   * The core, opened at the first call: making a client costs nothing and never fails for the module.
   * @returns {Promise<Core>}
   */
  core() {
    this.#core ??= openBase(this.#source).catch((cause) => {
      this.#core = undefined; // the next call may have more luck with a module that is fetched
      throw new ConnectionError('The core could not be loaded', { cause });
    });
    return this.#core;
  }

  /**
   * @param {string} operation  the core's name of it
   * @param {object} args  what the core takes for it
   * @param {CallOptions} [options]
   * @returns {Promise<any>} the model
   * @throws {DevcasterError}
   */
  async call(operation, args, options = {}) {
    const { signal } = options;
    if (signal?.aborted) throw signal.reason;
    const timeout = readNumber('timeout', options.timeout, this.#settings.timeout);
    const maxRetries = readNumber('maxRetries', options.maxRetries, this.#settings.maxRetries);
    const extra = readHeaders(options.headers, this.#settings.headers);
    const core = await this.core();
    const { request } = built(core.request(operation, args));
    const url = this.#url(request.target);
    const repeatable = core.catalog.operations.some(({ name, idempotent }) => name === operation && idempotent);

    const late = () => new TimeoutError(`No answer within ${timeout} ms`);
    /** @type {string | undefined} a user token that the service did not take */
    let refused;
    for (let attempt = 1; ; attempt++) {
      const token = this.#hasToken ? await within({ timeout, signal, late }, () => this.#token(refused)) : undefined;
      const headers = this.#headers(request, extra, token);
      const outcome = await within({ timeout, signal, late }, (ending) =>
        this.#attempt(core, operation, request, url, headers, ending),
      ).catch((error) => failed(error, url.origin, signal));
      if (!('error' in outcome)) return outcome.model;
      if (outcome.error instanceof AuthenticationError && this.#mayRenew && refused === undefined) {
        refused = token; // it was refused at the door, so nothing was done: any call may come again with a new one
        continue;
      }
      if (!repeatable || !outcome.again || attempt > maxRetries) throw outcome.error;
      const pause = core.delay(attempt, outcome.hint, Math.random() * 2 ** 32);
      // The server asks for more than anybody waits for: to come earlier would be refused again.
      if (pause < outcome.hint) throw outcome.error;
      await sleep(pause, signal);
    }
  }

  /**
   * @param {Core} core @param {string} operation @param {CoreRequest} request @param {URL} url @param {Headers} headers
   * @param {AbortSignal} signal
   * @returns {Promise<{ model: any } | Failure>}
   */
  async #attempt(core, operation, request, url, headers, signal) {
    const { fetch, auth } = this.#settings;
    const response = await fetch(url.href, {
      method: request.method,
      headers,
      body: request.body,
      redirect: 'manual', // a redirect would take the key to a host that nobody named
      signal,
      ...(knowsCredentials() && { credentials: auth.kind === 'page' ? 'same-origin' : 'omit' }),
    });
    // Pages are told of a redirect by its type, all others by where it leads.
    if (response.type === 'opaqueredirect' || (!response.ok && response.headers.has('location'))) {
      await response.body?.cancel();
      const error = new ConnectionError('The server answered with a redirect; it was not followed. Check baseURL.');
      return { error, again: false, hint: 0 };
    }
    const body = await readBytes(response);
    const reply = core.response(operation, response.status, about(response), body);
    if (reply.ok) return { model: reply.value };
    const { retryable = false, retryAfterMs = 0 } = reply.value;
    return { error: toError(reply.value), again: retryable, hint: retryAfterMs };
  }

  get #hasToken() {
    return this.#settings.auth.kind === 'token';
  }

  /** Is the token somebody's to ask for again? */
  get #mayRenew() {
    const { auth } = this.#settings;
    return auth.kind === 'token' && auth.renews;
  }

  /** @param {string} [refused] the token before, if the service did not take it @returns {Promise<string | undefined>} */
  async #token(refused) {
    const { auth } = this.#settings;
    return auth.kind === 'token' ? readSecret('userToken', await auth.token(refused)) : undefined;
  }

  /** @param {CoreRequest} request @param {Headers} extra @param {string} [token] */
  #headers(request, extra, token) {
    const headers = new Headers(extra);
    for (const [name, value] of request.headers) headers.set(name, value);
    const { auth } = this.#settings;
    if (auth.kind === 'key') headers.set('x-api-key', auth.key);
    if (token) headers.set('authorization', `Bearer ${token}`);
    return headers;
  }

  /** The address, provided that it is the one that the core meant, below the base URL. @param {string} target */
  #url(target) {
    const { base } = this.#settings;
    const path = base.pathname === '/' ? '' : base.pathname;
    const url = new URL(base.origin + path + target);
    // A path such as `..` as an id is resolved by URL parsing: the call would reach something else.
    if (url.origin !== base.origin || url.pathname + url.search !== path + target) {
      throw new ValidationError('An id or slug is no name but a path');
    }
    return url;
  }
}

/** @param {import('./core/reply.js').Reply} reply @returns {{ request: CoreRequest }} */
function built(reply) {
  if (!reply.request) throw toError(reply.value);
  return { request: reply.request };
}

/** What the core wants to know of an answer besides its status and body. @param {Response} response */
function about({ headers }) {
  return { requestId: headers.get('x-request-id') ?? undefined, retryAfter: seconds(headers) };
}

/** Retry-After as seconds: a date is counted from the server's own clock, ours may be wrong. @param {Headers} headers */
function seconds(headers) {
  const text = headers.get('retry-after')?.trim();
  if (!text || /^\d+$/.test(text)) return text;
  const date = headers.get('date');
  const wait = Date.parse(text) - (date ? Date.parse(date) : Date.now());
  return wait > 0 ? String(Math.ceil(wait / 1000)) : undefined;
}

/**
 * An attempt without an answer.
 * @param {unknown} error @param {string} origin where it was sent @param {AbortSignal} [signal]
 * @returns {Failure}
 */
function failed(error, origin, signal) {
  if (signal?.aborted) throw signal.reason;
  // Our own errors, such as of an answer that is too large, would only come again; lateness need not.
  if (error instanceof DevcasterError) return { error, again: error instanceof TimeoutError, hint: 0 };
  return { error: new ConnectionError(`${origin} could not be reached`, { cause: error }), again: true, hint: 0 };
}
