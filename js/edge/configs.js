/** Auth configs: what the accounts of a toolkit are connected with. Their credentials are sealed. */

import { audit } from './audit.js';
import { randomName } from './bytes.js';
import { ask, shardObject } from './objects.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./project.js').Office} Office */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('./tables.js').ConfigRow} ConfigRow */

/**
 * @typedef {object} Message
 * @property {string} op
 * @property {string | null} api
 * @property {string} request_id
 * @property {string} id
 * @property {object} query
 * @property {string} body
 * @property {import('./shard.js').Sight} sight
 * @property {string} toolkit slug
 * @property {import('./directory.js').Caller} [caller]
 */

/** @param {string} id */
const binding = (id) => ['project', id];

/** @param {Office} office @param {ConfigRow} row @returns {Promise<string>} JSON text of its own credentials */
const opened = async ({ vault }, row) =>
  row.sealed === null ? '{}' : vault.openText('auth-config', binding(row.id), row.sealed);

/**
 * An auth config as the core's answers take it: credentials masked, whatever the project's setting: they are write-only.
 * @param {Office} office
 * @param {ConfigRow} row
 * @param {number} style
 * @param {number} connections
 */
const shown = async (office, row, style, connections) => {
  const { core } = office;
  const credentials = core.mask(await opened(office, row), core.catalog.mask.whole, style);
  return core.head({ connections }, { record: row.record, credentials });
};

/** @param {Office} office @param {string} question @param {object} message @returns {Promise<any[]>} of every shard */
export const askAll = ({ env, shards }, question, message) =>
  Promise.all(Array.from({ length: shards }, (_, shard) => ask(shardObject(env, shard), question, message)));

/** How many accounts each auth config has. @param {Office} office @param {string[]} configs */
export const counts = async (office, configs) => {
  /** @type {Record<string, number>} */
  const sums = Object.fromEntries(configs.map((id) => [id, 0]));
  if (configs.length === 0) return sums;
  for (const found of await askAll(office, 'counts', { configs })) {
    for (const [id, n] of Object.entries(found)) sums[id] += n;
  }
  return sums;
};

/**
 * Create an auth config. The project itself does so at its start, for the toolkits that the host has credentials for.
 * @param {Office} office
 * @param {{ toolkit: string, body: string, request_id: string, query: object }} message
 */
export const make = async (office, { toolkit, body, request_id, query }) => {
  const { core, tables, toolkits, vault } = office;
  const id = `ac_${randomName(12)}`;
  const head = core.head(
    { id, uuid: crypto.randomUUID(), managed: toolkits.managed.has(toolkit), request_id, query },
    { toolkit: toolkits.definitions.get(toolkit) ?? 'null' },
  );
  const reply = core.change('config_create', Date.now(), head, body);
  if (!reply.ok) return { reply, row: null };
  const sealed = reply.second === '' ? null : await vault.sealText('auth-config', binding(id), reply.second);
  tables.putConfig(reply.value.row, JSON.stringify(reply.value.record), sealed);
  return { reply, row: tables.config(id) };
};

/** @param {Office} office @param {Message} message @returns {Promise<Answer>} */
export const createConfig = async (office, message) => {
  const { reply, row } = await make(office, message);
  if (!row) return office.refusal(reply, message.request_id);
  audit({ ...message, id: row.id });
  const config = await shown(office, row, message.sight.style, 0);
  const { status, text } = office.core.answer(
    message.op,
    Date.now(),
    office.core.head({ api: message.api }, { config, toolkit: definition(office, row) }),
  );
  return { status, text };
};

/** @param {Office} office @param {ConfigRow} row */
const definition = ({ toolkits }, row) => toolkits.definitions.get(row.toolkit) ?? 'null';

/** @param {Office} office @param {Message} message @returns {Promise<Answer>} */
export const getConfig = async (office, { op, api, id, sight, request_id }) => {
  const row = office.tables.config(id);
  if (!row) return office.fault('config_not_found', request_id);
  const config = await shown(office, row, sight.style, (await counts(office, [id]))[id]);
  const { status, text } = office.core.answer(
    op,
    Date.now(),
    office.core.head({ api }, { config, toolkit: definition(office, row) }),
  );
  return { status, text };
};

/**
 * @param {Office} office
 * @param {Message & { filters: [string, any[]][], search: [string[], string] | null, limit: number, offset: number, cursor: string | null }} message
 */
export const listConfigs = async (office, { sight, filters, search, limit, offset, request_id }) => {
  const { rows, total } = office.tables.configs({ filters, search, limit, offset });
  const connections = await counts(
    office,
    rows.map((row) => row.id),
  );
  let unreadable = 0;
  /** One whose key is gone does not hide the others. @param {ConfigRow} row @returns {Promise<string>} */
  const item = async (row) => {
    try {
      return await shown(office, row, sight.style, connections[row.id]);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      unreadable += 1;
      return office.core.head({ connections: connections[row.id] }, { record: row.record, credentials: '{}' });
    }
  };
  const items = await Promise.all(rows.map(item));
  if (unreadable > 0) console.error(JSON.stringify({ request_id, unreadable }));
  const slugs = [...new Set(rows.map((row) => row.toolkit))];
  const toolkits = slugs.map((slug) => office.toolkits.definitions.get(slug)).filter((text) => text !== undefined);
  return { items, total, toolkits };
};

/**
 * Update, and change of status.
 * @param {Office} office
 * @param {Message & { event: string }} message
 * @returns {Promise<Answer>}
 */
export const changeConfig = (office, message) => office.lock(message.id, () => changed(office, message));

/**
 * Between reading a config and writing it something is waited for: whoever changed it meanwhile (a sweep that sealed it
 * by another key, news of its health) was right, and the change is made to what is there then.
 * @param {Office} office @param {Message & { event: string }} message @returns {Promise<Answer>}
 */
const changed = async (office, message) => {
  const { core, tables, vault } = office;
  const { op, event, api, id, query, body, request_id } = message;
  for (;;) {
    const row = tables.config(id);
    if (!row) return office.fault('config_not_found', request_id);
    const head = core.head(
      { request_id, query },
      { record: row.record, credentials: await opened(office, row), toolkit: definition(office, row) },
    );
    const reply = core.change(event, Date.now(), head, body);
    if (!reply.ok) return office.refusal(reply, request_id);
    const sealed = reply.second === '' ? row.sealed : await vault.sealText('auth-config', binding(id), reply.second);
    if (tables.replaceConfig(row, reply.value.row, JSON.stringify(reply.value.record), sealed)) break;
  }
  audit(message);
  const { status, text } = core.answer(op, Date.now(), { api });
  return { status, text };
};
