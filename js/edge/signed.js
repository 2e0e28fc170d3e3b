/** Requests that are signed (OAuth 1.0a). The core says what is signed, and with what; time, chance and digest are ours. */

import { randomName, toBase64, utf8 } from './bytes.js';

/** @typedef {import('../core/reply.js').Reply} Reply */

/** @typedef {{ timestamp: number, nonce: string, signature?: string }} Told what the step's head is to have beside its own */

/**
 * @param {(told: Told) => Reply} ask one step of the core that makes a request
 * @returns {Promise<Reply>} the request, signed where its toolkit wants that; or what the core answered instead
 * @example
 * const step = await signed((told) => core.grant('identify', Date.now(), core.head(told, parts)));
 */
export const signed = async (ask) => {
  const told = { timestamp: Math.floor(Date.now() / 1000), nonce: randomName(16) };
  const reply = ask(told);
  const hash = reply.ok ? reply.value?.hash : undefined; // of a request there is no value
  if (hash === undefined) return reply;
  const { base, key } = JSON.parse(reply.second);
  const hmac = await crypto.subtle.importKey('raw', utf8(key), { name: 'HMAC', hash }, false, ['sign']);
  return ask({ ...told, signature: toBase64(await crypto.subtle.sign('HMAC', hmac, utf8(base))) });
};
