/**
 * User tokens at a gateway: signed with a secret of the host's, so the host's backend makes them by itself or asks the
 * gateway with the API's key. A gateway keeps nothing: a token ends by its time alone, and nothing is counted.
 */

import { readBody } from '../body.js';
import { hashHex, same, utf8 } from '../bytes.js';
import { openEngine } from '../settings.js';
import { bearerOf, isUserToken, makeToken, readToken, signingKey } from '../user-tokens.js';
import { originsOf } from './scope.js';

/** @typedef {import('../../core/core.js').Core} Core */
/** @typedef {import('../user-tokens.js').SigningKey} SigningKey */
/** @typedef {import('./options.js').Settings} Settings */
/** @typedef {import('./scope.js').Known} Known */

/**
 * @typedef {object} UserTokenRequest
 * @property {string} userId whose accounts
 * @property {number} [expiresIn] seconds, up to 1800; 900 unless given
 * @property {string[]} [operations] names; those that a page needs to manage accounts unless given
 * @property {string[]} [toolkits] slugs; all unless given
 * @property {string[]} [origins] of the pages that may use it, and where links may lead back to; the gateway's unless given
 * @property {(string | { slug: string } | { methods: string[] })[]} [tools] what may be executed; nothing unless given
 * @property {string} [gateway] the gateway's `userTokens.name`, where it has one
 */

/** @typedef {{ token: string, expiresAt: string, userId: string }} UserToken */

const NAME = 'gateway';
const LEAST = 32; // bytes of a secret
const ROUTE = 'user_tokens.create';
/** The host itself may give out what it likes; the core's own limits are those of every token. */
const HOST = { kind: 'key', scopes: ['read', 'write'] };

/** @param {unknown} secret @returns {secret is string} */
export const isSecret = (secret) => typeof secret === 'string' && utf8(secret).byteLength >= LEAST;

/** @param {string} secret @param {string} [gateway] its name */
const keyOf = (secret, gateway) => signingKey(NAME, utf8(secret), gateway);

/** @param {string[]} secrets the first signs, all are good @param {string} [gateway] @returns {() => Promise<SigningKey[]>} */
export const keysOf = (secrets, gateway) => {
  /** @type {SigningKey[] | undefined} */
  let keys;
  // Never a promise that requests share: the one that began it may be cancelled, and the others would wait for ever.
  return async () => {
    keys ??= await Promise.all(secrets.map((secret) => keyOf(secret, gateway)));
    return keys;
  };
};

/** What else was sent with it. @param {Request} request @returns {string | null} */
export const tokenOf = ({ headers }) => {
  const token = bearerOf(headers.get('authorization'));
  return isUserToken(token) ? token : null;
};

/**
 * @param {Settings} settings
 * @param {Request} request
 * @param {string} token that it came with
 * @returns {Promise<Known | null>}
 */
export const tokenScope = async (settings, request, token) => {
  // Whose word would count? The page's cookie comes by itself, but nobody sends a key by mistake.
  if (!settings.userTokens || request.headers.has('x-api-key')) return null;
  const core = await openEngine();
  for (const key of await settings.userTokens()) {
    const claims = await readToken(core, key, token);
    if (!claims) continue;
    if (claims.over) return null;
    const { id, scopes, scope } = claims;
    const origins = scope.origins ?? originsOf(settings);
    return {
      scope: { ...scope, origins },
      operations: null,
      caller: { kind: 'token', id, scopes },
      bound: scope.origins !== undefined,
      counted: { kind: 'user', id: scope.user_id, scopes }, // who asks for another token begins no new count
    };
  }
  return null;
};

/** @typedef {import('./gateway.js').Answer} Answer */

/**
 * `POST /user_tokens` of somebody who has the API's key.
 * @param {{ core: Core, settings: Settings }} gateway
 * @param {Request} request
 * @param {string} target
 * @param {{ fault: (name: string) => Answer, refusal: (error: string) => Answer, count: (kind: string, op: string) => void }} passage
 * @returns {Promise<Answer | null>} null: it is some other request
 */
export const mintAt = async ({ core, settings }, request, target, { fault, refusal, count }) => {
  const key = request.headers.get('x-api-key');
  if (!settings.userTokens || key === null) return null;
  const line = { method: request.method, target };
  const first = core.route(line);
  if ((first.ok ? first.value.name : first.second) !== ROUTE) return null;
  // Digests, so that how long the comparison takes says nothing of the key.
  const genuine = same(await hashHex(key), await hashHex(settings.apiKey));
  count(genuine ? 'key' : 'none', ROUTE);
  if (!genuine) return fault('unauthenticated');
  if (request.headers.has('authorization')) return fault('unauthenticated');
  const read = await readBody(request, core.catalog.limits.body);
  if (read.fault) return fault(read.fault);
  const routed = core.route(line, read.body ?? '');
  if (!routed.ok) return refusal(routed.text);
  const [signing] = await settings.userTokens();
  const token = await makeToken(core, signing, { caller: HOST, counts: false }, routed.second);
  if ('refusal' in token) return refusal(token.refusal.text);
  return core.answer(ROUTE, Date.now(), core.head({ token: token.token }, { made: token.made }));
};

/**
 * A token for a browser, made by the host's backend itself: nothing is asked, nothing is sent.
 * @param {string} secret the gateway's `userTokens.secret`, 32 bytes or more
 * @param {UserTokenRequest} request
 * @returns {Promise<UserToken>}
 * @throws {TypeError} that names what is wrong with the request, and no value of it
 * @example
 * const { token } = await createUserToken(env.TOKEN_SECRET, { userId: session.userId, origins: ['https://app.example'] });
 */
export const createUserToken = async (secret, request) => {
  if (!isSecret(secret)) throw new TypeError(`createUserToken: the secret must have ${LEAST} bytes or more`);
  const core = await openEngine();
  const { userId: user_id, expiresIn: expires_in, operations, toolkits, origins, tools, gateway, ...rest } = request;
  const [unknown] = Object.keys(rest);
  // What is misspelt would not limit anything.
  if (unknown !== undefined) throw new TypeError(`createUserToken: there is no ${unknown}`);
  const body = JSON.stringify({ user_id, expires_in, operations, toolkits, origins, tools });
  const routed = core.route({ method: 'POST', target: '/api/v3/user_tokens' }, body);
  const made =
    routed.ok && (await makeToken(core, await keyOf(secret, gateway), { caller: HOST, counts: false }, routed.second));
  if (!made || 'refusal' in made) {
    const { message, errors = [] } = (made ? made.refusal : routed).value;
    throw new TypeError(`createUserToken: ${[message, ...errors].join(' ')}`);
  }
  const { expires_at, user_id: userId } = JSON.parse(made.made);
  return { token: made.token, expiresAt: expires_at, userId };
};
