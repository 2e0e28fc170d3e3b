/** Reading and changing accounts of a shard. New ones are made in creation.js. */

import { ObjectError } from './objects.js';
import { identify, valOf, verify } from './provider.js';
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
 * @property {import('./activity.js').By} by
 * @property {string} user
 * @property {string} config
 * @property {import('./shard.js').Link} link
 */

/**
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./shard.js').Sight} sight
 * @param {object} [more] of the account's members
 * @param {string} [known] record of the auth config, where it is at hand: then the project is not asked for it
 * @returns {Promise<string>} an account as the core's answers take it, JSON text
 */
export const shown = async (shard, row, sight, more = {}, known) => {
  const config = known ?? (await shard.directory.configRecord(row.config)) ?? 'null';
  return shard.core.head(more, { record: row.record, ...(await shard.seen(row, sight, known)), config });
};

/**
 * What was done and is stored is answered, also where the project cannot be asked by now: with the auth config as it was
 * a moment ago, and without fingerprints, whose key is the project's.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./shard.js').Sight} sight
 * @param {string} config record of the auth config, as what was done began with it
 * @param {object} [more] of the account's members
 */
export const shownDone = (shard, row, sight, config, more) =>
  shown(shard, row, sight, more).catch((error) => {
    if (!(error instanceof ObjectError)) throw error;
    return shown(shard, row, { ...sight, fingerprints: false }, more, config);
  });

/**
 * One account by itself: which others of its user are the same identity at the provider belongs to it. A list leaves
 * that out: it would be a search for each of its items.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('./shard.js').Sight} sight
 */
export const shownAlone = (shard, row, sight) => shown(shard, row, sight, { same_identity_as: shard.store.twins(row) });

/**
 * The same of an account whose credential no configured key opens.
 * @param {Shard} shard @param {Row} row @param {import('./shard.js').Sight} sight
 */
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
export const canReturn = ({ core }, record) => {
  const end = core.answer('oauth.callback', Date.now(), { record });
  return !end.value?.url || URL.canParse(end.value.url);
};

export const BAD_RETURN = 'The callback address is not one that a browser can be sent to.';

/** @param {Reply} reply @returns {Answer} */
export const sent = ({ status, text }) => ({ status, text });

/** @param {Shard} shard @param {string} slug */
export const toolkitOf = (shard, slug) => shard.settings.toolkits.definitions.get(slug) ?? 'null';

/**
 * A caller may want an access token that lives for some time yet. Where that cannot be had, the account tells its end.
 * @param {Shard} shard
 * @param {Row} row
 * @param {object} query
 * @param {import('./activity.js').By} [by]
 * @returns {Promise<Row | null>}
 */
const fresh = async (shard, row, query, by) => {
  if (Object.values(query).every((value) => value === row.id)) return row; // asked for by its id, and nothing more
  const { core, store } = shard;
  const ready = core.tool('ready', Date.now(), core.head({ query, asked_only: true }, { record: row.record }));
  if (!ready.value?.refresh) return row;
  await renew(shard, row.id, { generation: row.generation, by });
  return store.get(row.id);
};

/**
 * @param {Shard} shard
 * @param {Message} message
 * @returns {Promise<Answer>}
 */
export const get = async (shard, { op, id, api, query, sight, request_id, by }) => {
  const found = await shard.load(id);
  const row = found && (await fresh(shard, found, query, by));
  if (!row) return shard.fault('account_not_found', request_id);
  const account = await shownAlone(shard, row, sight);
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
  const { op, event, id, request_id, by, api, query, body, sight } = message;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  const config = (await shard.directory.configRecord(found.config)) ?? 'null';
  const parts = { toolkit: toolkitOf(shard, found.toolkit), config };
  /** @type {{ identity: object | null } | null} what the provider said of a new credential */
  let told = null;

  const attempt = async () => {
    const row = store.get(id);
    if (!row) return null;
    const siblings = store.records(row.user, row.toolkit);
    const head = core.head({ request_id, by, api, query, ...told }, { ...parts, record: row.record, siblings });
    const reply = core.change(event, Date.now(), head, body);
    if (!reply.ok) shard.activity.note(id, reply); // somebody else's credential
    if (!reply.ok || (reply.value.effects.includes('identify') && !told)) return { reply, row: null };
    return { reply, row: await shard.write(row, reply, { sight }) };
  };

  let done = await shard.lock(found.user, attempt);
  if (done?.reply.ok && !done.row) {
    const client = done.reply.value.effects.includes('sign') ? await shard.directory.config(found.config) : null;
    const given = { ...parts, credentials: client?.credentials ?? '{}', val: done.reply.second };
    const fault = done.reply.value.effects.includes('verify') ? await verify(shard, given) : null;
    if (fault) return shard.fault(fault, request_id);
    told = { identity: await identify(shard, given) }; // somebody else's does not become this account's
    done = await shard.lock(found.user, attempt);
  }
  if (!done) return shard.fault('account_not_found', request_id);
  const { reply, row } = done;
  if (!row) return shard.refusal(reply, request_id);
  const account = await shownDone(shard, row, sight, config);
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
  const { op, id, request_id, by, api, query, body, sight, link } = message;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  const config = (await shard.directory.configRecord(found.config)) ?? 'null';
  const project = (await shard.directory.project()).record;
  const parts = { toolkit: toolkitOf(shard, found.toolkit), config, project };

  /** @param {object} [more] */
  const attempt = async (more) => {
    const row = store.get(id);
    if (!row) return null;
    // What the connection had beside its grant goes along into the next one.
    const val = await valOf(shard, row);
    const head = core.head({ request_id, by, api, query, link, ...more }, { ...parts, record: row.record, val });
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
    const { outcome, fault, detail, reply } = await renew(shard, id, { by });
    if (reply) return shard.refusal(reply, request_id);
    if (fault || outcome === 'later' || outcome === 'broken') {
      return shard.fault(fault ?? 'provider_unreachable', request_id, detail);
    }
    // A dead refresh token: the account is no longer what it was, so the core now asks for a consent.
    if (outcome === 'lost') {
      done = await shard.lock(found.user, () => attempt({ lost: true }));
      result = done?.reply.ok ? (done.reply.value.result ?? null) : null;
    }
  }
  if (done && !done.reply.ok) return shard.refusal(done.reply, request_id);
  if (done && 'bad' in done) return shard.fault('bad_body', request_id, BAD_RETURN);
  const row = store.get(id);
  if (!row) return shard.fault('account_not_found', request_id);
  if (done?.reply.value.effects.includes('verify')) {
    const fault = await verify(shard, { ...parts, val: await shard.credential(row) });
    if (fault) return shard.fault(fault === 'credentials_refused' ? 'token_refused' : fault, request_id);
  }
  const account = await shownDone(shard, row, sight, config);
  return sent(core.answer(op, Date.now(), core.head({ api, links: sight.links, result, link }, { account })));
};
