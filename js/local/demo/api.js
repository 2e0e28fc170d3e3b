import { createHash } from 'node:crypto';

import { claimsOf, loginOf } from './accounts.js';
import { GMAIL_SCOPES, PROFILE_SCOPES } from './scopes.js';

/** @typedef {import('oidc-provider').Context} Context */
/** @typedef {import('oidc-provider').Provider} Provider */
/** @typedef {{ status: number, error: string, description: string, scope?: string }} Refusal */

const NO_TOKEN = { status: 401, error: '', description: 'Send an access token as "Authorization: Bearer <token>".' };
const BAD_TOKEN = {
  status: 401,
  error: 'invalid_token',
  description: 'The access token is unknown, expired or revoked.',
};

/**
 * Finds whose request this is, from the provider's own token store.
 *
 * @param {Provider} provider
 * @param {Context} ctx
 * @param {string[]} scopes any one of these is enough; none: every token is
 * @returns {Promise<{ login: string } | Refusal>}
 */
async function authorise(provider, ctx, scopes) {
  const [, value] = /^bearer +([\w.~+/=-]+) *$/i.exec(ctx.get('authorization')) ?? [];
  if (!value) return NO_TOKEN;
  const token = await provider.AccessToken.find(value);
  if (!token?.isValid) return BAD_TOKEN;
  // A token lives no longer than what the user allowed: the grant is asked as well.
  const grant = await provider.Grant.find(token.grantId);
  const login = loginOf(token.accountId);
  if (!grant || grant.isExpired || grant.accountId !== token.accountId || login === null) return BAD_TOKEN;
  ctx.state.account = login;
  if (scopes.length === 0 || scopes.some((scope) => token.scopes.has(scope))) return { login };
  const description = 'The access token does not have the scope that this needs.';
  return { status: 403, error: 'insufficient_scope', description, scope: scopes[0] };
}

/** @param {Context} ctx @param {Refusal} refusal @param {boolean} google whether to answer in Google's shape */
function refuse(ctx, { status, error, description, scope }, google) {
  const parts = [
    'realm="demo"',
    error && `error="${error}"`,
    error && `error_description="${description}"`,
    scope && `scope="${scope}"`,
  ];
  ctx.status = status;
  ctx.set('www-authenticate', `Bearer ${parts.filter(Boolean).join(', ')}`);
  ctx.body = google
    ? {
        error: { code: status, message: description, status: status === 403 ? 'PERMISSION_DENIED' : 'UNAUTHENTICATED' },
      }
    : { error: error || 'unauthorized', error_description: description };
}

/** @param {string} login @returns {number} a number that stays the same for an account, for made-up mailboxes */
const seedOf = (login) => createHash('sha256').update(login).digest().readUInt32BE(0);

/** @param {string} login @param {string} user `me` or the account's own address */
function gmailProfile(login, user) {
  const { email } = claimsOf(login);
  if (user !== 'me' && user !== email) return null;
  const seed = seedOf(login);
  const messagesTotal = 100 + (seed % 5000);
  return { emailAddress: email, messagesTotal, threadsTotal: Math.ceil(messagesTotal * 0.6), historyId: String(seed) };
}

/** @param {Context} ctx */
function echo(ctx) {
  return { method: ctx.method, path: ctx.path, query: ctx.query, headers: ctx.headers };
}

/** @param {Context} ctx the resource of API-key accounts: one header, no OAuth */
function keyProfile(ctx) {
  const key = ctx.get('x-demo-key');
  if (!/^demo_[\w-]{3,200}$/.test(key)) {
    ctx.status = 401;
    ctx.body = {
      error: 'invalid_key',
      error_description: 'Send a key that begins with "demo_" in the header x-demo-key.',
    };
    return;
  }
  // Named after a part of the key's hash, so that neither the answer nor the ledger holds the key.
  const id = `key_${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  ctx.state.account = id;
  ctx.body = { id, name: `Demo key ${id.slice(4)}`, plan: 'demo' };
}

/** @param {Context} ctx */
function notFound(ctx) {
  ctx.status = 404;
  ctx.body = { error: 'not_found', error_description: 'There is no such resource.' };
}

/** @param {string} segment @returns {string} */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/**
 * What a token or key is good for: `/api/...`, `/gmail/...` (a stand-in for one call of Gmail) and `/key/...`.
 *
 * @param {Provider} provider
 * @returns {import('oidc-provider').Middleware}
 */
export function api(provider) {
  return async (ctx, next) => {
    if (!/^\/(api|gmail|key)\//.test(ctx.path)) return next();
    const [, gmailUser] = /^\/gmail\/v1\/users\/([^/]+)\/profile$/.exec(ctx.path) ?? [];
    const known = ['/api/profile', '/api/echo', '/key/profile'].includes(ctx.path) || gmailUser;
    if (!known) return notFound(ctx);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('allow', 'GET, HEAD');
      ctx.body = { error: 'method_not_allowed', error_description: 'Use GET.' };
      return;
    }
    if (ctx.path === '/key/profile') return keyProfile(ctx);
    const scopes = gmailUser ? GMAIL_SCOPES : ctx.path === '/api/profile' ? PROFILE_SCOPES : [];
    const who = await authorise(provider, ctx, scopes);
    if (!('login' in who)) return refuse(ctx, who, Boolean(gmailUser));
    if (ctx.path === '/api/echo') ctx.body = echo(ctx);
    else if (!gmailUser) ctx.body = { ...claimsOf(who.login), login: who.login };
    else {
      ctx.body = gmailProfile(who.login, decoded(gmailUser));
      if (ctx.body === null) {
        ctx.status = 403;
        ctx.body = {
          error: {
            code: 403,
            message: `Delegation denied for ${claimsOf(who.login).email}`,
            status: 'PERMISSION_DENIED',
          },
        };
      }
    }
  };
}
