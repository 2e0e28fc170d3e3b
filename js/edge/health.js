/**
 * How the refreshes of an auth config go, all accounts together: what does not answer or does not accept the client is
 * not asked by every account for itself. The rules are the core's; a shard remembers for itself what does not answer,
 * the project what concerns all shards. All of it is advice: where the project cannot be asked, an account goes by what
 * is known here.
 */

import { forgetDirectory } from './directory.js';
import { ask, projectObject } from './objects.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {{ id: string, record: string, toolkit: string }} Config  an auth config, and its toolkit's definition */
/** @typedef {{ id: string, user: string }} Account */

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

/** @param {Shard} shard @param {Config} config @param {object} head */
const turn = (shard, { id, record, toolkit }, head) => {
  const parts = { health: healthOf(shard, id), config: record, toolkit };
  const { value } = shard.core.change('health', Date.now(), shard.core.head(head, parts));
  if (value.health) healthsOf(shard).set(id, JSON.stringify(value.health));
  else healthsOf(shard).delete(id);
  return value;
};

/** @typedef {{ go: boolean, stale: boolean, changed: boolean, record: string }} Said */

/** @param {Shard} shard @param {string} id @param {object} what @returns {Promise<Said | null>} */
const askProject = async (shard, id, what) => {
  const answer = await ask(projectObject(shard.settings.env), 'configHealth', { id, ...what }).catch(() => null);
  if (answer?.changed || answer?.stale) forgetDirectory();
  return answer;
};

/**
 * May a refresh be made now? Where something is wrong, one is let through from time to time.
 * @param {Shard} shard
 * @param {Config} config
 * @param {Account} account
 * @returns {Promise<boolean>}
 */
export const enter = async (shard, config, account) => {
  const { go, ask: further } = turn(shard, config, { who: account.id });
  if (!go || !further) return go;
  return (await askProject(shard, config.id, { who: account.user }))?.go ?? true; // nobody knows better
};

/**
 * What came of a refresh.
 * @param {Shard} shard
 * @param {Config} config as the refresh was made with it
 * @param {Account} account
 * @param {any} grant
 * @returns {Promise<{ record: string, stale: boolean }>} the auth config's record by now; stale: it has other credentials
 *   by now, and this is the record that the refresh was made with
 */
export const note = async (shard, config, account, grant) => {
  const { tell, generation } = turn(shard, config, { grant, who: account.id });
  const said = tell ? await askProject(shard, config.id, { grant, generation, who: account.user }) : null;
  const stale = said?.stale ?? false;
  return { record: (stale ? null : said?.record) ?? config.record, stale };
};

/**
 * How long tokens live whose provider does not say it.
 * @param {Shard} shard
 * @param {string} config
 * @param {string} user
 * @param {number} learned milliseconds
 */
export const teach = (shard, config, user, learned) => askProject(shard, config, { learned, who: user });

/**
 * The project's part. Without a lock, since nothing is waited for: a deletion that waits for a refresh to end holds it.
 * @param {import('./project.js').Office} office
 * @param {{ id: string, who: string, grant?: object, generation?: number, learned?: number }} message
 */
export const configHealth = ({ core, tables }, { id, ...said }) => {
  const row = tables.config(id);
  if (!row) return null;
  const reply = core.change('config_health', Date.now(), core.head(said, { record: row.record }));
  if (!reply.ok) return null;
  const record = JSON.stringify(reply.value.record);
  const changed = record !== row.record;
  if (changed) tables.putConfig(reply.value.row, record, row.sealed);
  return { go: reply.value.go, stale: reply.value.stale, record, changed };
};
