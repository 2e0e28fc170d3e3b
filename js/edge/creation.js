/** New accounts of a shard: by create, or by link. */

import { Reply } from '../core/reply.js';
import { randomSeed } from './bytes.js';
import { ClosingError } from './closings.js';
import { BAD_RETURN, canReturn, sent, shownDone, toolkitOf } from './lifecycle.js';
import { obtain } from './obtain.js';
import { identify, verify } from './provider.js';
import { discard } from './revocations.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./lifecycle.js').Message} Message */
/** @typedef {import('./objects.js').Answer} Answer */

/**
 * @typedef {object} Asked what the provider said of a credential before it becomes an account
 * @property {string} [fault] name of a host fault
 * @property {Reply} [refusal] of the core
 * @property {import('./obtain.js').Token} [token] of the client's own grant
 * @property {string} [val] the credential
 * @property {object | null} [identity]
 */

/**
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

/**
 * @param {Shard} shard
 * @param {Reply} reply
 * @param {string} config id of the auth config
 * @param {import('./provider.js').Parts & { val: string }} parts `val`: what the caller gave
 * @returns {Promise<Asked>}
 */
const askProvider = async (shard, { value: { effects } }, config, parts) => {
  const own = effects.includes('obtain') ? await obtain(shard, config, parts) : {};
  if (own.fault || own.refusal) return own;
  const given = own.token ? { ...parts, val: own.token.credential } : parts;
  const fault = effects.includes('verify') ? await verify(shard, given) : null;
  if (fault && own.token) await discard(shard, given);
  if (fault) return { fault };
  const identity = await identify(shard, given);
  return own.token ? { ...own, val: given.val, identity } : { identity };
};

/** What two events say of themselves, one behind the other. @param {string} first @param {string} second JSON lists, or '' */
const joined = (first, second) => JSON.stringify([first, second].flatMap((list) => (list ? JSON.parse(list) : [])));

/**
 * Must the provider be asked before anything is stored?
 * @param {Shard} shard @param {Reply} reply @param {import('./provider.js').Parts} parts
 */
const isAsked = ({ core }, { value: { effects }, second }, parts) => {
  if (effects.includes('verify') || effects.includes('obtain')) return true;
  if (!effects.includes('identify')) return false;
  if (effects.includes('sign')) return true; // what for is known once the client's secret is open
  const step = core.grant('identify', Date.now(), core.head({}, { ...parts, val: second }));
  return Boolean(step.request ?? step.value?.identity);
};

/** @param {Shard} shard @param {Message} message @returns {Promise<Answer>} */
const made = async (shard, message) => {
  const { core, store } = shard;
  const { op, event, request_id, api, query, body, id, user, sight, by, link } = message;
  const config = await shard.directory.stored(message.config);
  const toolkit = config ? toolkitOf(shard, config.toolkit) : 'null';
  const parts = { config: config?.record ?? 'null', toolkit };
  const project = (await shard.directory.project()).record;
  const seed = randomSeed();
  /** @type {Asked | null} */
  let told = null;

  const attempt = async () => {
    const siblings = config ? store.records(user, config.toolkit) : '[]';
    const identity = told?.identity ?? null;
    const known = { ...parts, siblings, project };
    const head = core.head({ id, user, request_id, by, api, query, link, seed, identity }, known);
    const reply = core.change(event, Date.now(), head, body);
    if (!reply.ok || (!told && isAsked(shard, reply, parts))) return { reply, row: null };
    const also = () => shard.closings.refuse(message.config);
    if (told?.token) return connected(reply, told.token, also);
    const asked = reply.value.effects.includes('link');
    if (asked && !canReturn(shard, reply.value.record)) return { reply, row: null, bad: true };
    return { reply, row: await shard.write(null, reply, { link: asked ? link : null, sight, also }) };
  };

  /** With a token of the client's own. @param {Reply} begun @param {import('./obtain.js').Token} token @param {() => void} also */
  const connected = async (begun, token, also) => {
    const account = { ...parts, record: JSON.stringify(begun.value.record) };
    const head = core.head({ grant: token.grant, identity: told?.identity ?? null, by, seed }, account);
    const reply = core.change('connect', Date.now(), head);
    if (!reply.ok) return { reply, row: null };
    const both = new Reply(reply.status, [reply.text, '', joined(begun.third, reply.third)]);
    return { reply, row: await shard.write(null, both, { credential: token.credential, sight, also }) };
  };

  let { reply, row, bad = false } = await shard.lock(user, attempt);
  if (bad) return shard.fault('bad_body', request_id, BAD_RETURN);
  if (reply.ok && !row) {
    // The client's secret is opened for the client's own grant, and for what it signs.
    const opens = ['obtain', 'sign'].some((effect) => reply.value.effects.includes(effect));
    const client = opens ? await shard.directory.config(message.config) : null;
    const given = { ...parts, credentials: client?.credentials ?? '{}', val: reply.second };
    told = await askProvider(shard, reply, message.config, given);
    if (told.fault) return shard.fault(told.fault, request_id);
    if (told.refusal) return shard.refusal(told.refusal, request_id);
    try {
      ({ reply, row } = await shard.lock(user, attempt)); // others may have come in between: the core is asked again
    } finally {
      // Nobody would know of the client's own token any more.
      if (!row && told.val !== undefined) await discard(shard, { ...given, val: told.val });
    }
  }
  if (!row) return shard.refusal(reply, request_id);
  const account = await shownDone(shard, row, sight, parts.config, { same_identity_as: store.twins(row) });
  return sent(core.answer(op, Date.now(), core.head({ api, link, links: sight.links }, { account })));
};
