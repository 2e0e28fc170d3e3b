/** Which pages may ask, and what their browsers are told (Fetch standard, CORS). Origins are compared to the letter. */

const METHODS = 'GET, POST, PATCH, DELETE';
/** Headers that clients of the API send; what they say is not passed on, but a browser asks before it sends them. */
const HEADERS =
  'authorization, content-type, traceparent, user-agent, x-source, x-runtime, x-sdk-version, x-framework, ' +
  'x-stainless-arch, x-stainless-lang, x-stainless-os, x-stainless-package-version, x-stainless-retry-count, ' +
  'x-stainless-runtime, x-stainless-runtime-version, x-stainless-timeout';
const EXPOSED = 'x-request-id, retry-after, x-ratelimit, x-ratelimit-remaining, x-ratelimit-window-size';
const MAX_AGE = '600';

/** Every answer depends on where the question is from, so that no cache gives one page's to another. */
const VARY = { vary: 'origin' };

/**
 * @typedef {object} Page where a request is from
 * @property {string | null} origin null: the browser does not say, or it is no browser
 * @property {boolean} allowed
 * @property {boolean} elsewhere it is listed, and not our own: its browser wants to hear that it may read
 */

/**
 * The page's origin as credentials may be bound to it: of a page of our own, a browser does not always say it.
 * @param {Request} request @param {Page} page @param {string} own origin
 * @returns {string | null} null: no browser
 */
export const senderOf = ({ headers }, { origin }, own) => {
  const site = headers.get('sec-fetch-site');
  return origin ?? (site === 'same-origin' ? own : site);
};

export class Cors {
  /** @type {Set<string>} */ #origins;
  /** @type {string | null} */ #own;
  /** @type {boolean} */ #cookies;

  /** @param {{ origins: Set<string>, origin: string | null, cookies: boolean }} settings */
  constructor({ origins, origin, cookies }) {
    this.#origins = origins;
    this.#own = origin;
    this.#cookies = cookies;
  }

  /** Our own origin. @param {URL} url of the request */
  own(url) {
    return this.#own ?? url.origin;
  }

  /**
   * @param {Request} request
   * @param {URL} url of it
   * @returns {Page}
   */
  pageOf({ headers, method }, url) {
    const origin = headers.get('origin');
    if (origin !== null) {
      const ours = origin === this.own(url);
      const listed = this.#origins.has(origin);
      return { origin, allowed: ours || listed, elsewhere: listed && !ours };
    }
    // A browser that does not say which page asks says at least whether it is another site's: an image, a form, a link.
    const site = headers.get('sec-fetch-site');
    if (site !== null) return { origin, allowed: site === 'same-origin' || site === 'none', elsewhere: false };
    // Neither: no browser of today. Where cookies count, nothing may be changed on its word.
    const safe = method === 'GET' || method === 'HEAD';
    return { origin, allowed: safe || !this.#cookies || !headers.has('cookie'), elsewhere: false };
  }

  /** @param {Page} page @returns {Record<string, string>} */
  headersFor({ origin, elsewhere }) {
    if (!elsewhere || origin === null) return VARY;
    return {
      ...VARY,
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
      ...(this.#cookies && { 'access-control-allow-credentials': 'true' }),
    };
  }

  /** The question before the question. @param {Page} page @returns {Response} */
  preflight(page) {
    const may = page.elsewhere && {
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': HEADERS,
      'access-control-max-age': MAX_AGE,
    };
    const vary = 'origin, access-control-request-method, access-control-request-headers';
    return new Response(null, { status: 204, headers: { ...this.headersFor(page), ...may, vary } });
  }
}
