// What a client is made with: the constructor's options, filled up from the environment and checked.
import { ValidationError } from './errors.js';

const BASE_URL = 'https://backend.devcaster.dev';
const TIMEOUT = 60_000;
const MAX_RETRIES = 2;

/** @typedef {(refused?: string) => string | Promise<string>} UserTokenSource */
/**
 * @typedef {object} ClientOptions
 * @property {string | undefined} [apiKey]  a project's key; default: the environment's `DEVCASTER_API_KEY`. It belongs on a
 *   server: whoever sees it can do everything with the project.
 * @property {string | UserTokenSource | undefined} [userToken]  a short token of one user, for browsers; a function is asked before
 *   each request, and once more with the token that the service refused (401), so it can keep one until then
 * @property {'same-origin' | undefined} [credentials]  the signed-in page's cookie
 * @property {boolean | undefined} [dangerouslyAllowBrowser]  an API key in a page is public: everybody can read it there. True
 *   says that this is known and meant, as in a test.
 * @property {string | undefined} [baseURL]  without `/api/v3`; default: `DEVCASTER_BASE_URL`, then the hosted service, or the
 *   page's own origin with `credentials`
 * @property {string | Record<string, string> | undefined} [toolkitVersions]  version of the tools of each toolkit, such as
 *   `{ gmail: '20251111_00' }`, or one for all; default: `DEVCASTER_TOOLKIT_VERSION_<TOOLKIT>`
 * @property {typeof globalThis.fetch | undefined} [fetch]
 * @property {number | undefined} [timeout]  milliseconds for one attempt, answer included; default 60 s
 * @property {number | undefined} [maxRetries]  repetitions of calls that may be repeated; default 2
 * @property {Record<string, string> | undefined} [defaultHeaders]  sent with every request
 * @property {import('./core/base.js').CoreSource | undefined} [wasm]  the core's module, where the built-in one does not do
 */

/**
 * Options of one call, always the last argument.
 *
 * @typedef {object} CallOptions
 * @property {AbortSignal | undefined} [signal]  ends the call with the signal's reason
 * @property {number | undefined} [timeout]  milliseconds for one attempt
 * @property {Record<string, string> | undefined} [headers]
 * @property {number | undefined} [maxRetries]
 */

/**
 * @typedef {object} Settings
 * @property {URL} base
 * @property {{ kind: 'key', key: string } | { kind: 'token', token: UserTokenSource, renews: boolean } | { kind: 'page' }} auth
 * @property {typeof globalThis.fetch} fetch
 * @property {number} timeout
 * @property {number} maxRetries
 * @property {Headers} headers
 * @property {string | Record<string, string> | undefined} toolkitVersions
 */

/**
 * @param {ClientOptions} options
 * @returns {Settings}
 * @throws {ValidationError}
 */
export function readOptions(options) {
  refuseUnknown(options);
  const auth = readAuth(options);
  return {
    base: readBase(options.baseURL ?? environment('DEVCASTER_BASE_URL') ?? ownOrigin(auth.kind) ?? BASE_URL),
    auth,
    // Looked up at each call, so that a fetch that is replaced later (instrumentation, tests) is seen.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeout: readNumber('timeout', options.timeout, TIMEOUT),
    maxRetries: readNumber('maxRetries', options.maxRetries, MAX_RETRIES),
    headers: readHeaders(options.defaultHeaders),
    toolkitVersions: options.toolkitVersions,
  };
}

const KNOWN = [
  'apiKey',
  'userToken',
  'credentials',
  'dangerouslyAllowBrowser',
  'baseURL',
  'toolkitVersions',
  'fetch',
  'timeout',
  'maxRetries',
  'defaultHeaders',
  'wasm',
];

/** A misspelt `baseURL` would send the key to another server. @param {unknown} options */
function refuseUnknown(options) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ValidationError('The options are an object, such as { apiKey }');
  }
  const unknown = Object.keys(options).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0)
    throw new ValidationError(`No such option: ${unknown.join(', ')}. There are: ${KNOWN.join(', ')}`);
}

/** A variable of the environment, where there is one (Node, Bun, Deno, workers with compatibility). @param {string} name */
export function environment(name) {
  try {
    return globalThis.process?.env?.[name]?.trim() || undefined;
  } catch {
    return undefined; // Deno without permission to read it
  }
}

/** @param {string} name @param {number | undefined} value @param {number} otherwise */
export function readNumber(name, value, otherwise) {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !(value >= 0)) throw new ValidationError(`${name} is a number, 0 or more`);
  return value;
}

/** @param {Record<string, string>} [headers] @param {Headers} [defaults] */
export function readHeaders(headers, defaults) {
  const all = new Headers(defaults);
  for (const [name, value] of Object.entries(headers ?? {})) {
    try {
      all.set(name, value);
    } catch {
      // The platform's own message repeats the value, and that can be a secret.
      throw new ValidationError(`The header ${JSON.stringify(name)} has a name or value that cannot be sent`);
    }
  }
  return all;
}

/** A key or token as it can stand in a header. @param {string} name @param {unknown} value */
export function readSecret(name, value) {
  const secret = typeof value === 'string' ? value.trim() : '';
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new ValidationError(`${name} is empty or holds characters that no ${name} has`);
  }
  return secret;
}

/** @param {ClientOptions} options @returns {Settings['auth']} */
function readAuth({ apiKey, userToken, credentials, dangerouslyAllowBrowser }) {
  const given = [apiKey, userToken, credentials].filter((value) => value !== undefined && value !== null).length;
  if (given > 1) throw new ValidationError('Give one of apiKey, userToken and credentials, not several');
  if (userToken !== undefined && userToken !== null) {
    if (typeof userToken === 'function') return { kind: 'token', token: userToken, renews: true };
    const token = readSecret('userToken', userToken);
    return { kind: 'token', token: () => token, renews: false };
  }
  if (credentials !== undefined && credentials !== null) {
    if (credentials !== 'same-origin') throw new ValidationError("credentials can only be 'same-origin'");
    return { kind: 'page' };
  }
  const key = apiKey ?? environment('DEVCASTER_API_KEY');
  if (key === undefined) {
    throw new ValidationError('No credentials: give apiKey or userToken, or set DEVCASTER_API_KEY');
  }
  if (isPage() && dangerouslyAllowBrowser !== true) {
    throw new ValidationError(
      'An API key in a page can be read by everybody who opens it. Use userToken there; ' +
        'dangerouslyAllowBrowser: true says that you mean it.',
    );
  }
  return { kind: 'key', key: readSecret('apiKey', key) };
}

/** @param {string} text @returns {URL} */
function readBase(text) {
  let base;
  try {
    base = new URL(text);
  } catch {
    throw new ValidationError('baseURL is not an absolute URL');
  }
  if (!/^https?:$/.test(base.protocol)) throw new ValidationError('baseURL begins with https: or http:');
  if (base.username || base.password || base.search || base.hash) {
    throw new ValidationError('baseURL has no user name, no query and no fragment');
  }
  base.pathname = base.pathname.replace(/\/+$/, '');
  return base;
}

/** @param {string} kind */
function ownOrigin(kind) {
  return kind === 'page' ? globalThis.location?.origin : undefined;
}

function isPage() {
  return typeof window !== 'undefined' && typeof window.document !== 'undefined';
}
