/** What a provider answers may show the credential that was sent to it: every form of it is taken out. */

import { scrubText } from '../core/scrub.js';
import { harmlessOf } from './harmless.js';

/**
 * @param {import('./shard.js').Shard} shard
 * @param {import('./shard.js').Row} row
 * @param {{ config: string, val: string }} parts the auth config's record, and the credential that was sent, JSON text
 * @param {import('./outbound.js').Outcome} out
 * @returns {Promise<import('./outbound.js').Outcome>}
 * @throws {import('../core/scrub.js').ScrubFault} when that cannot be done; then nothing of the answer may pass
 */
export const withoutEcho = async (shard, row, { config, val }, out) => {
  if (val === 'null') return out;
  const names = await harmlessOf(shard, row, config);
  const body = scrubText(shard.core, val, out.body, names);
  // Together, since a scrubber is costly to set up; no value of a header has a line break in it.
  const values = scrubText(shard.core, val, out.headers.map(([, value]) => value).join('\n'), names).split('\n');
  const headers = out.headers.map(([name], at) => /** @type {[string, string]} */ ([name, values[at] ?? '']));
  return { ...out, body, headers };
};
