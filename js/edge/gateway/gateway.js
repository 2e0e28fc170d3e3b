/**
 * The edge handler as a gateway: in front of a Devcaster-compatible API, so that browsers manage accounts without its key
 * and without a secret. What goes on is built by the core; what comes back is masked on its way.
 */

import { NotOwned } from '../../core/screen.js';
import { audit } from '../audit.js';
import { readBody } from '../body.js';
import { dataHeaders } from '../headers.js';
import { Limits, nearer } from '../limits.js';
import { nameOf } from '../objects.js';
import { isOurs, misdirected, readOrigin } from '../origin.js';
import { openEngine } from '../settings.js';
import { Circuit } from './circuit.js';
import { Cors, senderOf } from './cors.js';
import { maskedStream, maskedWhole, screenOf, scrubbed } from './masked.js';
import { Memo } from './memo.js';
import { readOptions } from './options.js';
import { readStart, readWhole } from './reading.js';
import { countersOf, Refusal } from './refusals.js';
import { scopeOf } from './scope.js';
import { mintAt } from './tokens.js';
import { Exchange, traceOf, UpstreamFault } from './upstream.js';

/** @typedef {import('../../core/core.js').Core} Core */
/** @typedef {import('./options.js').Settings} Settings */
/** @typedef {import('./refusals.js').Answer} Answer */

/**
 * @typedef {object} Passed what the core makes of a request that may go on
 * @property {string} name of the operation
 * @property {string} [id]
 * @property {number} mask
 * @property {Read[]} reads
 * @property {object[]} counts
 */

/** @typedef {{ kind: string, id: string, target: string, self: boolean }} Read */

const MOST_ADDRESS = 16_384; // characters; what headers may have is the server's own affair
const MOST_ERROR = 65_536; // bytes of an error of the API's
/** One request on its way. */
class Passage {
  /** @type {string} */ op = 'unknown';
  /** @type {string | undefined} */ id;
  /** @type {import('../directory.js').Caller} */ caller = { kind: 'none', scopes: [] };
  request_id = crypto.randomUUID();
  /** @type {import('../limits.js').Counted | null} */ counted = null;
  #counts = this.caller;

  /** @param {Gateway} gateway @param {Request} request */
  constructor(gateway, request) {
    this.gateway = gateway;
    this.request = request;
    this.trace = traceOf(request);
    this.url = new URL(request.url);
    this.page = gateway.cors.pageOf(request, this.url);
  }

  /** @param {string} name @param {Record<string, string>} [headers] @returns {Answer} */
  fault(name, headers) {
    const { status, text } = this.gateway.core.fault(name, { request_id: this.request_id });
    return { status, text, headers };
  }

  /** An error of the core's. @param {string} error @param {Record<string, string>} [headers] @returns {Answer} */
  refusal(error, headers) {
    const { core } = this.gateway;
    const { status, text } = core.fault('error', core.head({ request_id: this.request_id }, { error }));
    return { status, text, headers };
  }

