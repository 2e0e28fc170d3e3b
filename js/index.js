// The package's entry: the client with its core built in.
import { load as loadMask } from '#mask-wasm';
import { load } from '#wasm';
import { Client } from './client.js';
import { ClientBase } from './client-base.js';
import { masking } from './masking.js';
import { Transport } from './transport.js';
import { webhooks } from './webhook.js';

export { AuthScheme, ConnectionRequest, MaskFault, Page } from './client.js';
export * from './errors.js';

/** @typedef {import('./options.js').ClientOptions} ClientOptions */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./errors.js').ErrorCode} ErrorCode */
/** @typedef {import('./types.js').Account} Account */
/** @typedef {import('./types.js').AccountQuery} AccountQuery */
/** @typedef {import('./types.js').AccountStatus} AccountStatus */
/** @typedef {import('./types.js').AccountState} AccountState */
/** @typedef {import('./types.js').Activity} Activity */
/** @typedef {import('./types.js').AuthConfig} AuthConfig */
/** @typedef {import('./types.js').AuthSchemeName} AuthSchemeName */
/** @typedef {import('./types.js').Execution} Execution */
/** @typedef {import('./types.js').ExecutionResult} ExecutionResult */
/** @typedef {import('./types.js').ProjectConfig} ProjectConfig */
/** @typedef {import('./types.js').ProxyCall} ProxyCall */
/** @typedef {import('./types.js').Tool} Tool */
/** @typedef {import('./types.js').Toolkit} Toolkit */
/** @typedef {import('./types.js').WebhookEvent} WebhookEvent */
/** @typedef {import('./user-tokens.js').UserToken} UserToken */
/** @typedef {import('./user-tokens.js').UserTokenRequest} UserTokenRequest */

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
  /** @param {ClientOptions} [options] @throws {import('./errors.js').ValidationError} options that cannot be right */
  constructor(options = {}) {
    super({ ...options, wasm: options.wasm ?? load });
  }
}

/**
 * The same with `connectedAccounts` alone, for pages that connect and list: a bundler leaves the rest out.
 *
 * @example
 * const devcaster = new DevcasterAccounts({ userToken: async () => (await fetch('/devcaster-token')).text() });
 * const { items } = await devcaster.connectedAccounts.list();
 */
export class DevcasterAccounts extends ClientBase {
  /** @param {ClientOptions} [options] @throws {import('./errors.js').ValidationError} options that cannot be right */
  constructor(options = {}) {
    super(new Transport({ ...options, wasm: options.wasm ?? load }));
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
 * return new Response(response.body?.pipeThrough(createMaskStream()), response);
 */
export function createMaskStream(options) {
  return masks.createMaskStream(options);
}

const verify = /* @__PURE__ */ webhooks(loadMask);

/**
 * Check that a webhook comes from the service and is not older than five minutes (Standard Webhooks), and read it.
 * Deliveries are repeated: remember the header `webhook-id` of those that were handled.
 *
 * @param {string | ArrayBuffer | ArrayBufferView} payload  the raw body as it came, before anything parses it
 * @param {import('./webhook.js').WebhookHeaders} headers  `Headers`, or an object as Node has it
 * @param {string | string[]} secret  `whsec_...`; several while one is being replaced by another
 * @returns {Promise<import('./types.js').WebhookEvent>}
 * @throws {import('./errors.js').WebhookVerificationError} answer it with 400 and do nothing
 * @throws {import('./errors.js').ValidationError} the payload is not raw, or the secret is none
 * @example
 * const secret = process.env.DEVCASTER_WEBHOOK_SECRET ?? '';
 * const event = await verifyWebhook(await request.text(), request.headers, secret);
 * if (event.type === 'connected_account.expired') console.log('Ask the user to reconnect', event.data.id);
 */
export function verifyWebhook(payload, headers, secret) {
  return verify(payload, headers, secret);
}
