/** Performs the requests that the core built. Bounded in time and size, and no redirect is ever followed. */

import { joined } from './bytes.js';

/**
 * @typedef {object} Outcome
 * @property {string | null} fault name of a host fault when there is no answer; null when there is one
 * @property {number} http status
 * @property {[string, string][]} headers
 * @property {string} type content type, '' when there is none
 * @property {Uint8Array<ArrayBuffer>} body
 */

/** @param {string} fault @returns {Outcome} */
const failed = (fault) => ({ fault, http: 0, headers: [], type: '', body: new Uint8Array() });

/**
 * @param {Response} response
 * @param {number} most bytes
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null: longer than what is read
 */
const readBody = async (response, most) => {
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > most) {
      await reader?.cancel();
      return null;
    }
    parts.push(part.value);
  }
  return joined(parts, size);
};

/** @type {import('./settings.js').Fetcher} the global fetch, which must not be called as a method of something else */
const network = { fetch: (request, init) => fetch(request, init) };

/**
 * The demo provider is on this machine, where the Worker's network does not reach; its binding is used for its
 * own origin and for nothing else. Everything else goes over https.
 *
 * @param {string} target
 * @param {import('./settings.js').Settings} settings
 */
const wayTo = (target, { env, toolkits }) => {
  const url = new URL(target);
  if (toolkits.origin !== null && url.origin === toolkits.origin) return env.DEMO ?? null;
  return url.protocol === 'https:' ? network : null;
};

/**
 * @param {import('./settings.js').Settings} settings
 * @param {import('../core/reply.js').CoreRequest} request as the core built it
 * @returns {Promise<Outcome>} never throws; nothing of the request is in what it answers
 */
export const perform = async (settings, { method, target, headers, body }) => {
  const { limits } = settings.core.catalog;
  try {
    const way = wayTo(target, settings);
    if (!way) return failed('provider_unreachable');
    const signal = AbortSignal.timeout(limits.provider);
    // Manual: a redirect would carry the credential to a host that nobody listed.
    const response = await way.fetch(target, { method, headers, body, redirect: 'manual', signal });
    const read = await readBody(response, limits.answer);
    if (read === null) return failed('provider_unreachable');
    const type = response.headers.get('content-type') ?? '';
    return { fault: null, http: response.status, headers: [...response.headers], type, body: read };
  } catch (error) {
    const late = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
    return failed(late ? 'provider_timeout' : 'provider_unreachable');
  }
};
