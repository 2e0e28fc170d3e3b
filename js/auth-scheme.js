// Credentials that a program has already, in the shape that `initiate` and `update` take as `config`.

/** @typedef {import('./types.js').AuthSchemeName} AuthSchemeName */

/**
 * @template {Record<string, any>} T
 * @param {AuthSchemeName} authScheme
 */
const builder =
  (authScheme) =>
  /** @param {T} [val] */
  (val) => ({ authScheme, val: { ...val } });

/**
 * One builder for each scheme. The members keep the service's spelling, and more of them are fine (`subdomain`,
 * `region`, `base_url`, ...).
 *
 * @example
 * await devcaster.connectedAccounts.initiate('user_123', 'ac_123456789012', {
 *   config: AuthScheme.APIKey({ api_key: 'demo_1234567890' }),
 * });
 */
export const AuthScheme = Object.freeze({
  /** @type {Build<{ access_token?: string, refresh_token?: string, token_type?: string, expires_in?: number | string, scope?: string | string[], id_token?: string }>} */
  OAuth2: builder('OAUTH2'),
  /** @type {Build<{ oauth_token?: string, oauth_token_secret?: string, oauth_verifier?: string, consumer_key?: string }>} */
  OAuth1: builder('OAUTH1'),
  /** @type {Build<{ api_key?: string, generic_api_key?: string, bearer_token?: string, basic_encoded?: string }>} */
  APIKey: builder('API_KEY'),
  /** @type {Build<{ username: string, password: string }>} */
  Basic: builder('BASIC'),
  /** @type {Build<{ token: string }>} */
  BearerToken: builder('BEARER_TOKEN'),
  /** @type {Build<{}>} */
  NoAuth: builder('NO_AUTH'),
  /** @type {Build<{ username: string, password: string }>} */
  BasicWithJWT: builder('BASIC_WITH_JWT'),
  /** @type {Build<{ credentials_json: string }>} */
  GoogleServiceAccount: builder('GOOGLE_SERVICE_ACCOUNT'),
  /** @type {Build<{ application_id: string, installation_id: string, private_key: string }>} */
  ServiceAccount: builder('SERVICE_ACCOUNT'),
  /** @type {Build<{}>} */
  BillcomAuth: builder('BILLCOM_AUTH'),
  /** @type {Build<{}>} */
  CalcomAuth: builder('CALCOM_AUTH'),
  /** @type {Build<{}>} */
  SAML: builder('SAML'),
  /** @type {Build<{ client_id?: string, client_secret?: string, access_token?: string, refresh_token?: string }>} */
  DCROAuth: builder('DCR_OAUTH'),
  /** @type {Build<{ access_token?: string, token_type?: string, expires_in?: number | string, scope?: string | string[] }>} */
  S2SOAuth2: builder('S2S_OAUTH2'),
});

/**
 * @template T
 * @typedef {(val?: T & Record<string, any>) => { authScheme: AuthSchemeName, val: Record<string, any> }} Build
 */
