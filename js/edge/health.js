/**
 * How the refreshes of an auth config go, all accounts together: what does not answer or does not accept the client is
 * not asked by every account for itself. The rules are the core's; a shard remembers for itself what does not answer,
 * the project what concerns all shards.
 */

import { forgetDirectory } from './directory.js';
import { ask, projectObject } from './objects.js';

/** @typedef {import('./shard.js').Shard} Shard */

/** @type {WeakMap<Shard, Map<string, string>>} auth config -> health, JSON text; not there: all is well */
const remembered = new WeakMap();

/** @param {Shard} shard */
const healthsOf = (shard) => {
  const map = remembered.get(shard) ?? new Map();
  remembered.set(shard, map);
  return map;
};

/** What this shard remembers, as a part of a head. @param {Shard} shard @param {string} config @returns {string} JSON text */
export const healthOf = (shard, config) => healthsOf(shard).get(config) ?? 'null';

/** @param {Shard} shard @param {string} config @param {object} head @param {string} record of the auth config */
const turn = (shard, config, head, record) => {
  const parts = { health: healthOf(shard, config), config: record };
  const { value } = shard.core.change('health', Date.now(), shard.core.head(head, parts));
  if (value.health) healthsOf(shard).set(config, JSON.stringify(value.health));
  else healthsOf(shard).delete(config);
  return value;
};

/** @param {Shard} shard @param {string} id @param {object} what @returns {Promise<{ go: boolean, record: string } | null>} */
const askProject = async (shard, id, what) => {
  const answer = await ask(projectObject(shard.settings.env), 'configHealth', { id, ...what });
  if (answer?.changed) forgetDirectory();
  return answer;
};

/**
 * May a refresh be made now? Where something is wrong, one is let through from time to time.
 * @param {Shard} shard
 * @param {string} config
 * @param {string} record of the auth config
 * @returns {Promise<boolean>}
 */
export const enter = async (shard, config, record) => {
  const { go, ask: further } = turn(shard, config, {}, record);
  if (!go || !further) return go;
  return (await askProject(shard, config, {}))?.go ?? false;
};

/**
 * What came of a refresh.
 * @param {Shard} shard
 * @param {string} config
 * @param {string} record of the auth config
 * @param {string} account
 * @param {any} grant
 * @returns {Promise<string>} the auth config's record as it is now
 */
export const note = async (shard, config, record, account, grant) => {
  const { tell } = turn(shard, config, { grant, account }, record);
  return (tell && (await askProject(shard, config, { grant }))?.record) || record;
};

/** How long tokens live whose provider does not say it. @param {Shard} shard @param {string} config @param {number} learned */
export const teach = (shard, config, learned) => askProject(shard, config, { learned });

/**
 * The project's part. Without a lock, since nothing is waited for: a deletion that waits for a refresh to end holds it.
 * @param {import('./project.js').Office} office
 * @param {{ id: string, grant?: object, learned?: number }} message
 */
export const configHealth = ({ core, tables }, { id, grant, learned }) => {
  const row = tables.config(id);
  if (!row) return null;
  const reply = core.change('config_health', Date.now(), core.head({ grant, learned }, { record: row.record }));
  if (!reply.ok) return null;
  const record = JSON.stringify(reply.value.record);
  const changed = record !== row.record;
  if (changed) tables.putConfig(reply.value.row, record, row.sealed);
  return { go: reply.value.go, record, changed };
};
