/** The grant that needs no person: the auth config's client fetches a token for the account (S2S_OAUTH2). */

import { askToken } from './token.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').Reply} Reply */
/** @typedef {{ grant: any, credential: string }} Token what the core reads of the answer, and the credential as JSON text */

/**
 * @typedef {object} Obtained either a token, or why there is none
 * @property {Token} [token]
 * @property {string} [fault] name of a host fault
 * @property {Reply} [refusal] of the core
 */

/**
 * @param {Shard} shard
 * @param {string} config id of the auth config
 * @param {import('./provider.js').Parts} parts `val`: what the connection brings along beside the token
 * @returns {Promise<Obtained>}
 */
export const obtain = async (shard, config, parts) => {
  const { grant, credential, fault, refusal } = await askToken(shard, config, 'client_credentials', {}, parts);
  if (refusal) return { refusal };
  if (grant.outcome === 'granted') return { token: { grant, credential } };
  return { fault: fault ?? (grant.outcome === 'later' ? 'provider_unreachable' : 'client_refused') };
};
