/** A page of the list of accounts: merged from the shards, with a cursor that belongs to this very list. */

import { ask, shardObject } from './objects.js';
import { shardOfId, shardOfUser } from './shards.js';
import { UnreadableError } from './vault.js';
import { WALK_LIFE } from './walks.js';

/** @typedef {import('./handler.js').Context} Context */
/**
 * @typedef {object} Place where a walk through a list is
 * @property {[any, string] | null} after
 * @property {number} page
 * @property {number} [begun] when the walk was; only where its order may change underneath
 * @property {string} [marks] then also what each shard knows it by, in the order of the shards
 */
/** @typedef {{ id: string, at: any, shard: number }} Key */

/** What a cursor is bound to: it opens for this list alone. @param {Context} context */
const bindingOf = ({ route }) => {
  const { cursor, limit, ...query } = route.query;
  return ['project', route.name, JSON.stringify([route.filters, route.order, query])];
};

/** @param {Context} context @returns {Promise<any>} null: not a cursor of this list */
export const openCursor = async (context) => {
  const { route, settings } = context;
  if (route.cursor === null) return { after: null, page: 1 };
  try {
    return JSON.parse(await settings.vault.openText('cursor', bindingOf(context), route.cursor));
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
};

/** @param {Context} context @param {object} place */
export const sealCursor = (context, place) =>
  context.settings.vault.sealText('cursor', bindingOf(context), JSON.stringify(place));

/**
 * The shards that can hold accounts of this list: an id and a user lead to one.
 * @param {Context} context
 * @returns {Promise<number[]>}
 */
const shardsOf = async ({ route, settings, project }) => {
  const { id, user } = /** @type {any} */ (settings.core.catalog).keys;
  const wanted = new Map(/** @type {[string, string[]][]} */ (route.filters));
  const users = wanted.get(user);
  if (users) return [...new Set(await Promise.all(users.map((one) => shardOfUser(one, project.shards))))];
  const ids = wanted.get(id);
  if (ids) return [...new Set(ids.map((one) => shardOfId(one, project.shards)).filter((shard) => shard !== null))];
  return Array.from({ length: project.shards }, (_, shard) => shard);
};

/** 256 marks must fit into a cursor. @param {number[]} marks */
const toMarks = (marks) => marks.map((mark) => mark.toString(36)).join(' ');

/** @param {string} marks */
const fromMarks = (marks) => marks.split(' ').map((mark) => Number.parseInt(mark, 36));

/** @param {Key} a @param {Key} b */
const ascending = (a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1);

/**
 * @param {Context} context
 * @returns {Promise<import('./objects.js').Answer>}
 */
export const listAccounts = async (context) => {
  const { route, settings, sight, request_id } = context;
  const { core, env } = settings;
  const place = /** @type {Place | null} */ (await openCursor(context));
  if (!place) return context.fault('bad_cursor');
  const { begun = Date.now() } = place;
  if (begun + WALK_LIFE <= Date.now()) return context.fault('cursor_over');
  const { filters, order, limit } = route;
  const page = { filters, order, after: place.after, limit: limit + 1, request_id };
  const shards = await shardsOf(context);
  const marks = place.marks === undefined ? [] : fromMarks(place.marks);
  const found = await Promise.all(
    shards.map((shard, at) => ask(shardObject(env, shard), 'page', { ...page, mark: marks[at] ?? null })),
  );
  /** @type {Key[]} */
  const keys = found.flatMap(({ keys: some }, at) =>
    some.map((/** @type {object} */ key) => ({ ...key, shard: shards[at] })),
  );
  keys.sort(order[1] === 'asc' ? ascending : (a, b) => ascending(b, a));
  const chosen = keys.slice(0, limit);
  const last = chosen.at(-1);
  const walk = found.some(({ mark }) => mark !== null) ? { begun, marks: toMarks(found.map(({ mark }) => mark)) } : {};
  const next = keys.length > limit && last ? { after: [last.at, last.id], page: place.page + 1, ...walk } : null;
  const next_cursor = next && (await sealCursor(context, next));
  const { items, unreadable } = await accountsOf(env, chosen, sight);
  if (unreadable > 0) console.error(JSON.stringify({ request_id, unreadable }));
  const accounts = `[${items.join(',')}]`;
  const total = found.reduce((sum, one) => sum + one.total, 0);
  const head = core.head(
    { api: route.api, links: sight.links, next_cursor, total, limit, page: place.page },
    { accounts },
  );
  const { status, text } = core.answer(route.name, Date.now(), head);
  return { status, text };
};

/**
 * @param {import('./settings.js').Env} env
 * @param {Key[]} keys
 * @param {import('./shard.js').Sight} sight
 * @returns {Promise<{ items: string[], unreadable: number }>} `{record, val}` of each, in the order of the keys
 */
const accountsOf = async (env, keys, sight) => {
  const shards = [...new Set(keys.map(({ shard }) => shard))];
  /** @type {Record<string, string>} */
  const items = {};
  let unreadable = 0;
  await Promise.all(
    shards.map(async (shard) => {
      const ids = keys.filter((key) => key.shard === shard).map(({ id }) => id);
      const found = await ask(shardObject(env, shard), 'rows', { ids, sight });
      Object.assign(items, found.items);
      unreadable += found.unreadable;
    }),
  );
  return { items: keys.map(({ id }) => items[id]).filter((item) => item !== undefined), unreadable };
};
