/** What a provider answers may show the credential that was sent to it: every form of it is taken out. */

import { scrubText } from '../core/scrub.js';

/**
 * @param {import('./shard.js').Shard} shard
 * @param {import('./shard.js').Row} row
 * @param {string} val the credential that was sent, JSON text
 * @param {import('./outbound.js').Outcome} out
 * @returns {Promise<import('./outbound.js').Outcome>}
 * @throws {import('../core/scrub.js').ScrubFault} when that cannot be done; then nothing of the answer may pass
 */
export const withoutEcho = async (shard, row, val, out) => {
  if (val === 'null') return out;
  const names = await shard.harmless(row);
  const body = scrubText(shard.core, val, out.body, names);
  // Together, since a scrubber is costly to set up; no value of a header has a line break in it.
  const values = scrubText(shard.core, val, out.headers.map(([, value]) => value).join('\n'), names).split('\n');
  const headers = out.headers.map(([name], at) => /** @type {[string, string]} */ ([name, values[at] ?? '']));
  return { ...out, body, headers };
};

/**
 * What a token endpoint said instead of giving tokens. Its words are shown and kept, so nothing that was sent to it may
 * be in them; where that cannot be made sure, there are no words.
 * @param {import('../core/core.js').Core} core
 * @param {import('../core/reply.js').Reply} token of the core's step `token`
 * @param {(string | undefined)[]} sent credentials, each as JSON text
 */
export const said = (core, token, sent) => {
  const { error, error_description, ...rest } = token.value;
  if (error === undefined && error_description === undefined) return rest;
  try {
    return JSON.parse(scrubText(core, `[${sent.filter(Boolean).join(',')}]`, token.text));
  } catch {
    return rest;
  }
};
