/** What each operation of the API does here. Names of operations are the core's. */

import { listActivity } from './activity.js';
import { digest, toBase64Url } from './bytes.js';
import { operationOf } from './catalog.js';
import { Directory, forgetDirectory } from './directory.js';
import { listAccounts, openCursor, sealCursor } from './list.js';
import { ask, projectObject, shardObject } from './objects.js';
import { newAccountId, newLinkToken, shardOfId, shardOfUser } from './shards.js';
import { createToken, endTokens } from './user-token-service.js';

/** @typedef {import('./handler.js').Context} Context */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {(context: Context) => Promise<Answer> | Answer} Operation */

/** What every object is told of a request. @param {Context} context */
const messageOf = ({ route, body, request_id, sight, caller }) => ({
  op: route.name,
  api: route.api,
  query: route.query,
  id: route.id,
  body,
  request_id,
  sight,
  by: sight.by,
  caller,
});

/** @param {Context} context @param {number} shard @param {string} question @param {object} [more] */
const askShard = (context, shard, question, more = {}) =>
  ask(shardObject(context.settings.env, shard), question, { ...messageOf(context), ...more });

/** @param {Context} context @param {string} question @param {object} [more] */
const askProject = async (context, question, more = {}) => {
  const answer = await ask(projectObject(context.settings.env), question, { ...messageOf(context), ...more });
  if (context.route.write) forgetDirectory();
  return answer;
};

/** A link: its token leads to the shard, and whoever holds it may connect the account. @param {Context} context @param {number} shard */
const newLink = ({ settings, origin }, shard) => {
  const { core } = settings;
  const token = newLinkToken(shard);
  const path = operationOf(core.catalog, 'connect.show')?.path ?? '';
  return { token, url: origin + path.replace('{id}', token), expires_at: Date.now() + core.catalog.limits.link };
};

/** @param {string} event @returns {Operation} */
const creates = (event) => async (context) => {
  const { route, project } = context;
  const { user, config } = route.refs;
  const shard = await shardOfUser(user, project.shards);
  return askShard(context, shard, 'create', {
    event,
    id: newAccountId(shard),
    user,
    config,
    link: newLink(context, shard),
  });
};

/** An operation on one account. @param {string} question @param {object} [more] what else it is told @returns {Operation} */
const onAccount =
  (question, more = {}) =>
  (context) => {
    const shard = shardOfId(context.route.id, context.project.shards);
    if (shard === null) return context.fault('account_not_found');
    return askShard(context, shard, question, more);
  };

/** It may end in a new consent. @type {Operation} */
const refresh = (context) => {
  const shard = shardOfId(context.route.id, context.project.shards);
  if (shard === null) return context.fault('account_not_found');
  return askShard(context, shard, 'refresh', { link: newLink(context, shard) });
};

/** The host confirms a connection. @type {Operation} */
const completes = async (context) => {
  const { account: id, verifier } = context.route.refs;
  const shard = shardOfId(id, context.project.shards);
  if (shard === null) return context.fault('account_not_found');
  return askShard(context, shard, 'complete', { id, digest: toBase64Url(await digest(verifier)) });
};

/** @param {string} question @param {string} [event] @returns {Operation} */
const onProject = (question, event) => (context) =>
  askProject(context, question, { event, toolkit: context.route.refs.toolkit });

/** Answers that the core makes of what the Worker knows already. @param {(context: Context) => string} head @returns {Operation} */
const fromHere = (head) => (context) => {
  const { status, text } = context.settings.core.answer(context.route.name, Date.now(), head(context));
  return status < 400 ? { status, text } : context.refusal(text);
};

/** @param {Context} context @returns {string} all toolkits as one JSON array */
const toolkitsOf = ({ settings }) => `[${[...settings.toolkits.definitions.values()].join(',')}]`;

/** @param {Context} context */
const toolsOf = ({ settings }) => `[${[...settings.toolkits.tools.values()].join(',')}]`;

/** Lists of definitions: the core filters them and cuts the page out. @type {Operation} */
const listDefinitions = async (context) => {
  const { route, settings } = context;
  const place = await openCursor(context);
  if (!place) return context.fault('bad_cursor');
  const { offset = 0, page } = place;
  const next_cursor = await sealCursor(context, { offset: offset + route.limit, page: page + 1 });
  const managed = [...settings.toolkits.managed.keys()];
  const { api, query, limit } = route;
  /** @type {string[]} of auth configs, whose tools are wanted */
  const ids = (route.filters ?? []).flatMap((/** @type {[string, string[]]} */ [, values]) => values);
  const directory = new Directory(settings);
  const configs = await Promise.all(ids.map((id) => directory.configRecord(id)));
  const parts = {
    toolkits: toolkitsOf(context),
    tools: toolsOf(context),
    configs: `[${configs.map((record) => record ?? 'null').join(',')}]`,
  };
  return fromHere(() => settings.core.head({ api, query, managed, offset, limit, page, next_cursor }, parts))(context);
};

