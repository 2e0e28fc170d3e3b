// The masking rules of contract section 3, written a second time with JSON.parse and regular expressions. It shares
// nothing with the core, so that both being wrong in the same way is unlikely. It keeps no bytes: it says what the
// parsed result must be.

const HARMLESS = new Set(
  (
    'status authScheme token_type scope scopes expires_in expires_at expired_at error error_description username ' +
    'client_id consumer_key redirectUrl redirect_url redirect_uri callback_url callbackUrl finalRedirectUri authUri ' +
    'state_prefix displayName subdomain your-domain region shop account_url COMPANYDOMAIN extension form_api_base_url ' +
    'instanceEndpoint api_url borneo_dashboard_url proxy_username domain version dc site_name instanceName account_id ' +
    'your_server server_location base_url instance_url tenant tenant_id cloud_id realm_id application_id installation_id'
  ).split(' '),
);

const SECRET = new Set(
  (
    'access_token refresh_token id_token token auth_token session_token bearer_token oauth_token oauth_token_secret ' +
    'oauth_verifier api_key apikey api_token secret_key access_key bot_token generic_api_key generic_token ' +
    'generic_secret secret client_secret consumer_secret app_secret webhook_secret signing_secret password passphrase ' +
    'proxy_password basic_encoded authorization credentials_json private_key code_verifier session_id dev_key ' +
    'registration_access_token jwt assertion webhook_signature'
  )
    .split(' ')
    .map(flat),
);

const EXCEPTED = new Set(
  'public_key primary_key foreign_key sort_key consumer_key next_page_token page_token'.split(' ').map(flat),
);

/** All names of the contract, for tests that must meet each one. */
export const names = { harmless: [...HARMLESS], secret: [...SECRET], excepted: [...EXCEPTED] };

/** Bits of a scope, as in devcaster.h. */
export const scopes = { byName: 1, state: 2, data: 4, params: 8, connection: 16, credentials: 32, whole: 64 };

/** @param {string} name */
function flat(name) {
  return name.replace(/[-_]/g, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** @param {string} name */
export function isSecretName(name) {
  if (Buffer.byteLength(name) > 256 || SECRET.has(flat(name))) return true;
  if (EXCEPTED.has(flat(name))) return false;
  const words = name
    .replace(/([^A-Z_-])(?=[A-Z])/gu, '$1_')
    .replace(/([A-Z])(?=[A-Z][a-z])/g, '$1_')
    .replace(/[-_]+$/, '');
  return /[-_](token|secret|password|key)$/i.test(words);
}

/** @param {string} text @param {boolean} full */
function maskText(text, full) {
  const characters = Array.from(text);
  return full || characters.length < 4 || text === 'REDACTED' ? 'REDACTED' : `${characters.slice(0, 4).join('')}...`;
}

/** Secret in URLs, and nowhere else. */
const IN_URLS = 'key sig signature pass pwd auth code access_code x-amz-signature x-goog-signature'.split(' ');

/** @param {string} parameter */
function maskParameter(parameter) {
  const [name, ...value] = parameter.split('=');
  const plain = decodeURIComponent(name);
  const secret = isSecretName(plain) || IN_URLS.map(flat).includes(flat(plain));
  return value.length > 0 && secret ? `${name}=REDACTED` : parameter;
}

/** User info of a text that is one address: with a scheme all up to the last `@`, without one if a colon is in it.
 * @param {string} text */
function splitAddress(text) {
  const special = /^(?:https?|ftp|wss?):[/\\]*/i.exec(text);
  const other = /^[a-z][a-z0-9+.-]*:[/\\]{2,}/i.exec(text);
  const scheme = (special ?? other)?.[0] ?? '';
  const [authority] = /^[^/\\?#]*/.exec(text.slice(scheme.length)) ?? [''];
  const user = authority.slice(0, authority.lastIndexOf('@') + 1);
  const gone = scheme !== '' || (user.slice(0, -1).includes(':') && !user.includes(' ')) ? user.length : 0;
  return { scheme, rest: text.slice(scheme.length + gone) };
}

/** A text that is one well-formed URL or address, or holds none. @param {string} text */
function maskUrl(text) {
  const { scheme, rest } = splitAddress(text);
  const parts = /^([^?#]*)(.*)$/s.exec(rest);
  if (!parts || (scheme === '' && / /.test(text))) return text;
  return (
    scheme + parts[1] + parts[2].replace(/([?#&])([^?#&]*)/g, (_, mark, parameter) => mark + maskParameter(parameter))
  );
}

/** Names that are secret in URLs only. */
export const urlNames = IN_URLS;

/**
 * The parsed document as it must be after masking.
 *
 * @param {unknown} document what JSON.parse made of it
 * @param {{ scope: number, full?: boolean, extra?: string[] }} options
 * @returns {unknown}
 */
export function maskReference(document, { scope, full = false, extra = [] }) {
  /** @type {(value: any, place: { inside: boolean, all: boolean, secret: boolean, harmless: boolean, parent: string }) => unknown} */
  const walk = (value, place) => {
    const { inside, all, secret, harmless } = place;
    const hidden = all || secret;
    if (typeof value === 'string') {
      if (hidden || (inside && !harmless)) return maskText(value, full);
      return inside ? maskUrl(value) : value;
    }
    if (typeof value === 'number') return hidden ? 'REDACTED' : value;
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item) => walk(item, { ...place, all: hidden }));
    const members = Object.entries(value).map(([name, member]) => [
      name,
      walk(member, judge(name, { ...place, all: hidden })),
    ]);
    return Object.fromEntries(members);
  };

  /** @type {(name: string, place: { inside: boolean, all: boolean, parent: string }) => any} */
  const judge = (name, { inside, all, parent }) => {
    const opens = inside || opensCredential(flat(name), parent, scope);
    const harmless = inside && Buffer.byteLength(name) <= 256 && (HARMLESS.has(name) || extra.includes(name));
    const secret = !harmless && isSecretName(name) && (inside || (scope & scopes.byName) !== 0);
    return { inside: opens, all, secret, harmless, parent: flat(name) };
  };

  const inside = (scope & scopes.whole) !== 0;
  return walk(document, { inside, all: false, secret: false, harmless: false, parent: '' });
}

/** @param {string} name @param {string} parent @param {number} scope */
function opensCredential(name, parent, scope) {
  if (name === 'data') return (scope & scopes.data) !== 0;
  if (name === 'params') return (scope & scopes.params) !== 0;
  if (name === 'credentials' || name === 'sharedcredentials') return (scope & scopes.credentials) !== 0;
  if (name !== 'val') return false;
  return (
    (parent === 'state' && (scope & scopes.state) !== 0) ||
    (parent === 'connectiondata' && (scope & scopes.connection) !== 0)
  );
}
