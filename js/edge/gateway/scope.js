/**
 * Who sends a request, as the core's scope: what may pass for it, and what must be narrowed. This is the one place where
 * callers are told apart; a further kind of credential, such as a user token, is one more function that answers a `Known`.
 */

import { tokenOf, tokenScope } from './tokens.js';

/** @typedef {import('./options.js').Settings} Settings */

/**
 * @typedef {object} Known
 * @property {object | 'all'} scope for the core: src/narrow.c
 * @property {Set<string> | null} operations that this caller may use of those that pass at all; null: no further limit
 * @property {import('../directory.js').Caller} caller for the log
 * @property {boolean} bound to the pages of `scope.origins`; else any page that may ask at all may
 * @property {import('../directory.js').Caller} [counted] by whom requests are counted, where that is not `caller`
 */

/** @type {Known} */
const EVERYBODY = { scope: 'all', operations: null, caller: { kind: 'public', scopes: [] }, bound: false };

const WHO = new Set(['userId', 'operations', 'toolkits', 'origins', 'tools', 'count']);
const STAFF = new Set(['allUsers', 'operations']);

/** @param {unknown} value */
const isName = (value) => typeof value === 'string' && value !== '' && value.length <= 512;

/** What is misspelt would not limit anything, so it lets nobody in. @param {object} who @param {Set<string>} members */
const isOdd = (who, members) => {
  const odd = Object.keys(who).find((name) => !members.has(name));
  // The host's developer must be able to find out. The name alone: a value may be a secret.
  if (odd !== undefined) console.error(JSON.stringify({ error: 'authorize', unknown: odd.slice(0, 64) }));
  return odd !== undefined;
};

/**
 * Where links may return to unless it is said. Our own origin only where the settings name it: the one of a request is
 * whatever its sender has written.
 * @param {Settings} settings
 */
export const originsOf = ({ origin, origins }) => (origin === null ? [...origins] : [origin, ...origins]);

/**
 * @param {Settings} settings
 * @param {Request} request
 * @returns {Promise<Known | null>} null: nobody who is known
 */
export const scopeOf = async (settings, request) => {
  const token = settings.userTokens ? tokenOf(request) : null; // else it is nothing to us
  if (token !== null) return tokenScope(settings, request, token);
  if (settings.authorize === null) return EVERYBODY;
  const who = /** @type {any} */ (await settings.authorize(request));
  // Both at once is a mistake, and which of the two was meant is not for us to guess.
  if (!who || typeof who !== 'object' || ('userId' in who && 'allUsers' in who)) return null;
  if (isOdd(who, 'allUsers' in who ? STAFF : WHO)) return null;
  if (who.allUsers === true) {
    const operations = who.operations === undefined ? null : new Set(who.operations);
    return { scope: 'all', operations, caller: { kind: 'host', scopes: [] }, bound: false };
  }
  if (!isName(who.userId)) return null;
  const { userId, operations = settings.operations ?? undefined, toolkits, tools, count } = who;
  const origins = who.origins ?? originsOf(settings);
  return {
    scope: { user_id: userId, operations, toolkits, origins, tools, count },
    operations: null, // the core looks
    caller: { kind: 'user', id: userId, scopes: [] },
    bound: who.origins !== undefined && who.origins !== null,
  };
};
