/** Revocations: a provider that does not take one now is asked again later; what is kept for that is sealed. */

import { randomName } from './bytes.js';
import { perform } from './outbound.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('../core/reply.js').CoreRequest} CoreRequest */
/** @typedef {{ id: string, request: string, attempts: number }} Kept */

const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 6 * 3600_000;
const AT_ONCE = 20;
const RETRY_TIME = 20_000; // none is begun later: a provider that hangs must not keep the shard's alarm from refreshing
const MOST_ATTEMPTS = 16; // some days; then the provider is taken to be gone for good

/** @param {Shard} shard @param {CoreRequest} request @returns {Promise<string>} the core's word for what came of it */
export const sendRevocation = async ({ core, settings }, request) => {
  const out = await perform(settings, request);
  const head = { http: out.fault ? 0 : out.http, content_type: out.type };
  return core.grant('revoked', Date.now(), head, out.body).value?.outcome ?? 'pending';
};

/**
 * What is kept of a revocation: the request itself, with the one token in it.
 * @param {Shard} shard
 * @param {CoreRequest} request
 * @returns {Promise<Kept>}
 */
export const sealRevocation = async ({ settings }, request) => {
  const id = `rev_${randomName(12)}`;
  const sealed = await settings.vault.sealText('revocation', ['project', id], JSON.stringify(request));
  return { id, request: sealed, attempts: 0 };
};

/** Inside the transaction that it belongs to. @param {Shard} shard @param {Kept} kept */
export const keepRevocation = ({ flows }, { id, request }) =>
  flows.putRevocation(id, request, Date.now() + FIRST_PAUSE);

/**
 * A token came for an account that does not take it: it must not stay alive at the provider with nobody knowing it.
 * @param {Shard} shard
 * @param {{ toolkit: string, config: string, credentials?: string, val: string }} parts
 */
export const discard = async (shard, parts) => {
  const { request } = shard.core.grant('revoke', Date.now(), shard.core.head({}, parts));
  if (!request) return;
  const kept = await sealRevocation(shard, request);
  keepRevocation(shard, kept);
  await shard.arm();
  await tryRevocation(shard, kept);
};

/**
 * Try a kept revocation once.
 * @param {Shard} shard
 * @param {Kept} kept
 * @returns {Promise<string>} outcome
 */
export const tryRevocation = async (shard, { id, request, attempts }) => {
  const plain = JSON.parse(await shard.settings.vault.openText('revocation', ['project', id], request));
  const outcome = await sendRevocation(shard, plain);
  if (outcome !== 'pending' || attempts + 1 >= MOST_ATTEMPTS) shard.flows.dropRevocation(id);
  else shard.flows.delayRevocation(id, Date.now() + Math.min(FIRST_PAUSE * 2 ** attempts, LONGEST_PAUSE));
  return outcome;
};

/**
 * Revocations whose time has come again.
 * @param {Shard} shard
 * @param {number} limit
 */
export const retryRevocations = async (shard, limit) => {
  const due = shard.flows.dueRevocations(Date.now(), limit);
  const until = Date.now() + RETRY_TIME;
  const work = async () => {
    for (let kept = due.shift(); kept && Date.now() < until; kept = due.shift()) {
      try {
        await tryRevocation(shard, kept);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        shard.flows.dropRevocation(kept.id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
};