  /** Whose failures these are: who has no name fails by what it asks for. */
  get #who() {
    const { kind, id } = this.#counts;
    return id ?? `${kind} ${this.op}`;
  }

  /** Path and query below the gateway's own path. */
  get #target() {
    const { path } = this.gateway.settings;
    const { pathname, search } = this.url;
    return (pathname.startsWith(`${path}/`) ? pathname.slice(path.length) : '/') + search;
  }

  /** @param {string} body @param {import('./scope.js').Known} who @returns {import('../../core/reply.js').Reply} */
  #read(body, { scope, bound }) {
    const { core, routes, cors } = this.gateway;
    // Any page that may ask at all has been let in before; what is bound to some pages, the core looks at.
    const origin = bound ? senderOf(this.request, this.page, cors.own(this.url)) : null;
    const line = { method: this.request.method, target: this.#target };
    const head = JSON.stringify({ ...line, scope, origin: origin ?? undefined });
    if (body !== '') return core.call('dc_forward', [], head, body);
    return routes.read(head, () => core.call('dc_forward', [], head, ''));
  }

  /** One request more. @param {import('../directory.js').Caller} caller */
  #count(caller) {
    this.#counts = caller;
    this.counted = this.gateway.limits.take(caller, this.request);
    if (this.counted?.ok === false) throw new Refusal(this.fault('rate_limited'));
  }

  /** Which operation it is, and whether it may pass. @returns {Promise<{ passed: Passed, target: string, body: string }>} */
  async #route() {
    const { gateway, request } = this;
    const { core, settings, operations } = gateway;
    const who = await scopeOf(settings, request);
    if (who) this.caller = who.caller;
    this.#count(who?.counted ?? this.caller);
    if (!who) throw new Refusal(this.fault('unauthenticated'));
    let reply = this.#read('', who);
    this.op = (reply.ok ? reply.value.name : reply.second) || 'unknown';
    const listed = operations.has(this.op) && (who.operations?.has(this.op) ?? true);
    if (this.op !== 'unknown' && !listed) throw new Refusal(this.fault('operation_not_passed'));
    if (this.op !== 'unknown' && request.body) {
      const read = await readBody(request, core.catalog.limits.body);
      if (read.fault) throw new Refusal(this.fault(read.fault));
      if (read.body !== '') reply = this.#read(read.body ?? '', who);
    }
    if (!reply.ok) throw new Refusal(this.refusal(reply.text));
    const passed = /** @type {Passed} */ (reply.value);
    this.id = passed.id;
    if (passed.counts.length > 0) throw new Refusal(this.fault('not_counted'));
    return { passed, target: reply.second, body: reply.third };
  }

  /**
   * @param {string} method @param {string} target @param {string} body
   * @returns {Promise<{ response: Response, exchange: Exchange }>} the API's answer, which is no refusal
   */
  async #ask(method, target, body) {
    const { core, settings, circuit } = this.gateway;
    const { request_id, trace } = this;
    const wait = circuit.wait(core, Date.now(), this.#who);
    if (wait > 0) throw new Refusal(this.fault('upstream_resting', { 'retry-after': String(wait) }));
    const exchange = new Exchange(settings);
    const response = await exchange.ask({ method, target, body, request_id, trace });
    if (response.status < 400) return { response, exchange };
    const said = await readWhole(response, exchange, MOST_ERROR).catch(() => new Uint8Array(0));
    const reply = core.call('dc_upstream', [response.status], {}, scrubbed(core, settings, said));
    // The API itself has failed where its answer is not one about this request.
    if (reply.second === 'failed') circuit.failed(core, Date.now(), this.#who);
    else circuit.succeeded();
    throw new Refusal(this.refusal(reply.text, countersOf(response)));
  }

  /** Is what is asked for the caller's? @param {Read} read @param {Uint8Array} bytes */
  #check(read, bytes) {
    const reply = this.gateway.core.call('dc_owned', [], { read }, bytes);
    if (!reply.ok) throw new Refusal(this.refusal(reply.text));
  }

  /** A user token for the host's backend. @returns {Promise<Answer | null>} */
  #mint() {
    return mintAt(this.gateway, this.request, this.#target, {
      fault: (name) => this.fault(name),
      refusal: (error) => this.refusal(error),
      count: (kind, op) => {
        this.op = op;
        this.caller = { kind, scopes: [] };
        this.#count(this.caller);
      },
    });
  }

  /** @returns {Promise<Response>} */
  async #pass() {
    const { screen, circuit } = this.gateway;
    const minted = await this.#mint();
    if (minted) return this.#refused(minted);
    const { passed, target, body } = await this.#route();
    for (const read of passed.reads) {
      if (read.self) continue;
      const { response, exchange } = await this.#ask('GET', read.target, '');
      const bytes = await readWhole(response, exchange);
      circuit.succeeded(); // else what comes next would have to wait for what this one finds out
      this.#check(read, bytes);
    }
    const { response, exchange } = await this.#ask(this.request.method, target, body);
    const headers = this.#headers(countersOf(response));
    const own = passed.reads.find(({ self }) => self);
    if (response.status === 204 && !own) {
      exchange.abort();
      circuit.succeeded();
      return this.#done(new Response(null, { status: 204, headers }));
    }
    // What must be looked at must be there as a whole, and lists of a single user's are short.
    const start = own
      ? { bytes: await readWhole(response, exchange), rest: null }
      : await readStart(response, exchange);
    const { status } = response;
    if (start.rest) {
      const out = maskedStream(screen, start.rest, passed, (fault) => {
        if (fault === null) circuit.succeeded();
        else this.#log(status, { fault });
      });
      return this.#done(new Response(out, { status, headers }));
    }
    exchange.close();
    const out = maskedWhole(screen, start.bytes, passed, own ?? null);
    circuit.succeeded();
    return this.#done(new Response(out, { status, headers }));
  }

  /** @param {Record<string, string>} [more] @returns {Record<string, string>} */
  #headers(more) {
    const { cors } = this.gateway;
    return {
      ...dataHeaders,
      ...cors.headersFor(this.page),
      ...nearer(this.counted, more),
      'x-request-id': this.request_id,
    };
  }

  /** @param {Answer} answer */
  #refused({ status, text, headers }) {
    return this.#done(new Response(text, { status, headers: this.#headers(headers) }));
  }

  /** @param {number} status @param {Record<string, unknown>} [more] */
  #log(status, more) {
    if (!this.gateway.settings.audit) return;
    const { op, request_id, id, caller, trace, request } = this;
    audit(
      { op, request_id, id, caller },
      {
        'http.request.method': request.method,
        'http.response.status_code': status,
        ...(trace !== null && { trace_id: trace.split('-')[1] }),
        ...more,
      },
    );
  }

  /** @param {Response} response */
  #done(response) {
    this.#log(response.status);
    return response;
  }

  /** @param {UpstreamFault} error */
  #failed({ fault, why, fails }) {
    const { core, circuit } = this.gateway;
    if (fails !== 'no') circuit.failed(core, Date.now(), fails === 'all' ? null : this.#who);
    this.#log(0, { fault, why });
    return this.#refused(this.fault(fault));
  }

  /** @returns {Promise<Response>} */
  async answer() {
    const { gateway, request, url, page } = this;
    const { cors } = gateway;
    // By a name that is not ours somebody else's page would be one of our own.
    if (!isOurs(url, gateway.own)) return this.#done(misdirected());
    if (!page.allowed) return this.#refused(this.fault('not_same_origin'));
    if (request.method === 'OPTIONS') return cors.preflight(page);
    if (url.pathname.length + url.search.length > MOST_ADDRESS) return this.#refused(this.fault('headers_too_large'));
    try {
      return await this.#pass();
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(error.answer);
      if (error instanceof UpstreamFault) return this.#failed(error);
      if (error instanceof NotOwned) {
        gateway.circuit.succeeded(); // the API is well, whatever was asked for
        return this.#refused(this.refusal(error.reply.text));
      }
      // Names alone: a message may quote what it was about.
      console.error(JSON.stringify({ request_id: this.request_id, method: request.method, error: nameOf(error) }));
      return this.#refused(this.fault('internal'));
    }
  }
}

