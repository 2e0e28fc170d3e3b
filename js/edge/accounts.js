/** The Durable Object of one shard of accounts. */

import { callback, show, submit } from './connect.js';
import { execute } from './execute.js';
import { change, create, get, refresh, shown } from './lifecycle.js';
import { once, replyTo } from './objects.js';
import { postpone, renew } from './refresh.js';
import { remove, revoke } from './removal.js';
import { retryRevocations } from './revocations.js';
import { openSettings } from './settings.js';
import { Shard } from './shard.js';

const AT_ONCE = 20; // accounts that one alarm works on together
const MOST = 200; // and in all, so that an alarm ends

/** @typedef {(shard: Shard, message: any) => Promise<any> | any} Question */

/** @type {Record<string, Question>} */
const questions = {
  create,
  get,
  change,
  refresh,
  remove,
  revoke,
  execute,
  show,
  submit,
  callback,

  /** Keys of a page of a list, in order, and how many there are in all. */
  async page(shard, { filters, order, after, limit }) {
    await lapseDue(shard);
    return { keys: shard.store.page({ filters, order, after, limit }), total: shard.store.count(filters) };
  },

  /** The accounts of such keys. One that was deleted meanwhile is left out. */
  async rows(shard, { ids, sight }) {
    const rows = /** @type {string[]} */ (ids).map((id) => shard.store.get(id)).filter((row) => row !== null);
    const items = await Promise.all(rows.map(async (row) => [row.id, await shown(shard, row, sight)]));
    return { items: Object.fromEntries(items) };
  },

  counts: (shard, { configs }) => shard.store.countByConfig(configs),

  /** Delete every account of an auth config. */
  async purge(shard, { config, request_id, api, op }) {
    for (const id of shard.store.idsOfConfig(config)) await remove(shard, { op, id, request_id, api, query: {} });
    return {};
  },
};

/** Links whose time is over. @param {Shard} shard */
const lapseDue = async (shard) => {
  for (const id of shard.store.due(Date.now(), MOST)) await shard.load(id);
};

/** Accounts whose time has come: links that ran out, credentials that want a refresh. @param {Shard} shard */
const workDue = async (shard) => {
  const ids = shard.store.due(Date.now(), MOST);
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => workOn(shard, id)));
  }
};

/** @param {Shard} shard @param {string} id */
const workOn = async (shard, id) => {
  const row = await shard.load(id);
  const due = row && shard.core.change('lapse', Date.now(), shard.core.head({}, { record: row.record }));
  if (!due?.ok || !due.value.effects.includes('refresh')) return;
  const { outcome } = await renew(shard, id);
  // Whatever is due stays due until it is done or put off; an alarm must not come for it again at once.
  if (outcome !== 'granted' && shard.store.isDue(id, Date.now())) await postpone(shard, id);
};

export class Accounts {
  #open;

  /**
   * @param {{ storage: import('./store.js').Storage }} ctx
   * @param {import('./settings.js').Env} env
   */
  constructor(ctx, env) {
    this.#open = once(async () => new Shard(await openSettings(env), ctx.storage));
  }

  /** @param {Request} request @returns {Promise<Response>} */
  fetch(request) {
    return replyTo(request, async (name, message) => {
      if (!Object.hasOwn(questions, name)) throw new TypeError(`no question ${name}`);
      return questions[name](await this.#open(), message);
    });
  }

  async alarm() {
    const shard = await this.#open();
    shard.disarm();
    try {
      shard.flows.prune(Date.now());
      await workDue(shard);
      await retryRevocations(shard, MOST);
    } finally {
      await shard.arm();
    }
  }
}
