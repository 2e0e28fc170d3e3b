import { findAccount } from './interactions.js';
import { problemPage } from './pages.js';
import { SCOPES } from './scopes.js';

/** @typedef {import('oidc-provider').Context} Context */
/** @typedef {{ id: string, secret: string, redirectUris: string[], name?: string }} DemoClient */
/** @typedef {{ clientId: string }} OfClient */

const DAY = 24 * 3600;

/** @param {DemoClient} client in the field names of RFC 7591 */
const metadataOf = ({ id, secret, redirectUris, name }) => ({
  client_id: id,
  client_secret: secret,
  client_name: name ?? id,
  redirect_uris: redirectUris,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  // The library takes the secret in the body as well when this is set.
  token_endpoint_auth_method: 'client_secret_basic',
});

/** @param {Context} _ctx @param {OfClient} client @param {OfClient} token */
const ownTokensOnly = (_ctx, client, token) => token.clientId === client.clientId;

/** @param {import('./provider.js').DemoOptions} options */
const lifetimes = (options) => ({
  AccessToken: options.accessTokenSeconds ?? 3600,
  AuthorizationCode: 60,
  Grant: 365 * DAY,
  IdToken: 3600,
  Interaction: 3600,
  RefreshToken: options.refreshTokenSeconds ?? 30 * DAY,
  Session: 14 * DAY,
});

/** Only what a connected account needs is on; everything else would be more to attack. */
const FEATURES = {
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  introspection: { enabled: true, allowedPolicy: ownTokensOnly },
  pushedAuthorizationRequests: { enabled: false },
  resourceIndicators: { enabled: false },
  revocation: { enabled: true, allowedPolicy: ownTokensOnly },
  rpInitiatedLogout: { enabled: false },
};

/**
 * The configuration of oidc-provider.
 *
 * @param {string} origin
 * @param {import('./provider.js').DemoOptions} options
 * @param {import('./secrets.js').Secrets} secrets
 * @param {(kind: string) => object} adapter
 */
export function settings(origin, options, secrets, adapter) {
  return {
    adapter,
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    clientBasedCORS: () => false,
    clients: options.clients.map(metadataOf),
    clockTolerance: 0,
    cookies: {
      keys: secrets.cookieKeys,
      // Cookies know no ports: other programs on 127.0.0.1 must not use the same names.
      names: { session: 'demo_session', interaction: 'demo_interaction', resume: 'demo_resume' },
    },
    expiresWithSession: () => false,
    features: FEATURES,
    findAccount,
    interactions: {
      url: (/** @type {Context} */ _ctx, /** @type {{ uid: string }} */ { uid }) => `/interaction/${uid}`,
    },
    issueRefreshToken: () => true,
    jwks: secrets.jwks,
    // Never the grant of an earlier consent: each connected account stands for itself.
    loadExistingGrant: async (/** @type {Context} */ { oidc }) => {
      const grantId = oidc?.result?.consent?.grantId;
      return grantId ? oidc.provider.Grant.find(grantId) : undefined;
    },
    pkce: { required: () => true },
    renderError: (/** @type {Context} */ ctx, /** @type {{ error: string, error_description?: string }} */ out) => {
      const text = out.error_description ?? 'The request could not be handled.';
      ctx.type = 'html';
      ctx.set(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
      );
      ctx.body = problemPage({ origin, title: 'This did not work', text, code: out.error });
    },
    revokeGrantPolicy: () => true,
    rotateRefreshToken: true,
    scopes: [...SCOPES.keys()],
    ttl: lifetimes(options),
  };
}
