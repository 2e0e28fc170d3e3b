/** Questions to a provider about a credential: is it good, whose is it? */

import { perform } from './outbound.js';
import { signed } from './signed.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */

/**
 * What a step of a grant is built from, as JSON text that JavaScript does not read.
 * @typedef {{ toolkit: string, config: string, credentials?: string, val?: string }} Parts
 */

/**
 * What the account knows of its connection already: a subdomain, a tenant.
 * @param {Shard} shard
 * @param {import('./shard.js').Row} row
 * @returns {Promise<string>} JSON text
 */
export const valOf = async (shard, row) => {
  try {
    return await shard.credential(row);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return 'null'; // its key is lost: a new connection is what helps
  }
};

/**
 * Does the provider accept this credential?
 * @param {Shard} shard
 * @param {Parts} parts
 * @returns {Promise<string | null>} name of a host fault, or null when it does (or when nobody can be asked)
 */
export const verify = async ({ core, settings }, parts) => {
  const test = await signed((told) => core.grant('test', Date.now(), core.head(told, parts)));
  // What cannot even be sent to the provider (characters that no header takes, a field that is missing) is not accepted.
  if (!test.request) return test.ok ? null : 'credentials_refused';
  const out = await perform(settings, test.request);
  if (out.fault) return out.fault;
  const tested = core.grant('tested', Date.now(), { http: out.http, content_type: out.type }, out.body);
  if (tested.value?.outcome === 'refused') return 'credentials_refused';
  return tested.value?.outcome === 'good' ? null : 'provider_unreachable';
};

/**
 * Who is this at the provider? Not knowing it is no reason to refuse a connection.
 * @param {Shard} shard
 * @param {Parts} parts
 * @returns {Promise<object | null>} the core's identity
 */
export const identify = async ({ core, settings }, parts) => {
  const step = await signed((told) => core.grant('identify', Date.now(), core.head(told, parts)));
  if (!step.request) return step.value?.identity ?? null;
  const out = await perform(settings, step.request);
  if (out.fault) return null;
  const head = core.head({ http: out.http, content_type: out.type }, { toolkit: parts.toolkit, config: parts.config });
  return core.grant('identity', Date.now(), head, out.body).value?.identity ?? null;
};
