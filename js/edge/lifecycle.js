/** Creating, reading and changing accounts of a shard. */

import { randomSeed } from './bytes.js';
import { ClosingError } from './closings.js';
import { identify, verify } from './provider.js';
import { renew, underWay } from './refresh.js';
import { emptyView } from './views.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('../core/reply.js').Reply} Reply */
/** @typedef {import('./objects.js').Answer} Answer */

/**
 * @typedef {object} Message what the handler sends for an operation on accounts
 * @property {string} op the operation's name
 * @property {string} event
 * @property {string} request_id
 * @property {string | null} api
 * @property {object} query
 * @property {string} body
 * @property {string} id
 * @property {import('./shard.js').Sight} sight
 * @property {string} user
 * @property {string} config
 * @property {import('./shard.js').Link} link
 */

/**
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./shard.js').Sight} sight
 * @returns {Promise<string>} an account as the core's answers take it, JSON text
 */
export const shown = async (shard, row, sight) => {
  const config = (await shard.directory.configRecord(row.config)) ?? 'null';
  return shard.core.head({}, { record: row.record, ...(await shard.seen(row, sight)), config });
};

/** The same of an account whose credential no configured key opens. @type {typeof shown} */
export const closed = async (shard, row, sight) => {
  const config = (await shard.directory.configRecord(row.config)) ?? 'null';
  return shard.core.head({}, { record: row.record, ...emptyView(sight), config });
};

/**
 * Can a browser be sent to where the flow of this account ends? The core reads as much of an address as it needs;
 * only here is somebody who knows all of URLs.
 * @param {Shard} shard
 * @param {object} record
 */
const canReturn = ({ core }, record) => {
  const end = core.answer('oauth.callback', Date.now(), { record });
  return !end.value?.url || URL.canParse(end.value.url);
};

const BAD_RETURN = 'The callback address is not one that a browser can be sent to.';

/** @param {Reply} reply @returns {Answer} */
const sent = ({ status, text }) => ({ status, text });

/** @param {Shard} shard @param {string} slug */
const toolkitOf = (shard, slug) => shard.settings.toolkits.definitions.get(slug) ?? 'null';

/** @param {Row[]} rows */
const records = (rows) => `[${rows.map(({ record }) => record).join(',')}]`;

/**
 * A new account: by create, or by link.
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const create = async (shard, message) => {
  try {
    return await made(shard, message);
  } catch (error) {
    if (!(error instanceof ClosingError)) throw error;
    return shard.fault('config_not_found', message.request_id);
  }
};

/** @param {Shard} shard @param {Message} message @returns {Promise<Answer>} */
const made = async (shard, message) => {
  const { core, store } = shard;
  const { op, event, request_id, api, query, body, id, user, sight, link } = message;
  const config = await shard.directory.stored(message.config);
  const toolkit = config ? toolkitOf(shard, config.toolkit) : 'null';
  const parts = { config: config?.record ?? 'null', toolkit };
  const project = (await shard.directory.project()).record;
  let verified = false;

  const attempt = async () => {
    const siblings = records(config ? store.siblings(user, config.toolkit) : []);
    const head = core.head(
      { id, user, request_id, api, query, link, seed: randomSeed() },
      { ...parts, siblings, project },
    );
    const reply = core.change(event, Date.now(), head, body);
    if (!reply.ok || (reply.value.effects.includes('verify') && !verified)) return { reply, row: null };
    const asked = reply.value.effects.includes('link');
    if (asked && !canReturn(shard, reply.value.record)) return { reply, row: null, bad: true };
    const also = () => shard.closings.refuse(message.config);
    return { reply, row: await shard.write(null, reply, { link: asked ? link : null, sight, also }) };
  };

  let { reply, row, bad = false } = await shard.lock(user, attempt);
  if (bad) return shard.fault('bad_body', request_id, BAD_RETURN);
  if (reply.ok && !row) {
    const fault = await verify(shard, { ...parts, val: reply.second });
    if (fault) return shard.fault(fault, request_id);
    verified = true; // others may have come in between: the core is asked again
    ({ reply, row } = await shard.lock(user, attempt));
  }
  if (!row) return shard.refusal(reply, request_id);
  if (reply.value.effects.includes('identify')) row = await known(shard, row, { ...parts, val: reply.second });
  const account = await shown(shard, row, sight);
  return sent(core.answer(op, Date.now(), core.head({ api, link, links: sight.links }, { account })));
};

/**
 * Ask who an account is that was connected a moment ago, and keep the answer.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./provider.js').Parts} parts
 * @returns {Promise<Row>}
 */
