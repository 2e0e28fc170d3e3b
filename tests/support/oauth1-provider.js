// A real OAuth 1.0a server (RFC 5849), written from the RFC and sharing nothing with the core: it checks every signature,
// timestamp and nonce, and what it does not understand it refuses. It stands where the demo provider was.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/** @typedef {{ name: string, value: string }} Pair */
/** @typedef {{ secret: string, consumer: string, callback: string, login: string | null, verifier: string | null }} Temporary */
/** @typedef {{ secret: string, consumer: string, login: string }} Token */
/** @typedef {{ path: string, method: string, headers: import('node:http').IncomingHttpHeaders, body: string, problem: string | null }} Seen */

const CLOCK = 300; // seconds that two clocks may differ
const PROTOCOL = ['oauth_consumer_key', 'oauth_signature_method', 'oauth_timestamp', 'oauth_nonce', 'oauth_signature'];

/** Section 3.6, byte by byte. @param {string} text */
function encode(text) {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const plain = /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte)) && byte < 0x80;
    out += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** Section 3.4.1.3.1: a form's pairs. @param {string} text @returns {Pair[]} */
const formPairs = (text) =>
  text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      const plain = (/** @type {string} */ each) => decodeURIComponent(each.replaceAll('+', ' '));
      return { name: plain(name), value: plain(value) };
    });

/** Section 3.5.1. @param {string} header @returns {Pair[] | null} */
function headerPairs(header) {
  const [, list] = /^OAuth\s+(.*)$/i.exec(header) ?? [];
  if (list === undefined) return null;
  const pairs = list.split(/\s*,\s*/).map((each) => /^([^=\s]+)="([^"]*)"$/.exec(each));
  if (pairs.some((pair) => pair === null)) return null;
  return pairs.map((pair) => ({
    name: decodeURIComponent(/** @type {any} */ (pair)[1]),
    value: decodeURIComponent(/** @type {any} */ (pair)[2]),
  }));
}

/** Section 3.4.1.1. @param {string} method @param {URL} url @param {Pair[]} pairs */
function baseString(method, url, pairs) {
  const normal = pairs
    .filter(({ name }) => name !== 'oauth_signature' && name !== 'realm')
    .map(({ name, value }) => ({ name: encode(name), value: encode(value) }))
    .sort((a, b) => (a.name === b.name ? (a.value < b.value ? -1 : 1) : a.name < b.name ? -1 : 1))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
  return [method.toUpperCase(), `${url.protocol}//${url.host}${url.pathname}`, normal].map(encode).join('&');
}

const random = () => randomBytes(18).toString('base64url');

/** What a test may change while it runs. @typedef {object} Mood
 * @property {boolean} confirms the callback (section 2.1)
 * @property {'denied' | 'problem' | 'error' | 'silent'} denial how a user's no is told
 * @property {Set<string>} closed paths that answer 503
 * @property {string | null} words a refusal says, beside the code
 * @property {Record<string, string>} more members of the token answer
 */

export class OAuth1Provider {
  /** @type {Map<string, string>} consumer key -> secret */ consumers = new Map();
  /** @type {Map<string, Temporary>} */ #temporary = new Map();
  /** @type {Map<string, Token>} */ tokens = new Map();
  /** @type {Set<string>} */ #nonces = new Set();
  /** @type {Seen[]} */ seen = [];
  /** @type {Mood} */ mood = { confirms: true, denial: 'denied', closed: new Set(), words: null, more: {} };
  #origin;
  #server;

