/**
 * Pages of other origins at the service: those that the project names may ask, with a user token and nothing else. A
 * preflight carries no token, so the project's list decides what a browser may ask at all; which of these pages a token is
 * for is looked at when it comes.
 */

import { Cors, senderOf } from './gateway/cors.js';

/** @typedef {import('./gateway/cors.js').Page} Page */

/** @type {{ record: string, own: string, cors: Cors, origins: string[] } | undefined} of the project as it was last read */
let last;

/** @param {string} record the project's @param {string} own origin */
const corsOf = (record, own) => {
  if (last?.record !== record || last.own !== own) {
    const origins = JSON.parse(record).allowed_origins ?? [];
    last = { record, own, origins, cors: new Cors({ origins: new Set(origins), origin: own, cookies: false }) };
  }
  return last;
};

/**
 * @typedef {object} Elsewhere
 * @property {Page} page where the request is from
 * @property {string | null} origin the same for a token: a page of our own does not always say it
 * @property {string[]} origins all that may ask
 * @property {Record<string, string>} headers of the answer
 * @property {Response | null} preflight the answer, where it was only asked whether it may ask
 */

/**
 * @param {Request} request
 * @param {URL} url of it
 * @param {string} own origin
 * @param {string} record the project's
 * @returns {Elsewhere}
 */
export const elsewhere = (request, url, own, record) => {
  const { cors, origins } = corsOf(record, own);
  const page = cors.pageOf(request, url);
  const asks = request.method === 'OPTIONS' && page.origin !== null;
  return {
    page,
    origin: senderOf(request, page, own),
    origins: [own, ...origins],
    headers: cors.headersFor(page),
    preflight: asks && request.headers.has('access-control-request-method') ? cors.preflight(page) : null,
  };
};

/**
 * The same for an answer that is given without the project, as when it cannot be asked: by what was last known of it. A page
 * that was allowed then reads what went wrong, instead of seeing no answer at all.
 * @param {Request} request
 * @returns {Elsewhere}
 */
export const elsewhereAtLast = (request) => {
  const url = new URL(request.url);
  return elsewhere(request, url, last?.own ?? url.origin, last?.record ?? '{}');
};
