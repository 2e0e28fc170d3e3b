/** Running a tool, or a request of the caller's own, with an account's credential. Arguments are never logged. */

import { randomName } from './bytes.js';
import { perform } from './outbound.js';
import { renew } from './refresh.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('../core/reply.js').Reply} Reply */

/**
 * @typedef {object} Message
 * @property {string} request_id
 * @property {string} api
 * @property {string} body
 * @property {string | null} account id that the caller named
 * @property {string | null} user
 * @property {string | null} toolkit slug of the tool's toolkit
 * @property {string | null} tool definition of the tool as JSON text; null: a request of the caller's own
 */

/** @typedef {{ row: Row, config: import('./directory.js').Config } | { answer: Answer }} Chosen */

/**
 * Which account: the core decides, first among the user's accounts, then whether the chosen one may be used.
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Chosen>}
 */
const choose = async (shard, { request_id, account, user, toolkit }) => {
  const { core, store, directory } = shard;
  const project = (await directory.project()).record;
  let id = account;
  if (id === null) {
    const rows = user === null || toolkit === null ? [] : store.siblings(user, toolkit);
    const current = (await Promise.all(rows.map((row) => shard.load(row.id)))).filter((row) => row !== null);
    const candidates = `[${current.map(({ record }) => record).join(',')}]`;
    const reply = core.tool('choose', Date.now(), core.head({ account: null, user, toolkit }, { candidates, project }));
    if (!reply.ok) return { answer: shard.refusal(reply, request_id) };
    id = /** @type {string} */ (reply.value.id);
  }
  const row = await shard.load(id);
  const config = row && (await directory.config(row.config));
  const found = { found: row?.record ?? 'null', config: config?.record ?? 'null', candidates: '[]', project };
  const reply = core.tool('choose', Date.now(), core.head({ account: id, user, toolkit }, found));
  if (!reply.ok) return { answer: shard.refusal(reply, request_id) };
  if (!row) return { answer: shard.fault('account_not_found', request_id) };
  if (!config) return { answer: shard.fault('config_not_found', request_id) };
  return { row, config };
};

/**
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const execute = async (shard, message) => {
  const { core, settings } = shard;
  const { request_id, tool, body, api } = message;
  const log_id = `log_${randomName(16)}`;
  for (let attempt = 1; ; attempt++) {
    const chosen = await choose(shard, message);
    if ('answer' in chosen) return chosen.answer;
    const { row, config } = chosen;
    const { refresh, usable } = core.tool('ready', Date.now(), core.head({}, { record: row.record })).value ?? {};
    if (refresh && attempt === 1) {
      const { outcome, fault, detail, reply } = await renew(shard, row.id);
      if (reply && !usable) return shard.refusal(reply, request_id);
      if (outcome === 'lost') continue; // choosing again says why the account cannot be used any more
      if (outcome !== 'granted' && !usable) return shard.fault(fault ?? 'provider_unreachable', request_id, detail);
    }
    const fresh = shard.store.get(row.id) ?? row;
    const parts = {
      toolkit: settings.toolkits.definitions.get(row.toolkit) ?? 'null',
      config: config.record,
      val: await shard.credential(fresh),
    };
    const build = core.tool(
      tool === null ? 'proxy' : 'build',
      Date.now(),
      core.head({ api, log_id }, tool === null ? parts : { ...parts, tool }),
      body,
    );
    if (!build.request) return shard.refusal(build, request_id);
    const out = await perform(settings, build.request);
    if (out.fault) return shard.fault(out.fault, request_id);
    const head = { http: out.http, headers: out.headers, content_type: out.type, log_id, attempt };
    const read = core.tool(tool === null ? 'proxied' : 'read', Date.now(), core.head(head, parts), out.body);
    if (read.second === 'refresh' && attempt === 1) {
      // The provider refuses the token: one refresh and one replay, and no more.
      const { outcome } = await renew(shard, row.id, true);
      if (outcome === 'granted') continue;
    }
    await used(shard, row.id);
    return read.ok ? { status: read.status, text: read.text } : shard.refusal(read, request_id);
  }
};

/** Note that the account was used. @param {Shard} shard @param {string} id */
const used = async (shard, id) => {
  const row = shard.store.get(id);
  if (!row) return;
  await shard.lock(row.user, async () => {
    const now = shard.store.get(id);
    if (!now) return;
    const reply = shard.core.change('use', Date.now(), shard.core.head({}, { record: now.record }));
    if (reply.ok) await shard.write(now, reply);
  });
};
