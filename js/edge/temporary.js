/**
 * The consent of OAuth 1.0a: a temporary credential of the provider's stands where OAuth 2 has a code and PKCE. The browser
 * carries its name there and back; its secret stays here, sealed, until it is exchanged.
 */

import { perform } from './outbound.js';
import { signed } from './signed.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./provider.js').Parts} Parts */

/**
 * @typedef {object} Departure
 * @property {string} [target] where the browser goes
 * @property {string} [secret] what is needed when it comes back
 * @property {string} [fault] or why it does not leave: name of a host fault
 * @property {any} [refusal] or the core's error
 */

/**
 * @param {Shard} shard
 * @param {Parts} known
 * @param {{ callback: string, state: string }} asked
 * @returns {Promise<Departure>} `secret`: the temporary credential, JSON text
 */
export const askTemporary = async ({ core, settings }, known, asked) => {
  const step = await signed((told) =>
    core.grant('oauth1_temporary', Date.now(), core.head({ ...asked, ...told }, known)),
  );
  if (!step.request) return { refusal: step.value };
  const out = await perform(settings, step.request);
  if (out.fault) return { fault: out.fault };
  const head = core.head({ http: out.http, content_type: out.type, temporary: true, sent: asked }, known);
  const answer = core.grant('oauth1_answer', Date.now(), head, out.body);
  if (!answer.ok) return { refusal: answer.value };
  if (answer.value.outcome !== 'granted') return { fault: 'provider_unreachable' };
  const secret = answer.second;
  const leave = core.grant('oauth1_authorize', Date.now(), core.head({}, { ...known, val: secret }));
  return leave.request ? { target: leave.request.target, secret } : { refusal: leave.value };
};

/**
 * The user has agreed.
 * @param {Shard} shard
 * @param {Parts} known
 * @param {string} temporary the credential that the trip began with, JSON text
 * @param {object} returned what the callback had
 * @returns {Promise<import('./token.js').Asked>}
 */
export const exchangeTemporary = async ({ core, settings }, known, temporary, returned) => {
  const parts = { ...known, val: temporary };
  const step = await signed((told) =>
    core.grant('oauth1_token', Date.now(), core.head({ ...returned, ...told }, parts)),
  );
  if (!step.request) return { grant: { outcome: 'later' }, credential: '', fault: null, refusal: step };
  const out = await perform(settings, step.request);
  const sent = `[${temporary},${JSON.stringify(returned)}]`; // nothing of it is in what is said of a failure
  const head = core.head({ http: out.http, content_type: out.type }, { ...known, sent });
  const answer = core.grant('oauth1_answer', Date.now(), head, out.body);
  const grant = answer.ok && answer.value ? answer.value : { outcome: 'later' };
  return { grant, credential: grant.outcome === 'granted' ? answer.second : '', fault: out.fault, refusal: null };
};