/** @type {Operation} */
const getToolkit = (context) => {
  const { route, settings } = context;
  const toolkit = settings.toolkits.definitions.get(route.id) ?? 'null';
  const managed = settings.toolkits.managed.has(route.id);
  return fromHere(() => settings.core.head({ api: route.api, query: route.query, managed }, { toolkit }))(context);
};

/** @type {Operation} */
const getTool = (context) => {
  const { route, settings } = context;
  const tool = settings.toolkits.tools.get(route.id) ?? 'null';
  const parts = { tool, toolkits: toolkitsOf(context) };
  return fromHere(() => settings.core.head({ api: route.api, query: route.query }, parts))(context);
};

/** @type {Operation} */
const listConfigs = async (context) => {
  const { route, settings } = context;
  const place = await openCursor(context);
  if (!place) return context.fault('bad_cursor');
  const offset = place.offset ?? 0;
  const { filters, limit, search = null } = route;
  const { items, total, toolkits } = await askProject(context, 'listConfigs', { filters, search, limit, offset });
  const more = offset + items.length < total;
  const next_cursor = more ? await sealCursor(context, { offset: offset + items.length, page: place.page + 1 }) : null;
  const head = settings.core.head(
    { api: route.api, next_cursor, total, limit, page: place.page },
    { configs: `[${items.join(',')}]`, toolkits: `[${toolkits.join(',')}]` },
  );
  const { status, text } = settings.core.answer(route.name, Date.now(), head);
  return { status, text };
};

/** @type {Operation} */
const execute = async (context) => {
  const { route, body, settings } = context;
  const { core, toolkits } = settings;
  const tool = toolkits.tools.get(route.refs.tool ?? route.id) ?? 'null';
  const find = core.tool('find', Date.now(), core.head({ api: route.api, query: route.query }, { tool }), body);
  if (!find.ok) return context.refusal(find.text);
  const { user = null, account = null, toolkit = null } = find.value;
  return run(context, { tool, user, account, toolkit });
};

/** @type {Operation} */
const proxy = (context) =>
  run(context, {
    tool: null,
    user: context.route.refs.user ?? null,
    account: context.route.refs.account ?? null,
    toolkit: null,
  });

/** @param {Context} context @param {{ tool: string | null, user: string | null, account: string | null, toolkit: string | null }} what */
const run = async (context, what) => {
  const { shards } = context.project;
  const { user, account } = what;
  // An account that cannot be here is looked for in any shard, so that the core says what is wrong.
  const shard = account !== null ? shardOfId(account, shards) : user !== null ? await shardOfUser(user, shards) : 0;
  return askShard(context, shard ?? 0, 'execute', what);
};

/** @type {Record<string, Operation>} */
export const operations = {
  'connected_accounts.list': listAccounts,
  'connected_accounts.get': onAccount('get'),
  'connected_accounts.create': creates('create'),
  'connected_accounts.link': creates('link'),
  'connected_accounts.complete': completes,
  'connected_accounts.update': onAccount('change', { event: 'update' }),
  'connected_accounts.set_status': onAccount('change', { event: 'set_status' }),
  'connected_accounts.refresh': refresh,
  'connected_accounts.revoke': onAccount('revoke'),
  'connected_accounts.delete': onAccount('remove'),
  'connected_accounts.activity': listActivity,
  'auth_configs.list': listConfigs,
  'auth_configs.create': onProject('createConfig'),
  'auth_configs.get': onProject('getConfig'),
  'auth_configs.update': onProject('changeConfig', 'config_update'),
  'auth_configs.set_status': onProject('changeConfig', 'config_status'),
  'auth_configs.delete': onProject('deleteConfig'),
  'toolkits.list': listDefinitions,
  'toolkits.categories': listDefinitions,
  'toolkits.get': getToolkit,
  'tools.list': listDefinitions,
  'tools.get': getTool,
  'tools.execute': execute,
  'tools.proxy': proxy,
  'project_config.get': fromHere(({ settings, route, project }) =>
    settings.core.head({ api: route.api }, { record: project.record }),
  ),
  'project_config.update': onProject('updateProject'),
  'api_keys.list': onProject('listKeys'),
  'api_keys.create': onProject('createKey'),
  'api_keys.delete': onProject('deleteKey'),
  'user_tokens.create': createToken,
  'user_tokens.revoke': endTokens,
  'session.info': fromHere(({ settings, caller, project, route }) =>
    settings.core.head({ api: route.api, caller }, { project: project.record }),
  ),
  health: fromHere(() => '{}'),
};
