// A real HTTP server on loopback that plays one part after the other: the service on a bad day.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach } from 'node:test';
import { Devcaster } from '../../js/index.js';

/**
 * @typedef {object} Heard
 * @property {string} method
 * @property {string} url  path and query
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number} at  milliseconds
 */
/** @typedef {(response: import('node:http').ServerResponse, heard: Heard, number: number) => unknown} Part  `number` counts from 1 */

/**
 * @param {Part} part  what it does with each request
 */
export async function startPlay(part) {
  /** @type {Heard[]} */
  const heard = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body, at: performance.now() };
    heard.push(one);
    await part(response, one, heard.length);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    heard,
    async close() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status @param {unknown} body @param {Record<string, string | undefined>} [headers]
 */
export function json(response, status, body, headers = {}) {
  const all = { 'content-type': 'application/json', 'x-request-id': 'req_1', ...headers };
  response.writeHead(status, /** @type {Record<string, string>} */ (all));
  response.end(JSON.stringify(body));
}

/** An account as the service sends it. @param {object} [members] */
export function account(members = {}) {
  return {
    id: 'ca_123456789012',
    user_id: 'user_1',
    status: 'ACTIVE',
    status_reason: null,
    is_disabled: false,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    toolkit: { slug: 'gmail' },
    auth_config: {
      id: 'ac_123456789012',
      auth_scheme: 'OAUTH2',
      is_devcaster_managed: true,
      is_composio_managed: true,
      is_disabled: false,
    },
    state: { authScheme: 'OAUTH2', val: { status: 'ACTIVE', access_token: 'gho_...', expires_in: 3600 } },
    data: { access_token: 'gho_...' },
    alias: null,
    word_id: 'gmail_red-castle',
    ...members,
  };
}

/** @param {object[]} items @param {string | null} [next] @param {number} [page] */
export function listOf(items, next = null, page = 1) {
  return { items, next_cursor: next, total_pages: 2, current_page: page, total_items: 3 };
}

/** The service's error body. @param {number} status @param {number} code @param {string} slug @param {string} message */
export function errorBody(status, code, slug, message) {
  return { error: { message, code, status, slug, request_id: 'req_1', suggested_fix: 'Do it right.', errors: [] } };
}

export const apiKey = 'ak_0123456789abcdefghijklmnopqrstuv';

/** @type {(() => Promise<void>)[]} */
const open = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/**
 * A server and a client of it, until the test is over.
 *
 * @param {Part} part @param {import('../../js/options.js').ClientOptions} [options]
 */
export async function stage(part, options = {}) {
  const play = await startPlay(part);
  open.push(play.close);
  return { ...play, devcaster: new Devcaster({ apiKey, baseURL: play.origin, ...options }) };
}

/** What a promise is rejected with. @param {Promise<unknown>} promise @returns {Promise<any>} */
export async function failure(promise) {
  const outcome = await promise.then(
    () => undefined,
    (error) => ({ error }),
  );
  assert.ok(outcome, 'it went well');
  return outcome.error;
}

/**
 * @param {Record<string, string | undefined>} variables  undefined: not set
 * @param {() => unknown} work
 */
export async function withEnvironment(variables, work) {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  try {
    await work();
  } finally {
    process.env = before;
  }
}
