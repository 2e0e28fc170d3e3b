// Receiving webhooks: is a delivery genuine, and what does it say? Which headers count, how old a delivery may be and what
// is signed is the core's to say; here the signatures are checked, by the platform and in constant time.
import { openBase } from './core/base.js';
import { toError, ValidationError, WebhookVerificationError } from './errors.js';

/** @typedef {import('./types.js').WebhookEvent} WebhookEvent */
/** @typedef {Iterable<[string, string]> | Record<string, string | string[] | undefined>} WebhookHeaders */

const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const encoder = new TextEncoder();

/**
 * `verifyWebhook` over a core that is opened when it is first needed.
 *
 * @param {import('./core/base.js').CoreSource} source
 * @returns {(payload: string | ArrayBuffer | ArrayBufferView, headers: WebhookHeaders, secret: string | string[]) => Promise<WebhookEvent>}
 */
export function webhooks(source) {
  /** @type {Promise<import('./core/base.js').CoreBase> | undefined} */
  let opened;
  return async (payload, headers, secret) => {
    const body = bytesOf(payload);
    opened ??= openBase(source);
    const head = { headers: lowered(headers), secrets: [secret].flat() };
    const { ok, value } = (await opened).call('dc_webhook', [Date.now()], head);
    if (!ok) throw toError(value);
    if (!(await isSigned(value, body))) {
      throw new WebhookVerificationError('The payload was not signed with this secret, or was changed on its way', {
        suggestedFix: 'Give the raw body, as it came, and the secret of this very subscription.',
      });
    }
    return parsed(body);
  };
}

/** @param {{ keys: string[], signatures: string[], prefix: string }} delivery @param {Uint8Array} body */
async function isSigned({ keys, signatures, prefix }, body) {
  const start = encoder.encode(prefix);
  const signed = new Uint8Array(start.length + body.length);
  signed.set(start);
  signed.set(body, start.length);
  for (const text of keys) {
    const key = await crypto.subtle.importKey('raw', fromBase64(text), HMAC, false, ['verify']);
    for (const signature of signatures) {
      if (await crypto.subtle.verify(HMAC, key, fromBase64(signature), signed)) return true;
    }
  }
  return false;
}

/** @param {unknown} payload @returns {Uint8Array} */
function bytesOf(payload) {
  if (typeof payload === 'string') return encoder.encode(payload);
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload);
  if (ArrayBuffer.isView(payload)) return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  throw new ValidationError('The payload of a webhook is its raw body, a string or bytes', {
    suggestedFix: 'Read the body as text before anything parses it: what is printed again has another signature.',
  });
}

/** One object with names in lower case, from `Headers` and from Node's alike. @param {WebhookHeaders} headers */
function lowered(headers) {
  const pairs = Symbol.iterator in Object(headers) ? [.../** @type {any} */ (headers)] : Object.entries(headers ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), [value].flat().join(' ')]));
}

/** @param {string} text */
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** @param {Uint8Array} body @returns {WebhookEvent} */
function parsed(body) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    const code = 'TS-SDK::WEBHOOK_PAYLOAD_INVALID';
    throw new WebhookVerificationError('The payload is genuine, but it is not JSON', { code, cause });
  }
}