  /** @param {string} origin */
  constructor(origin) {
    this.#origin = origin;
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        const { status, type, text, location } = this.#answer(request, body);
        response.writeHead(status, { 'content-type': type, ...(location && { location }) }).end(text);
      });
    });
  }

  async start() {
    const { hostname, port } = new URL(this.#origin);
    await new Promise((resolve) => this.#server.listen(Number(port), hostname, () => resolve(undefined)));
    return this;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What came to one place. @param {string} path */
  at(path) {
    return this.seen.filter((one) => one.path === path);
  }

  /** Everything that was handed out or agreed on, and must not be seen by others. @returns {string[]} */
  secrets() {
    const own = [...this.#temporary.values(), ...this.tokens.values()].map(({ secret }) => secret);
    return [...this.consumers.values(), ...own, ...this.tokens.keys()];
  }

  /** A token outside of any consent, as one that a caller brings along. @param {string} consumer @param {string} login */
  give(consumer, login) {
    const token = random();
    const secret = random();
    this.tokens.set(token, { secret, consumer, login });
    return { oauth_token: token, oauth_token_secret: secret };
  }

  /** @param {import('node:http').IncomingMessage} request @param {string} body */
  #answer(request, body) {
    const url = new URL(request.url ?? '/', this.#origin);
    const method = request.method ?? '';
    /** @type {Seen} */
    const seen = { path: url.pathname, method, headers: request.headers, body, problem: null };
    this.seen.push(seen);
    if (this.mood.closed.has(url.pathname)) return page(503, 'closed');
    if (url.pathname === '/o1/authorize') return this.#authorize(method, url, body);
    const checked = this.#check(method, url, request.headers, body, this.#secretOf(url.pathname));
    if ('problem' in checked) {
      seen.problem = checked.problem;
      const advice = this.mood.words === null ? '' : `&oauth_problem_advice=${encode(this.mood.words)}`;
      return form(401, `oauth_problem=${checked.problem}${advice}`);
    }
    const { own, token } = checked;
    if (url.pathname === '/o1/request') return this.#request(own);
    if (url.pathname === '/o1/access') return this.#access(own);
    const { login } = /** @type {Token} */ (this.tokens.get(token));
    return json({ id: login, name: `Dear ${login}`, method, query: url.search, said: body });
  }

  /** Whose secret signs at this place: nobody's yet, a temporary one, a token's. @param {string} path */
  #secretOf(path) {
    if (path === '/o1/request') return (/** @type {string} */ token) => (token === '' ? '' : null);
    const table = path === '/o1/access' ? this.#temporary : this.tokens;
    return (/** @type {string} */ token, /** @type {string} */ consumer) => {
      const found = table.get(token);
      return found?.consumer === consumer ? found.secret : null;
    };
  }

  /**
   * Section 3.2.
   * @param {string} method @param {URL} url @param {import('node:http').IncomingHttpHeaders} headers @param {string} body
   * @param {(token: string, consumer: string) => string | null} secretOf
   * @returns {{ problem: string } | { own: Map<string, string>, token: string }}
   */
  #check(method, url, headers, body, secretOf) {
    const header = headerPairs(headers.authorization ?? '');
    if (header === null) return { problem: 'parameter_absent' };
    const isForm = /^application\/x-www-form-urlencoded(;|$)/i.test(headers['content-type'] ?? '');
    const pairs = [...header, ...formPairs(url.search.slice(1)), ...(isForm ? formPairs(body) : [])];
    const oauth = pairs.filter(({ name }) => name.startsWith('oauth_'));
    const own = new Map(oauth.map(({ name, value }) => [name, value]));
    if (own.size !== oauth.length) return { problem: 'parameter_rejected' }; // section 3.1: not more than once
    if (PROTOCOL.some((name) => !own.get(name))) return { problem: 'parameter_absent' };
    if (own.get('oauth_signature_method') !== 'HMAC-SHA1') return { problem: 'signature_method_rejected' };
    const consumer = own.get('oauth_consumer_key') ?? '';
    const token = own.get('oauth_token') ?? '';
    const secret = this.consumers.get(consumer);
    if (secret === undefined) return { problem: 'consumer_key_unknown' };
    const second = secretOf(token, consumer);
    if (second === null) return { problem: 'token_rejected' };
    const time = own.get('oauth_timestamp') ?? '';
    if (!/^[1-9]\d*$/.test(time) || Math.abs(Number(time) - Date.now() / 1000) > CLOCK)
      return { problem: 'timestamp_refused' };
    const key = `${encode(secret)}&${encode(second)}`;
    const wanted = createHmac('sha1', key)
      .update(baseString(method, url, pairs))
      .digest();
    const given = Buffer.from(own.get('oauth_signature') ?? '', 'base64');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { problem: 'signature_invalid' };
    const once = JSON.stringify([consumer, token, time, own.get('oauth_nonce')]);
    if (this.#nonces.has(once)) return { problem: 'nonce_used' };
    this.#nonces.add(once);
    return { own, token };
  }

  /** Section 2.1. @param {Map<string, string>} own */
  #request(own) {
    const callback = own.get('oauth_callback');
    if (!callback || !URL.canParse(callback)) return form(400, 'oauth_problem=parameter_absent');
    const token = random();
    const secret = random();
    const consumer = own.get('oauth_consumer_key') ?? '';
    this.#temporary.set(token, { secret, consumer, callback, login: null, verifier: null });
    const confirmed = this.mood.confirms ? '&oauth_callback_confirmed=true' : '';
    return form(200, `oauth_token=${token}&oauth_token_secret=${secret}${confirmed}`);
  }

  /** Section 2.2: the user signs in by name and says yes or no. @param {string} method @param {URL} url @param {string} body */
  #authorize(method, url, body) {
    const token = url.searchParams.get('oauth_token') ?? '';
    const temporary = this.#temporary.get(token);
    if (!temporary || temporary.verifier !== null) return page(400, 'no such request');
    if (method === 'GET') return page(200, '<form method="post">…</form>');
    const fields = new URLSearchParams(body);
    const back = new URL(temporary.callback);
    if (fields.get('decision') !== 'allow') {
      this.#temporary.delete(token);
      const { denial } = this.mood;
      if (denial === 'denied') back.searchParams.set('denied', token);
      if (denial === 'problem') back.searchParams.set('oauth_problem', 'user_refused');
      if (denial === 'error') back.searchParams.set('error', 'access_denied');
      if (denial === 'silent') back.searchParams.set('oauth_token', token);
      return { ...page(302, ''), location: back.href };
    }
    temporary.login = fields.get('login');
    temporary.verifier = random();
    back.searchParams.set('oauth_token', token);
    back.searchParams.set('oauth_verifier', temporary.verifier);
    return { ...page(302, ''), location: back.href };
  }

  /** As some providers do: with everything that it was asked with. @param {Temporary | undefined} temporary @param {Map<string, string>} own */
  #denyVerifier(temporary, own) {
    const advice = `not ${own.get('oauth_verifier')} of ${temporary?.secret} and ${own.get('oauth_token')}`;
    return form(401, `oauth_problem=verifier_invalid&oauth_problem_advice=${encode(advice)}`);
  }

  /** Section 2.3: once, and with the verifier. @param {Map<string, string>} own */
  #access(own) {
    const token = own.get('oauth_token') ?? '';
    const temporary = this.#temporary.get(token);
    if (!temporary?.login || temporary.verifier !== own.get('oauth_verifier'))
      return this.#denyVerifier(temporary, own);
    this.#temporary.delete(token);
    const given = this.give(temporary.consumer, temporary.login);
    return form(200, `${new URLSearchParams({ ...given, screen_name: temporary.login, ...this.mood.more })}`);
  }
}

