/** Asking the API: our own headers alone, a bounded time, no redirect followed. */

/** @typedef {import('./options.js').Settings} Settings */

/** The longest that a whole stream may take, in times of the timeout: a byte now and then is no answer. */
const PATIENCE = 40;
const TRACE = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** The API gave no answer that can be used. */
export class UpstreamFault extends Error {
  /** Is it the API that fails, and not this answer of its? 'all': whoever asks. @type {'no' | 'one' | 'all'} */ fails =
    'no';

  /** @param {'upstream_unusable' | 'upstream_timeout'} fault @param {string} [why] for the log: no word of the API's */
  constructor(fault, why) {
    super(fault);
    this.name = 'UpstreamFault';
    this.fault = fault;
    this.why = why;
  }

  /** @param {'one' | 'all'} whom @returns {this} */
  of(whom) {
    this.fails = whom;
    return this;
  }
}

/** @param {Request} request @returns {string | null} the trace that the request belongs to, where it is one */
export const traceOf = ({ headers }) => {
  const trace = headers.get('traceparent');
  return trace !== null && TRACE.test(trace) ? trace : null;
};

/**
 * Does the platform end by itself what a request has begun, once that is answered? There a signal, which costs as much as
 * the masking of 20 KB, brings nothing.
 */
const endsBySelf = typeof navigator === 'object' && navigator.userAgent === 'Cloudflare-Workers';

/** Not every platform knows the word; one that keeps answers by itself does. */
const uncached = (() => {
  try {
    return new Request('http://localhost', { cache: 'no-store' }).cache === 'no-store';
  } catch {
    return false;
  }
})();

/** One question to the API, from its first byte to the last of its answer. */
export class Exchange {
  /** @type {AbortController | undefined} */ #abort = endsBySelf ? undefined : new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {(fault: UpstreamFault) => void} */ #giveUp = () => {};
  /** @type {Promise<never>} */ #late;
  /** @type {Settings} */ #settings;
  /** @type {number} */ #end;

  /** @param {Settings} settings */
  constructor(settings) {
    this.#settings = settings;
    this.#end = Date.now() + PATIENCE * settings.timeout;
    this.#late = new Promise((_, reject) => {
      this.#giveUp = reject;
    });
    this.#late.catch(() => {}); // nobody may be waiting
    this.renew();
  }

  /** Something came: as long again for the next piece. */
  renew() {
    clearTimeout(this.#timer);
    const left = Math.min(this.#settings.timeout, this.left);
    this.#timer = setTimeout(() => this.#giveUp(new UpstreamFault('upstream_timeout')), left);
  }

  /** Milliseconds until a whole stream ends, whoever is slow. */
  get left() {
    return Math.max(0, this.#end - Date.now());
  }

  /** It is over, and all is well. */
  close() {
    clearTimeout(this.#timer);
  }

  /** Nothing more of it is wanted. */
  abort() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  /**
   * Wait for something of the API's, and no longer than is allowed.
   * @template T @param {Promise<T>} coming @returns {Promise<T>}
   * @throws {UpstreamFault}
   */
  async wait(coming) {
    try {
      return await Promise.race([coming, this.#late]);
    } catch (error) {
      this.abort();
      coming.catch(() => {}); // it ends for having been given up
      throw error instanceof UpstreamFault ? error : new UpstreamFault('upstream_unusable', 'unreachable');
    }
  }

  /**
   * @param {{ method: string, target: string, body: string, request_id: string, trace: string | null }} question
   * @returns {Promise<Response>} of a status that is no redirect
   * @throws {UpstreamFault}
   */
  async ask({ method, target, body, request_id, trace }) {
    const { prefix, apiKey } = this.#settings;
    /** @type {Record<string, string>} */
    const headers = {
      accept: 'application/json',
      // What comes encoded would have to be decoded first, and its length would say nothing.
      'accept-encoding': 'identity',
      'x-api-key': apiKey,
      'x-request-id': request_id,
    };
    if (body !== '') headers['content-type'] = 'application/json';
    if (trace !== null) headers.traceparent = trace;
    /** @type {RequestInit} */
    const init = { method, headers, redirect: 'manual' };
    // What is a user's own must not be the answer to the next one, in whose name the same is asked.
    if (uncached) init.cache = 'no-store';
    if (body !== '') init.body = body;
    if (this.#abort) init.signal = this.#abort.signal;
    const response = await this.wait(this.#settings.fetch(prefix + target, init)).catch((fault) => {
      // No first byte: of what is slow, others may well get something else.
      throw fault.of(fault.fault === 'upstream_timeout' ? 'one' : 'all');
    });
    const { type, status } = response;
    if (type === 'opaqueredirect' || status < 200 || (status >= 300 && status < 400)) {
      this.abort();
      throw new UpstreamFault('upstream_unusable', 'redirect').of('all');
    }
    return response;
  }
}