/** @typedef {{ core: Core, settings: Settings, cors: Cors, circuit: Circuit, limits: Limits, screen: import('../../core/screen.js').Screen, operations: Set<string>, routes: Memo, own: URL | null }} Gateway */

/**
 * @param {Core} core @param {Settings} settings
 * @returns {Gateway}
 * @throws {TypeError}
 */
const openGateway = (core, settings) => {
  const { operations, usual } = core.catalog;
  const names = settings.operations ?? usual;
  const unknown = names.find((name) => !operations.some((one) => one.name === name));
  if (unknown !== undefined) throw new TypeError(`createHandler: there is no operation ${unknown}`);
  return {
    core,
    settings,
    cors: new Cors(settings),
    circuit: new Circuit(),
    limits: new Limits(core, settings.limits, settings.addressHeader),
    screen: screenOf(core, settings),
    operations: new Set(names),
    routes: new Memo(),
    own: readOrigin(settings.origin ?? undefined),
  };
};

/**
 * @param {import('./options.js').GatewayOptions} options
 * @returns {{ fetch: (request: Request) => Promise<Response> }}
 * @throws {TypeError} when the options are not good; then nothing is served
 */
export const createGateway = (options) => {
  const settings = readOptions(options);
  /** @type {Gateway | undefined} */
  let gateway;
  return {
    async fetch(request) {
      // Never a promise that requests share: the one that began it may be cancelled, and the others would wait for ever.
      const core = await openEngine();
      gateway ??= openGateway(core, settings);
      return new Passage(gateway, request).answer();
    },
  };
};