/** @typedef {{ status: number, type: string, text: string, location?: string }} Out */

/** @param {number} status @param {string} text @returns {Out} */
const page = (status, text) => ({ status, type: 'text/html', text });
/** @param {number} status @param {string} text @returns {Out} */
const form = (status, text) => ({ status, type: 'application/x-www-form-urlencoded', text });
/** @param {object} value @returns {Out} */
const json = (value) => ({ status: 200, type: 'application/json', text: JSON.stringify(value) });

/** @param {string} path @param {string} method @param {string} slug @param {string} format @param {object[]} parameters */
const tool = (path, method, slug, format, parameters) => ({
  slug,
  toolkit: 'tone',
  name: slug,
  description: '',
  method,
  base_url: '{demo}',
  path,
  request_format: format,
  parameters,
  hints: { read_only: method === 'GET', idempotent: method === 'GET' },
  versions: ['20251111_00'],
});

/** @param {string} name @param {string} where */
const parameter = (name, where) => ({ name, in: where, required: false, schema: { type: 'string' } });

/** A toolkit whose tools say what they were called with. @type {[any, any[]]} */
export const toolkit = [
  {
    slug: 'tone',
    name: 'The signed one',
    description: '',
    logo: null,
    version: '20251111_00',
    categories: [],
    api_base_url: '{demo}/api',
    auth_schemes: [
      {
        scheme: 'OAUTH1',
        request_token_url: '{demo}/o1/request',
        authorization_url: '{demo}/o1/authorize',
        token_url: '{demo}/o1/access',
        signature_method: 'HMAC-SHA1',
        extra_authorization_params: { scope: 'read,write' },
        api_auth: { in: 'oauth1_signature' },
        required_headers: {},
        identity: { method: 'GET', url: '{demo}/api/me', id_path: 'id', label_paths: ['name'] },
        revocation: null,
        fields: [],
      },
    ],
    test_request: { method: 'GET', url: '{demo}/api/me?fields=id', headers: null, body: null },
    revoked_markers: [],
  },
  [
    tool('/api/me', 'GET', 'TONE_ME', 'query', [parameter('q', 'query')]),
    tool('/api/notes', 'POST', 'TONE_WRITE', 'form', [parameter('text', 'body'), parameter('tag', 'query')]),
    tool('/api/notes', 'POST', 'TONE_WRITE_JSON', 'json', [parameter('text', 'body')]),
  ],
];
