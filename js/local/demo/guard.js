/** @typedef {import('oidc-provider').Middleware} Middleware */

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Refuses requests for another host name. Without this, a page on the internet whose name is made to point at
 * 127.0.0.1 (DNS rebinding) could read this provider as its own site.
 *
 * @param {string} host the name or address that the provider listens on
 * @returns {Middleware}
 */
export const ownHostOnly = (host) => async (ctx, next) => {
  const asked = ctx.get('host').replace(/:\d+$/, '');
  if (LOOPBACK.has(asked) || asked === host) return next();
  ctx.status = 421;
  ctx.body = { error: 'invalid_request', error_description: 'This host name is not served here.' };
};

/**
 * Posted forms must come from the provider's own pages.
 *
 * @param {import('oidc-provider').Context} ctx
 * @param {string} origin
 * @returns {boolean}
 */
export function isForeignPost(ctx, origin) {
  const from = ctx.get('origin');
  const site = ctx.get('sec-fetch-site');
  return (from !== '' && from !== origin) || (site !== '' && site !== 'same-origin');
}

/**
 * Headers of every answer; pages widen the policy by what they need.
 * @type {Middleware}
 */
export const secureHeaders = async (ctx, next) => {
  ctx.set('x-content-type-options', 'nosniff');
  // Not `no-referrer`: with it a browser sends `Origin: null` with the pages' own forms.
  ctx.set('referrer-policy', 'same-origin');
  ctx.set('x-frame-options', 'DENY');
  ctx.set('cross-origin-resource-policy', 'same-origin');
  ctx.set('cache-control', 'no-store');
  ctx.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  return next();
};
