/**
 * Tokens by which a browser speaks for one user: `ut_`, the claims, a dot, their HMAC-SHA-256, both in base64url. What may
 * stand in the claims is the core's to say; here they are signed, and a signature is checked before a byte of them is
 * read. There is one algorithm, and nothing in a token chooses it.
 */

import { fromBase64Url, randomName, text, toBase64Url, utf8 } from './bytes.js';

/** @typedef {import('../core/core.js').Core} Core */
/** @typedef {import('../core/reply.js').Reply} Reply */
/** @typedef {{ name: string, key: CryptoKey }} SigningKey the name stands in the claims */

/**
 * @typedef {object} Claims what the core reads from a token
 * @property {boolean} over
 * @property {string} id the token's own
 * @property {string | null} by the API key that asked for it
 * @property {number} expires
 * @property {number} epoch
 * @property {string[]} scopes
 * @property {boolean} links
 * @property {{ user_id: string, origins?: string[], [more: string]: any }} scope for the core's route
 */

const PREFIX = 'ut_';
/** Base64url to the letter: the last character of a signature holds four bits, and the two behind them are zero. */
const SHAPE = /^ut_([A-Za-z0-9_-]{2,4096})\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;
const BEARER = /^bearer (\S+)$/i;
const ID_BYTES = 16;

/** @param {string | null} header the authorization @returns {string | null} what stands in it as a bearer token */
export const bearerOf = (header) => BEARER.exec(header ?? '')?.[1] ?? null;

/** Whether it looks like one of ours at all. @param {string | null} token */
export const isUserToken = (token) => token?.startsWith(PREFIX) ?? false;

/**
 * A signing key for tokens of one kind of host: one that is made out of the same bytes for anything else is another.
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} raw
 * @param {string} [audience] of several hosts of the kind with the same bytes, the one whose tokens these are
 * @returns {Promise<SigningKey>}
 */
export const signingKey = async (name, raw, audience) => {
  const bytes = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']);
  const info = utf8(`devcaster/user-token/${audience === undefined ? name : `${name}/${audience}`}`);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return { name, key: await crypto.subtle.deriveKey(how, bytes, hmac, false, ['sign', 'verify']) };
};

/**
 * @param {Core} core
 * @param {SigningKey} signing
 * @param {{ caller: import('./directory.js').Caller, epoch?: number, counts: boolean }} maker
 * @param {string} body of the request for it, which the core's route has accepted
 * @returns {Promise<{ refusal: Reply } | { token: string, made: string, id: string }>} made: what else is answered, JSON
 */
export const makeToken = async (core, { name, key }, maker, body) => {
  const id = randomName(ID_BYTES);
  const reply = core.call('dc_user_token_make', [Date.now()], { ...maker, key: name, id }, body);
  if (!reply.ok) return { refusal: reply };
  const signed = PREFIX + toBase64Url(utf8(reply.second));
  const signature = await crypto.subtle.sign('HMAC', key, utf8(signed));
  return { token: `${signed}.${toBase64Url(signature)}`, made: reply.text, id };
};

/** Tokens that were found good, of each key: a page sends the same one again and again. @type {WeakMap<CryptoKey, Map<string, Claims>>} */
const good = new WeakMap();
const MOST = 256; // of one key; nobody but who can sign gets one in

/** @param {CryptoKey} key @param {string} token @param {Claims} claims */
const remember = (key, token, claims) => {
  const known = good.get(key) ?? new Map();
  good.set(key, known);
  // The oldest goes: maps keep the order in which their keys came.
  if (known.size >= MOST) known.delete(/** @type {string} */ (known.keys().next().value));
  known.set(token, claims);
};

/**
 * @param {Core} core
 * @param {SigningKey} signing
 * @param {string} token
 * @returns {Promise<Claims | null>} null: it is not one that was signed with this key
 */
export const readToken = async (core, { name, key }, token) => {
  const known = good.get(key)?.get(token);
  if (known && known.expires > Date.now()) return known; // one whose time is over is the core's to judge
  const [, claims, signature] = SHAPE.exec(token) ?? [];
  if (claims === undefined) return null;
  const genuine = await crypto.subtle.verify('HMAC', key, fromBase64Url(signature), utf8(PREFIX + claims));
  if (!genuine) return null;
  const reply = core.call('dc_user_token_read', [Date.now()], { key: name }, text(fromBase64Url(claims)));
  if (!reply.ok) return null;
  const read = /** @type {Claims} */ (reply.value);
  if (!read.over) remember(key, token, read);
  return read;
};
