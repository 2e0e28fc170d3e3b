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
 */

/** @type {Known} */
const EVERYBODY = { scope: 'all', operations: null, caller: { kind: 'public', scopes: [] } };

/** @param {unknown} value */
const isName = (value) => typeof value === 'string' && value !== '' && value.length <= 512;

/**
 * @param {Settings} settings
 * @param {Request} request
 * @param {string} own the gateway's origin
 * @returns {Promise<Known | null>} null: nobody who is known
 */
export const scopeOf = async (settings, request, own) => {
  const token = settings.userTokens ? tokenOf(request) : null; // else it is nothing to us
  if (token !== null) return tokenScope(settings, request, token, own);
  if (settings.authorize === null) return EVERYBODY;
  const who = /** @type {any} */ (await settings.authorize(request));
  // Both at once is a mistake, and which of the two was meant is not for us to guess.
  if (!who || typeof who !== 'object' || ('userId' in who && 'allUsers' in who)) return null;
  if (who.allUsers === true) {
    const operations = who.operations === undefined ? null : new Set(who.operations);
    return { scope: 'all', operations, caller: { kind: 'host', scopes: [] } };
  }
  if (!isName(who.userId)) return null;
  const { userId, operations = settings.operations ?? undefined, toolkits, tools, count } = who;
  const origins = who.origins ?? [own, ...settings.origins];
  return {
    scope: { user_id: userId, operations, toolkits, origins, tools, count },
    operations: null, // the core looks
    caller: { kind: 'user', id: userId, scopes: [] },
  };
};
