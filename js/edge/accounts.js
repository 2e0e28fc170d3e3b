/** The Durable Object of one shard of accounts. */

import { activity } from './activity.js';
import { callback, show, submit } from './connect.js';
import { create } from './creation.js';
import { forgetDirectory } from './directory.js';
import { execute } from './execute.js';
import { change, closed, get, refresh, shown } from './lifecycle.js';
import { Answering, nameOf, once } from './objects.js';
import { postpone, renew } from './refresh.js';
import { purge, remove, revoke } from './removal.js';
import { holders, retryRevocations } from './revocations.js';
import { sweep } from './rotation.js';
import { openSettings } from './settings.js';
import { Shard } from './shard.js';
import { admitted, tokenQuestions } from './user-token-uses.js';
import { UnreadableError } from './vault.js';
import { complete, giveBack } from './verifier.js';

const AT_ONCE = 20; // accounts that one alarm works on together
const MOST = 200; // and in all, so that an alarm ends
const PURGE = 500; // accounts that one question deletes

/** @typedef {(shard: Shard, message: any) => Promise<any> | any} Question */

/** @type {Record<string, Question>} */
const questions = admitted({
  ...tokenQuestions,
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
  complete,
  sweep,
  activity,

  /** Keys of a page of a list, in order, and how many there are in all. */
  async page(shard, { filters, order, after, limit, mark }) {
    await lapseDue(shard);
    const { store } = shard;
    const { walks } = store;
    // What a list is ordered by may change while somebody walks through it: then the walk has a mark.
    const since = walks.isMovable(order[0]) ? (mark ?? walks.begin(Date.now())) : null;
    const keys =
      since === null
        ? store.page({ filters, order, after, limit })
        : walks.page({ filters, order, after, limit }, since);
    return { keys, total: store.count(filters), mark: since };
  },

  /** The accounts of such keys. One that was deleted meanwhile is left out. */
  async rows(shard, { ids, sight }) {
    const rows = /** @type {string[]} */ (ids).map((id) => shard.store.get(id)).filter((row) => row !== null);
    let unreadable = 0;
    /** One whose key is gone does not hide the others. @param {import('./store.js').Row} row */
    const item = async (row) => {
      try {
        return await shown(shard, row, sight);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        unreadable += 1;
        return closed(shard, row, sight);
      }
    };
    const items = await Promise.all(rows.map(async (row) => [row.id, await item(row)]));
    return { items: Object.fromEntries(items), unreadable };
  },

  counts: (shard, { configs }) => shard.store.countByConfig(configs),

  /** The auth config is being deleted: how many accounts it has, and it gets no further ones. */
  close(shard, { config }) {
    shard.closings.close(config);
    forgetDirectory();
    return leftOf(shard, config);
  },

  reopen(shard, { config }) {
    shard.closings.reopen(config);
    return {};
  },

  /** Delete accounts of an auth config, and say how many it has left. No provider is waited for. */
  async purge(shard, { config, ...message }) {
    for (const id of shard.store.idsOfConfig(config, PURGE)) await purge(shard, { ...message, id, query: {} });
    return leftOf(shard, config);
  },

  holders,
});

/** @param {Shard} shard @param {string} config @returns {import('./deletion.js').Left} */
const leftOf = ({ store, held }, config) => ({
  accounts: store.countByConfig([config])[config] ?? 0,
  owed: held.owedBy(config),
});

/** Links whose time is over. @param {Shard} shard */
const lapseDue = async (shard) => {
  for (const id of shard.store.due(Date.now(), MOST)) await shard.load(id);
};

/** One that cannot even be put off. @param {string} id @returns {(error: unknown) => void} */
const told = (id) => (error) => console.error(JSON.stringify({ alarm: 'due', account: id, error: nameOf(error) }));

/** Accounts whose time has come: links that ran out, credentials that want a refresh. @param {Shard} shard */
const workDue = async (shard) => {
  const ids = shard.store.due(Date.now(), MOST);
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => workOn(shard, id).catch(told(id))));
  }
};

/** @param {Shard} shard @param {string} id */
const workOn = async (shard, id) => {
  const row = await shard.load(id);
  const due = row && shard.core.change('lapse', Date.now(), shard.core.head({}, { record: row.record }));
  if (!due?.ok || !due.value.effects.includes('refresh')) return;
  const outcome = await renewed(shard, id);
  // Whatever is due stays due until it is done or put off; an alarm must not come for it again at once.
  if (outcome !== 'granted' && shard.store.isDue(id, Date.now())) await postpone(shard, id);
};

/** What goes wrong with one account must not keep the alarm from all the others. @param {Shard} shard @param {string} id */
const renewed = async (shard, id) => {
  try {
    return (await renew(shard, id)).outcome;
  } catch (error) {
    console.error(JSON.stringify({ alarm: 'refresh', account: id, error: nameOf(error) }));
    return 'later';
  }
};

/** Who asks for accounts, but for using them, sees all uses that there were. @param {Shard} shard @param {string} question @param {any} message */
const before = ({ used }, question, { id, ids = [id] }) => (question === 'execute' ? undefined : used.settled(ids));

/** @extends {Answering<Shard>} */
export class Accounts extends Answering {
  #open;

  /**
   * @param {{ storage: import('./store.js').Storage }} ctx
   * @param {import('./settings.js').Env} env
   */
  constructor(ctx, env) {
    const open = once(async () => new Shard(await openSettings(env), ctx.storage));
    super(ctx, env, questions, open, before);
    this.#open = open;
  }

  async alarm() {
    const shard = await this.#open();
    shard.disarm();
    try {
      shard.flows.prune(Date.now());
      shard.store.walks.prune(Date.now());
      shard.tokens.prune(Date.now());
      const work = [workDue(shard), retryRevocations(shard, MOST), giveBack(shard, AT_ONCE)];
      const ends = await Promise.allSettled(work);
      const broken = ends.find(({ status }) => status === 'rejected');
      if (broken && 'reason' in broken) throw broken.reason; // only now: each has done what it could
    } finally {
      await shard.arm();
    }
  }
}
