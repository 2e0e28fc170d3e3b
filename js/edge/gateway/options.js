/** What a host says of its gateway, checked once: a gateway that is set up wrongly does not start. */

import { checkRates } from '../limits.js';
import { isSecret, keysOf } from './tokens.js';

/**
 * @typedef {object} Who the caller is, and what may pass for it; the core narrows every request to it
 * @property {string} userId whose accounts
 * @property {string[]} [operations] names of operations; without them those of the gateway's own option, else the usual ones
 * @property {string[]} [toolkits] slugs
 * @property {string[]} [origins] pages that may use it, and where links may return to; the gateway's unless given
 * @property {(string | object)[]} [tools] what may be executed: slugs, {slug, count?}, {methods, count?} for the proxy
 * @property {number} [count] how often anything may be executed
 */

/** @typedef {{ allUsers: true, operations?: string[] }} Everybody a caller who sees the accounts of all users, such as the host's own staff */

/**
 * The host's word on who sends a request, by its session, its cookie, its token. It does not read the request's body.
 * @typedef {(request: Request) => Who | Everybody | null | Promise<Who | Everybody | null>} Authorize null: nobody who is known
 */

/**
 * @typedef {object} Upstream the API behind the gateway
 * @property {string} baseURL without /api/v3
 * @property {string} apiKey the gateway's; it never leaves for a browser
 * @property {(request: string, init: RequestInit) => Promise<Response>} [fetch] the global one unless given
 * @property {number} [timeout] milliseconds for a whole answer, 30,000 unless given; of a long one, for each piece of it
 */

/**
 * @typedef {object} GatewayOptions
 * @property {Upstream} upstream
 * @property {Authorize} [authorize] who may call; needed unless `public` or `userTokens`
 * @property {{ secret: string | string[], name?: string }} [userTokens] that `createUserToken` makes with the same secret, of
 *   32 bytes or more; of several the first signs, and all are good, so that one can take the place of another. With a `name`,
 *   only those that are made for the gateway of this name
 * @property {true} [public] everybody who reaches the gateway sees the accounts of all users: for networks of one's own;
 *   needs `origin`
 * @property {string[]} [origins] of pages elsewhere that may call, to the letter: `https://app.example`
 * @property {string} [origin] the gateway's own; requests to another name are refused (421) then. Without it, it is
 *   whatever a request says, and links return to the listed origins alone
 * @property {string[]} [operations] names of the operations that pass; the usual ones of a browser unless given
 * @property {string} [path] where the gateway stands at its host, before /api/v3
 * @property {boolean} [cookies] browsers elsewhere send the host's cookies along, and must say where they are from
 * @property {'prefix' | 'full'} [mask] the first four characters of a secret stay, or none
 * @property {string[]} [harmless] further names of credential members that are not secret
 * @property {import('../limits.js').Rates} [limits] requests a minute: `tokens` of a user or a user token (600), `addresses`
 *   of who is not known (300); 0: no limit
 * @property {string} [addressHeader] the header by which the proxy in front of the gateway says where a request comes from
 * @property {boolean} [audit] one line in the log for each request, unless false
 */

/**
 * @typedef {object} Settings
 * @property {string} prefix what stands before every target
 * @property {string} apiKey
 * @property {(request: string, init: RequestInit) => Promise<Response>} fetch
 * @property {number} timeout
 * @property {Authorize | null} authorize null: public
 * @property {(() => Promise<import('../user-tokens.js').SigningKey[]>) | null} userTokens
 * @property {Set<string>} origins
 * @property {string | null} origin
 * @property {string[] | null} operations
 * @property {string} path
 * @property {boolean} cookies
 * @property {'prefix' | 'full'} mask
 * @property {string[]} harmless
 * @property {import('../limits.js').Rates} limits
 * @property {string | null} addressHeader
 * @property {boolean} audit
 */

const TIMEOUT = 30_000;
const MOST_TIMEOUT = 600_000;
const VISIBLE = /^[\x21-\x7e]+$/; // what a header's value can hold

/** @param {boolean} good @param {string} said */
const must = (good, said) => {
  if (!good) throw new TypeError(`createHandler: ${said}`);
};

