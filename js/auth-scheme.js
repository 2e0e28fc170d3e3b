// Credentials that a program has already, in the shape that `initiate` and `update` take as `config`.

/** @typedef {import('./types.js').AuthSchemeName} AuthSchemeName */
/** @typedef {Record<string, unknown>} More  further members that a toolkit asks for: `subdomain`, `region`, `base_url`, ... */

/**
 * A state for `config`.
 *
 * @template {AuthSchemeName} Name
 * @template Members
 * @typedef {{ authScheme: Name, val: Members & More }} State
 */

/**
 * The members may be left out where none of them has to be there.
 *
 * @template {AuthSchemeName} Name
 * @template Members
 * @typedef {{} extends Members ? (val?: Members & More) => State<Name, Members> : (val: Members & More) => State<Name, Members>} Build
 */

/**
 * What providers answer beside the access token, in their own spelling.
 *
 * @typedef {object} TokenSet
 * @property {string} [access_token]  without it, the members are what the consent page would ask for
 * @property {string} [token_type]
 * @property {string | null} [refresh_token]
 * @property {string} [id_token]
 * @property {number | string | null} [expires_in]  seconds
 * @property {string | string[] | null} [scope]
 */

/** @typedef {{ username: string, password: string }} Login */

/**
 * @template {AuthSchemeName} Name
 * @param {Name} authScheme
 * @returns {any} each builder is named and typed below
 */
const builder = (authScheme) => (/** @type {object} */ val) => ({ authScheme, val: { ...val } });

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
  /** @type {Build<'OAUTH2', TokenSet & { authed_user?: { access_token?: string, scope?: string } }>} */
  OAuth2: builder('OAUTH2'),
  /** @type {Build<'OAUTH1', { oauth_token?: string, oauth_token_secret?: string, oauth_verifier?: string, consumer_key?: string }>} */
  OAuth1: builder('OAUTH1'),
  /** @type {Build<'API_KEY', { api_key?: string, generic_api_key?: string, bearer_token?: string, basic_encoded?: string }>} */
  APIKey: builder('API_KEY'),
  /** @type {Build<'BASIC', Login>} */
  Basic: builder('BASIC'),
  /** @type {Build<'BEARER_TOKEN', { token: string }>} */
  BearerToken: builder('BEARER_TOKEN'),
  /** @type {Build<'NO_AUTH', {}>} */
  NoAuth: builder('NO_AUTH'),
  /** @type {Build<'BASIC_WITH_JWT', Login>} */
  BasicWithJWT: builder('BASIC_WITH_JWT'),
  /** @type {Build<'GOOGLE_SERVICE_ACCOUNT', { credentials_json: string }>} */
  GoogleServiceAccount: builder('GOOGLE_SERVICE_ACCOUNT'),
  /** @type {Build<'SERVICE_ACCOUNT', { application_id: string, installation_id: string, private_key: string }>} */
  ServiceAccount: builder('SERVICE_ACCOUNT'),
  /** @type {Build<'BILLCOM_AUTH', {}>} */
  BillcomAuth: builder('BILLCOM_AUTH'),
  /** @type {Build<'CALCOM_AUTH', {}>} */
  CalcomAuth: builder('CALCOM_AUTH'),
  /** @type {Build<'SAML', {}>} */
  SAML: builder('SAML'),
  /** @type {Build<'DCR_OAUTH', TokenSet & { client_id?: string, client_secret?: string }>} */
  DCROAuth: builder('DCR_OAUTH'),
  /** @type {Build<'S2S_OAUTH2', Omit<TokenSet, 'refresh_token' | 'id_token'>>} */
  S2SOAuth2: builder('S2S_OAUTH2'),
});
