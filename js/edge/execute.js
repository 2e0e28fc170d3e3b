/** Running a tool, or a request of the caller's own, with an account's credential. Arguments are never logged. */

import { randomName } from './bytes.js';
import { withoutEcho } from './echo.js';
import { harmlessOf } from './harmless.js';
import { nameOf } from './objects.js';
import { perform } from './outbound.js';
import { renew } from './refresh.js';
import { signed } from './signed.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Message
 * @property {string} request_id
 * @property {import('./activity.js').By} by
 * @property {string} api
 * @property {string} body
 * @property {string | null} account id that the caller named
 * @property {string | null} user
 * @property {string | null} toolkit slug of the tool's toolkit
 * @property {string | null} tool definition of the tool as JSON text; null: a request of the caller's own
 */

/** @typedef {{ row: Row, config: string, project: string } | { answer: Answer }} Chosen config: its record, JSON text */

/** How often one request begins again because the account got another credential under it. */
const MOST_TURNS = 4;

/**
 * Which account: the core decides, first among the user's accounts, then whether the chosen one may be used.
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Chosen>}
 */
const choose = async (shard, message) => {
  const { core, store, directory } = shard;
  const { request_id, user, toolkit } = message;
  const project = (await directory.project()).record;
  let id = message.account;
  if (id === null) {
    const rows = user === null || toolkit === null ? [] : store.siblings(user, toolkit);
    const current = (await Promise.all(rows.map((row) => shard.load(row.id)))).filter((row) => row !== null);
    const candidates = `[${current.map(({ record }) => record).join(',')}]`;
    const reply = core.tool('choose', Date.now(), core.head({ account: null, user, toolkit }, { candidates, project }));
    if (!reply.ok) return { answer: shard.refusal(reply, request_id) };
    id = /** @type {string} */ (reply.value.id);
  }
  const found = await shard.load(id);
  const config = (found && (await directory.configRecord(found.config))) ?? 'null';
  const row = store.get(id); // as it is after all that was waited for
  const answer = objection(shard, { ...message, account: id }, row, config, project);
  if (answer) return { answer };
  if (!row) return { answer: shard.fault('account_not_found', request_id) };
  if (config === 'null') return { answer: shard.fault('config_not_found', request_id) };
  return { row, config, project };
};

/**
 * May this account be used now? Asked without waiting for anything, so that what follows at once is still true.
 * @param {Shard} shard
 * @param {Message} message with the account's id
 * @param {Row | null} row
 * @param {string} config
 * @param {string} project
 * @returns {Answer | null} why not
 */
const objection = (shard, { request_id, account, user, toolkit }, row, config, project) => {
  const { core } = shard;
  const found = { found: row?.record ?? 'null', config, candidates: '[]', project };
  const reply = core.tool('choose', Date.now(), core.head({ account, user, toolkit }, found));
  return reply.ok ? null : shard.refusal(reply, request_id);
};

/**
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const execute = async (shard, message) => {
  const { core, settings, store, directory } = shard;
  const { request_id, by, tool, body, api } = message;
  const log_id = `log_${randomName(16)}`;
  let attempt = 1; // what the provider was asked
  let asked = message;
  let renewed = false;
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    const chosen = await choose(shard, asked);
    if ('answer' in chosen) return chosen.answer;
    const { row, config, project } = chosen;
    asked = { ...message, account: row.id }; // from here on this account and no other
    const ready = core.tool('ready', Date.now(), core.head({}, { record: row.record }), body);
    const { refresh, usable, client } = ready.value ?? {};
    if (refresh && !renewed) {
      renewed = true;
      const { outcome, fault, detail, reply } = await renew(shard, row.id, { generation: row.generation, by });
      if (reply && !usable) return shard.refusal(reply, request_id);
      if (outcome !== 'granted' && outcome !== 'lost' && !usable)
        return shard.fault(fault ?? 'provider_unreachable', request_id, detail);
      continue; // much may have happened meanwhile: choosing again says whether and how the account may be used
    }
    const toolkit = settings.toolkits.definitions.get(row.toolkit) ?? 'null';
    const parts = { toolkit, config, val: await shard.credential(row) };
    const credentials = client ? (await directory.config(row.config))?.credentials : undefined;
    const known = { ...parts, credentials, ...(tool !== null && { tool }) };
    const build = await signed((told) =>
      core.tool(tool === null ? 'proxy' : 'build', Date.now(), core.head({ api, log_id, ...told }, known), body),
    );
    if (!build.request) return shard.refusal(build, request_id);
    const now = store.get(row.id);
    if (now && now.generation !== row.generation) continue; // a credential that the account no longer has
    const answer = objection(shard, asked, now, config, project);
    if (answer) return answer;
    const answered = await perform(settings, build.request);
    await used(shard, row, by, tool, parts, build.request, answered).catch((error) => {
      // The provider has done it: who asked must hear of that, whatever becomes of the note.
      console.error(JSON.stringify({ request_id, account: row.id, use: 'not noted', error: nameOf(error) }));
    });
    if (answered.fault) return shard.fault(answered.fault, request_id);
    const out = await withoutEcho(shard, row, parts, answered);
    const head = { http: out.http, headers: out.headers, content_type: out.type, log_id, attempt };
    const read = core.tool(tool === null ? 'proxied' : 'read', Date.now(), core.head(head, parts), out.body);
    if (read.second === 'refresh' && attempt === 1) {
      // The provider refuses the token: one refresh and one replay, and no more.
      await shard.used.settled([row.id]);
      const { outcome } = await renew(shard, row.id, { generation: row.generation, rejected: true, by });
      if (outcome === 'granted') {
        attempt += 1;
        renewed = true;
        continue;
      }
    }
    return read.ok ? { status: read.status, text: read.text } : shard.refusal(read, request_id);
  }
  return shard.fault('provider_unreachable', request_id, 'The account is being connected anew; try again.');
};

/**
 * Note that the account was used, and for what, as far as that may be told: the core makes templates of paths.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./activity.js').By} by
 * @param {string | null} tool
 * @param {{ config: string, val: string }} parts what it was made with
 * @param {import('../core/reply.js').CoreRequest} request that was sent
 * @param {import('./outbound.js').Outcome} answered
 */
const used = async (shard, row, by, tool, { config, val }, { method, target }, { http, fault }) => {
  const { core, store } = shard;
  const request = { method, target, http, fault };
  const harmless = (await harmlessOf(shard, row, config)).join('\n');
  const now = store.get(row.id);
  if (!now) return;
  const at = Date.now();
  // The path of a request of the caller's own is told as far as the toolkit's tools have it.
  const tools = tool === null ? shard.settings.toolkits.toolsOf.get(row.toolkit) : undefined;
  const known = { record: now.record, tool: tool ?? undefined, tools, val };
  const reply = core.change('use', at, core.head({ by, request, harmless }, known));
  if (reply.ok) shard.used.add(now, at, http, reply.third);
};