/** @param {unknown} value */
const isTexts = (value) => Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');

/** @param {string} text */
const isOrigin = (text) => URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;

/** @param {Upstream} upstream */
const checkUpstream = ({ baseURL, apiKey, fetch: own, timeout }) => {
  must(typeof baseURL === 'string' && URL.canParse(baseURL), 'upstream.baseURL is no address');
  const { protocol, username, password, search, hash, pathname } = new URL(baseURL);
  must(/^https?:$/.test(protocol), 'upstream.baseURL must begin with https:// or http://');
  must(username + password + search + hash === '', 'upstream.baseURL must be a plain address');
  must(!/\/api\/v3/.test(pathname), 'upstream.baseURL does not hold /api/v3');
  // The key itself stands in no message.
  must(typeof apiKey === 'string' && apiKey.length >= 8 && VISIBLE.test(apiKey), 'upstream.apiKey is no key');
  must(own === undefined || typeof own === 'function', 'upstream.fetch is no function');
  const whole = timeout === undefined || (Number.isInteger(timeout) && timeout > 0 && timeout <= MOST_TIMEOUT);
  must(whole, `upstream.timeout must be 1 to ${MOST_TIMEOUT} milliseconds`);
};

/** @param {GatewayOptions} options */
const checkCallers = ({ authorize, public: open, userTokens, origins = [], origin, cookies = false }) => {
  must(authorize === undefined || typeof authorize === 'function', 'authorize is no function');
  must(
    authorize !== undefined || open === true || userTokens !== undefined,
    'authorize is missing, and the gateway is not said to be public',
  );
  must(authorize === undefined || open === undefined, 'a gateway with authorize is not public');
  must(userTokens === undefined || open === undefined, 'a gateway with userTokens is not public');
  // Else a page that makes its own name lead here would be a page of ours.
  must(open === undefined || origin !== undefined, 'a public gateway must say its origin');
  must(isTexts(origins) && origins.every(isOrigin), 'origins must be exact, as https://app.example');
  must(origin === undefined || isOrigin(origin), 'origin must be exact, as https://app.example');
  must(typeof cookies === 'boolean', 'cookies must be true or false');
};

/** @param {GatewayOptions['userTokens']} given @returns {Settings['userTokens']} */
const readUserTokens = (given) => {
  if (given === undefined) return null;
  const secrets = [given?.secret].flat();
  // No secret stands in a message.
  must(secrets.length > 0 && secrets.every(isSecret), 'userTokens.secret must have 32 bytes or more');
  must(given.name === undefined || isTexts([given.name]), 'userTokens.name must be a name');
  return keysOf(/** @type {string[]} */ (secrets), given.name);
};

/** For a gateway with user tokens alone. */
const nobody = () => null;

/**
 * @param {GatewayOptions} options
 * @returns {Settings}
 * @throws {TypeError} that names the option, and no value of it
 */
export const readOptions = (options) => {
  const { upstream, authorize, origins = [], origin = null, operations, path = '' } = options;
  const { cookies = false, mask = 'prefix', harmless = [], audit = true, limits = {}, addressHeader = null } = options;
  checkUpstream(upstream);
  checkCallers(options);
  must(operations === undefined || isTexts(operations), 'operations must be names');
  must(path === '' || /^(\/[\w.~-]+)+$/.test(path), 'path must be as /accounts');
  must(mask === 'prefix' || mask === 'full', 'mask must be prefix or full');
  must(isTexts(harmless), 'harmless must be names');
  return {
    prefix: new URL(upstream.baseURL).href.replace(/\/$/, ''),
    apiKey: upstream.apiKey,
    fetch: upstream.fetch ?? ((request, init) => fetch(request, init)), // not as a method of something else
    timeout: upstream.timeout ?? TIMEOUT,
    authorize: authorize ?? (options.public === true ? null : nobody),
    userTokens: readUserTokens(options.userTokens),
    origins: new Set(origins),
    origin,
    operations: operations ?? null,
    path,
    cookies,
    mask,
    harmless,
    limits: checkRates(limits, ['tokens', 'addresses']),
    addressHeader,
    audit,
  };
};
