// User tokens in tests: making one as a backend does, using one as a browser does, and taking one apart.
import assert from 'node:assert/strict';
import { call } from './service.js';

/** @typedef {{ origin: string, apiKey: string }} Service */
/** @typedef {{ status: number, body: any, text: string, headers: Headers }} Told */

/**
 * @param {Service} service
 * @param {object} request of the token
 * @returns {Promise<string>}
 */
export async function mint(service, request) {
  const { status, body } = await call(service, 'POST', '/user_tokens', request);
  assert.equal(status, 201, JSON.stringify(body));
  return body.token;
}

/**
 * @param {{ origin: string }} service
 * @param {string} token
 * @param {string} method
 * @param {string} path below /api/v3
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Told>}
 */
export async function asToken({ origin }, token, method, path, body, headers = {}) {
  const response = await fetch(`${origin}/api/v3${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}

/** @param {Told} told @param {number} wanted @param {number} code */
export function refuses({ status, body }, wanted, code) {
  assert.deepEqual([status, body.error?.code], [wanted, code], JSON.stringify(body));
  assert.ok(body.error.request_id);
}

/** @param {string} token @returns {any} its claims */
export const claimsOf = (token) => JSON.parse(Buffer.from(token.slice(3).split('.')[0], 'base64url').toString());

/** @param {unknown} value */
export const encoded = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