export const known = async (shard, row, parts) => {
  const identity = await identify(shard, parts);
  if (!identity) return row;
  return shard.lock(row.user, async () => {
    const now = shard.store.get(row.id);
    if (!now) return row;
    const reply = shard.core.change('identified', Date.now(), shard.core.head({ identity }, { record: now.record }));
    return reply.ok ? shard.write(now, reply) : now;
  });
};

/**
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const get = async (shard, { op, id, api, sight, request_id }) => {
  const row = await shard.load(id);
  if (!row) return shard.fault('account_not_found', request_id);
  const account = await shown(shard, row, sight);
  return sent(shard.core.answer(op, Date.now(), shard.core.head({ api, links: sight.links }, { account })));
};

/**
 * Status change and update: read, decide, write, answer.
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const change = async (shard, message) => {
  const { core, store } = shard;
  const { op, event, id, request_id, api, query, body, sight } = message;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  const config = (await shard.directory.configRecord(found.config)) ?? 'null';
  const parts = { toolkit: toolkitOf(shard, found.toolkit), config };
  let verified = false;

  const attempt = async () => {
    const row = store.get(id);
    if (!row) return null;
    const siblings = records(store.siblings(row.user, row.toolkit).filter((other) => other.id !== id));
    const head = core.head({ request_id, api, query }, { ...parts, record: row.record, siblings });
    const reply = core.change(event, Date.now(), head, body);
    if (!reply.ok || (reply.value.effects.includes('verify') && !verified)) return { reply, row: null };
    return { reply, row: await shard.write(row, reply, { sight }) };
  };

  let done = await shard.lock(found.user, attempt);
  if (done?.reply.ok && !done.row) {
    const fault = await verify(shard, { ...parts, val: done.reply.second });
    if (fault) return shard.fault(fault, request_id);
    verified = true;
    done = await shard.lock(found.user, attempt);
  }
  if (!done) return shard.fault('account_not_found', request_id);
  const { reply, row } = done;
  if (!row) return shard.refusal(reply, request_id);
  const last = reply.value.effects.includes('identify')
    ? await known(shard, row, { ...parts, val: reply.second })
    : row;
  const account = await shown(shard, last, sight);
  const head = { api, links: sight.links, result: reply.value.result ?? null };
  return sent(core.answer(op, Date.now(), core.head(head, { account })));
};

/**
 * Refresh by hand: now where there is a refresh token, else by a new consent of the user.
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const refresh = async (shard, message) => {
  const { core, store } = shard;
  const { op, id, request_id, api, query, body, sight, link } = message;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  const config = (await shard.directory.configRecord(found.config)) ?? 'null';
  const project = (await shard.directory.project()).record;
  const parts = { toolkit: toolkitOf(shard, found.toolkit), config, project };

  const attempt = async () => {
    const row = store.get(id);
    if (!row) return null;
    const head = core.head({ request_id, api, query, link }, { ...parts, record: row.record });
    const reply = core.change('refresh', Date.now(), head, body);
    if (!reply.ok || reply.value.effects.includes('refresh')) return { reply, row };
    const asked = reply.value.effects.includes('link');
    if (asked && !canReturn(shard, reply.value.record)) return { reply, row, bad: true };
    return { reply, row: await shard.write(row, reply, { link: asked ? link : null, sight }) };
  };

  // One that is under way is joined: its entry in the journal must not be read as that of a lost answer.
  let joined = false;
  let done = await shard.lock(found.user, async () => {
    joined = underWay(shard, id);
    return joined ? null : attempt();
  });
  let result = done?.reply.ok ? (done.reply.value.result ?? null) : null;
  if (joined || (done?.reply.ok && done.reply.value.effects.includes('refresh'))) {
    const { outcome, fault, detail, reply } = await renew(shard, id);
    if (reply) return shard.refusal(reply, request_id);
    if (fault || outcome === 'later' || outcome === 'broken') {
      return shard.fault(fault ?? 'provider_unreachable', request_id, detail);
    }
    // A dead refresh token: the account is no longer what it was, so the core now asks for a consent.
    if (outcome === 'lost') {
      done = await shard.lock(found.user, attempt);
      result = done?.reply.ok ? (done.reply.value.result ?? null) : null;
    }
  }
  if (done && !done.reply.ok) return shard.refusal(done.reply, request_id);
  if (done && 'bad' in done) return shard.fault('bad_body', request_id, BAD_RETURN);
  const row = store.get(id);
  if (!row) return shard.fault('account_not_found', request_id);
  const account = await shown(shard, row, sight);
  return sent(core.answer(op, Date.now(), core.head({ api, links: sight.links, result, link }, { account })));
};
