/** Who sends this request? Exactly one credential: an API key, the signed-in page's cookie, or a user token. */

import { hashHex } from './bytes.js';
import { tokenCaller } from './user-token-service.js';
import { bearerOf, isUserToken } from './user-tokens.js';

/** @typedef {import('./directory.js').Caller} Caller */
/** @typedef {import('../core/reply.js').Reply} Reply */

export const SESSION_COOKIE = '__Host-devcaster_session';

const HINT = 8; // characters of an unknown credential that an answer may show

/** @param {Request} request @param {string} name @returns {string | null} */
export const cookie = (request, name) => {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return null;
};

/** @param {string} kind @param {string} [hint] @returns {Caller} */
const stranger = (kind, hint) => ({ kind, scopes: [], ...(hint === undefined ? {} : { hint: hint.slice(0, HINT) }) });

/**
 * Credentials are looked up by their SHA-256, so how long a lookup takes says nothing about the credential.
 * @param {Request} request
 * @param {import('./directory.js').Directory} directory
 * @param {boolean} [isOver] its address has no guess left: what was never good here is not looked up
 * @returns {Promise<Caller>}
 */
export const callerOf = async (request, directory, isOver = false) => {
  const key = request.headers.get('x-api-key');
  const token = request.headers.get('authorization');
  const session = cookie(request, SESSION_COOKIE);
  // A header that was sent twice arrives joined by a comma.
  const given = [key, token, session].filter((one) => one !== null);
  if (given.length > 1 || key?.includes(',')) return stranger('many');
  if (given.length === 0) return stranger('none');
  if (key !== null) return (await directory.key(await hashHex(key), isOver)) ?? stranger('unknown', key);
  if (session !== null) return (await directory.session(await hashHex(session), isOver)) ?? stranger('unknown');
  const bearer = bearerOf(token);
  const known = isUserToken(bearer) ? await tokenCaller(directory, bearer ?? '') : null;
  if (known === 'over') return stranger('over');
  return known ?? stranger('unknown', token?.replace(/^\S+\s+/, ''));
};

/** What callers may do, as long as the directory keeps them: seconds. @type {WeakMap<Caller, { record: string, replies: Map<string, Reply> }>} */
const allowed = new WeakMap();

/**
 * May this caller do this? The core decides by these and nothing else, so it is asked once for each operation.
 * @param {import('../core/core.js').Core} core
 * @param {string} name of the operation
 * @param {Caller} caller
 * @param {string} record the project's
 * @returns {Reply}
 */
export const allow = (core, name, caller, record) => {
  let kept = allowed.get(caller);
  if (kept?.record !== record) {
    kept = { record, replies: new Map() };
    allowed.set(caller, kept);
  }
  const known = kept.replies.get(name);
  if (known) return known;
  const reply = core.allow(name, core.head({ caller }, { config: record }));
  kept.replies.set(name, reply);
  return reply;
};

/**
 * Does a page of ours send this? A browser says so itself; who is no browser must at least name our origin.
 * @param {Request} request
 * @param {string[]} origins ours
 */
export const isSameOrigin = (request, origins) => {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  return origin !== null && origins.includes(origin);
};

/** Whether a browser sends this at all. @param {Request} request */
export const isBrowser = (request) => request.headers.has('origin') || request.headers.has('sec-fetch-site');

/** @param {string} method */
export const isUnsafe = (method) => method !== 'GET' && method !== 'HEAD';

/**
 * @param {string} name
 * @param {string} value '' ends the cookie
 * @param {number} seconds
 * @param {'Strict' | 'Lax'} site
 */
export const setCookie = (name, value, seconds, site) =>
  `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${site}; Max-Age=${value === '' ? 0 : seconds}`;
