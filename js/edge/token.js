/** Asking a token endpoint: with the client's other secret where one is refused, and without secrets in what it says. */

import { perform } from './outbound.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./provider.js').Parts} Parts */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Asked
 * @property {any} grant the core's reading of the answer: outcome and more
 * @property {string} credential JSON text; '' unless it was granted
 * @property {string | null} fault of the host, when there was no answer
 * @property {Reply | null} refusal of the core: then nothing was asked
 */

/**
 * Auth configs whose client is known by its previous secret for the time being, each with its record of then: a change
 * of the config is a new beginning.
 * @type {WeakMap<Shard, Map<string, string>>}
 */
const byPrevious = new WeakMap();

/** @param {Shard} shard */
const previousIn = (shard) => {
  const map = byPrevious.get(shard) ?? new Map();
  byPrevious.set(shard, map);
  return map;
};

/**
 * @param {Shard} shard
 * @param {string} config id of the auth config
 * @param {'refresh' | 'exchange' | 'client_credentials'} step
 * @param {object} asked more of the step's head
 * @param {Parts} parts
 * @param {object} [answer] more of the head that the answer is read with
 * @returns {Promise<Asked>}
 */
export const askToken = async (shard, config, step, asked, parts, answer = {}) => {
  const { core, settings } = shard;
  const known = previousIn(shard);
  const first = known.get(config) === parts.config;
  for (const previous of [first, !first]) {
    const request = core.grant(step, Date.now(), core.head({ ...asked, previous }, parts));
    if (!request.request) return { grant: { outcome: 'later' }, credential: '', fault: null, refusal: request };
    const out = await perform(settings, request.request);
    const retry_after = out.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
    // No answer is read as one that says "later": the core decides what that means for the account.
    const head = { ...answer, http: out.http, content_type: out.type, retry_after, previous, sent: asked };
    const token = core.grant('token', Date.now(), core.head(head, parts), out.body);
    const grant = token.ok && token.value ? token.value : { outcome: 'later', unanswered: true };
    if (grant.outcome === 'broken') {
      known.delete(config);
      if (previous === first && (previous || grant.other_secret)) continue;
    } else if (previous && grant.outcome !== 'later') known.set(config, parts.config);
    const credential = grant.outcome === 'granted' ? token.second : '';
    return { grant, credential, fault: out.fault, refusal: null };
  }
  throw new Error('unreachable: the second turn always answers');
};
