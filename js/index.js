// The package's entry: the client with its core built in.
import { load as loadMask } from '#mask-wasm';
import { load } from '#wasm';
import { Client } from './client.js';
import { masking } from './masking.js';

export { AuthScheme, ConnectionRequest, MaskFault, Page } from './client.js';
export * from './errors.js';

/** @typedef {import('./options.js').ClientOptions} ClientOptions */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./types.js').Account} Account */

/**
 * The Devcaster client. Making one does nothing but check its options; the first call opens the core.
 *
 * An API key belongs on a server. In a page use `userToken`, or `credentials: 'same-origin'` behind a sign-in.
 *
 * @example
 * import { Devcaster } from '@devcaster/core';
 * const devcaster = new Devcaster({ apiKey: process.env.DEVCASTER_API_KEY });
 * const { items } = await devcaster.connectedAccounts.list({ userIds: ['user_123'] });
 */
export class Devcaster extends Client {
  /** @param {ClientOptions} [options] */
  constructor(options = {}) {
    super({ ...options, wasm: options.wasm ?? load });
  }
}

const masks = /* @__PURE__ */ masking(loadMask);

/**
 * Mask the credentials in a JSON document by the names of its members: a text gives a text, in which nothing else
 * is changed, a value gives a value.
 *
 * @template {string | object} T
 * @param {T} json
 * @param {import('./masking.js').MaskOptions} [options]
 * @returns {Promise<T>}
 * @throws {import('./client.js').MaskFault} the text is not one whole JSON document
 * @example
 * await mask('{"access_token":"gho_16C7e42F292c"}'); // {"access_token":"gho_..."}
 */
export function mask(json, options) {
  return masks.mask(json, options);
}

/**
 * The same for a stream of bytes of any length, in constant memory. When the document turns out not to be whole,
 * the stream errors: never use what came before as if it were complete.
 *
 * @param {import('./masking.js').MaskOptions} [options]
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 * @example
 * return new Response(response.body.pipeThrough(createMaskStream()), response);
 */
export function createMaskStream(options) {
  return masks.createMaskStream(options);
}
