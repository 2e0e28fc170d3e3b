// A real provider with the schemes that need no consent: Basic, a bearer token, none, and the client's own grant
// (RFC 6749 section 4.4) by a certified implementation. It stands where the demo provider was.
import { createServer } from 'node:http';
import { loadProvider } from '../../js/local/demo/runtime.js';

/** Who there is: password, and tokens that were handed out. @type {Record<string, { password: string, tokens: string[] }>} */
export const people = {
  ada: { password: 'pa:ss wörd', tokens: ['tok_ada_first', 'tok_ada_second'] },
  bob: { password: 'another password', tokens: ['tok_bob_first'] },
};

/** Seconds that a token of the client's own lives. */
export const LIFE = 12;

/** @param {string} place @param {string} label */
const me = (place, label) => ({ method: 'GET', url: `{demo}/${place}/me`, id_path: 'id', label_paths: [label] });

/** @param {string} name @param {boolean} secret */
const field = (name, secret) => ({ name, label: name, description: null, secret, required: true, pattern: null });

/**
 * @param {string} slug
 * @param {string} place path of its API
 * @param {object} scheme
 * @returns {[any, any[]]} a toolkit whose one tool says what it was called with
 */
const toolkit = (slug, place, scheme) => [
  {
    slug,
    name: `The ${place} one`,
    description: '',
    logo: null,
    version: '20251111_00',
    categories: [],
    api_base_url: '{demo}',
    auth_schemes: [{ required_headers: {}, revocation: null, fields: [], ...scheme }],
    test_request: { method: 'GET', url: `{demo}/${place}/me`, headers: null, body: null },
    revoked_markers: [],
  },
  [
    {
      slug: `${slug.toUpperCase()}_ME`,
      toolkit: slug,
      name: 'Me',
      description: '',
      method: 'GET',
      base_url: '{demo}',
      path: `/${place}/me`,
      request_format: 'query',
      parameters: [],
      hints: { read_only: true, idempotent: true },
      versions: ['20251111_00'],
    },
  ],
];

/** @param {string} template */
const header = (template) => ({ in: 'header', name: 'Authorization', template });

export const toolkits = [
  toolkit('tbasic', 'basic', {
    scheme: 'BASIC',
    api_auth: header('Basic base64({username}:{password})'),
    identity: me('basic', 'name'),
    fields: [field('username', false), field('password', true)],
  }),
  toolkit('tbearer', 'bearer', {
    scheme: 'BEARER_TOKEN',
    api_auth: header('Bearer {token}'),
    identity: me('bearer', 'name'),
    fields: [field('token', true)],
  }),
  toolkit('tnone', 'open', { scheme: 'NO_AUTH', api_auth: null, identity: null }),
  toolkit('tclient', 'machine', {
    scheme: 'S2S_OAUTH2',
    token_url: '{demo}/token',
    client_auth: 'client_secret_basic',
    default_scopes: ['api:read'],
    api_auth: header('Bearer {access_token}'),
    identity: me('machine', 'id'),
    revocation: {
      method: 'POST',
      url: '{demo}/token/revocation',
      auth: 'Basic client_id:client_secret',
      content_type: 'application/x-www-form-urlencoded',
      body: { token: '{token}' },
      token_to_send: 'access_token',
      ends: 'token',
    },
  }),
];

/** @param {string} origin @param {{ id: string, secret: string }[]} clients */
async function machines(origin, clients) {
  const { Provider } = await loadProvider();
  const { warn, info } = console;
  console.warn = console.info = () => {}; // keys and storage are for this test only, and it says so at length
  const provider = new Provider(origin, {
    clients: clients.map(({ id, secret }) => ({
      client_id: id,
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    })),
    scopes: ['api:read'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    ttl: { ClientCredentials: LIFE },
  });
  console.warn = warn;
  console.info = info;
  return /** @type {any} */ (provider);
}

/** @param {string | undefined} given @returns {string | null} */
function byBasic(given) {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(given ?? '') ?? [];
  const [name, ...rest] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  return people[name]?.password === rest.join(':') ? name : null;
}

/** @param {string | undefined} given @returns {string | undefined} */
const tokenOf = (given) => /^Bearer (\S+)$/.exec(given ?? '')?.[1];

/** @param {string | undefined} given @returns {string | null} */
const byToken = (given) =>
  Object.keys(people).find((name) => people[name].tokens.includes(tokenOf(given) ?? '')) ?? null;

/**
 * @param {string} origin where the demo provider was
 * @param {{ id: string, secret: string }[]} clients
 */
export async function startSchemes(origin, clients) {
  const provider = await machines(origin, clients);
  const oauth = provider.callback();
  /** @type {{ path: string, authorization: string | undefined }[]} */
  const seen = [];
  /** @type {Set<string>} places that accept nothing now */
  const closed = new Set();
  /** @param {string} path @param {string | undefined} authorization @returns {Promise<string | null | undefined>} undefined: no such place */
  const who = async (path, authorization) => {
    if (closed.has(path)) return null;
    if (path === '/basic/me') return byBasic(authorization);
    if (path === '/bearer/me') return byToken(authorization);
    if (path === '/open/me') return authorization === undefined ? 'everybody' : null;
    if (path !== '/machine/me') return undefined;
    const token = await provider.ClientCredentials.find(tokenOf(authorization) ?? '');
    return token?.isValid ? token.clientId : null;
  };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname;
    const { authorization } = request.headers;
    seen.push({ path, authorization });
    const id = await who(path, authorization);
    if (id === undefined) return oauth(request, response);
    response.writeHead(id === null ? 401 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(id === null ? { error: 'who is there?' } : { id, name: `Dear ${id}` }));
  });
  const { hostname, port } = new URL(origin);
  await new Promise((resolve) => server.listen(Number(port), hostname, () => resolve(undefined)));
  return {
    seen,
    closed,
    /** What came to one place. @param {string} path */
    at: (path) => seen.filter((one) => one.path === path),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
