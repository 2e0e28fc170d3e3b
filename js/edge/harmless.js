/** Names under which nothing is secret in the credentials of an auth config, beside the contract's. */

const MOST = 200; // auth configs; there are few of them

/** @typedef {{ toolkit: string, config: string, names: string[] }} Known the documents that the names were read from */

/** @type {WeakMap<import('../core/core.js').Core, Map<string, Known>>} */
const tables = new WeakMap();

/**
 * Of an account's credential.
 * @param {import('./shard.js').Shard} shard
 * @param {{ toolkit: string, config: string }} row
 * @param {string | null} [record] of the auth config, where it is at hand: then nobody is asked
 * @returns {Promise<string[]>}
 */
export const harmlessOf = async ({ core, settings, directory }, { toolkit, config }, record) => {
  const definition = settings.toolkits.definitions.get(toolkit);
  const known = record ?? (await directory.configRecord(config));
  return definition && known ? harmlessNames(core, config, definition, known) : [];
};

/**
 * The core reads them out of two documents; as long as these are the same, so are the names.
 * @param {import('../core/core.js').Core} core
 * @param {string} id of the auth config
 * @param {string} toolkit its definition, JSON text
 * @param {string} config its record, JSON text
 * @returns {string[]}
 */
const harmlessNames = (core, id, toolkit, config) => {
  const table = tables.get(core) ?? new Map();
  if (table.size === 0) tables.set(core, table);
  const known = table.get(id);
  if (known?.toolkit === toolkit && known.config === config) return known.names;
  const asked = core.grant('harmless', Date.now(), core.head({}, { toolkit, config }));
  const names = asked.ok ? asked.value.names.split('\n').filter(Boolean) : [];
  if (table.size >= MOST) table.clear();
  table.set(id, { toolkit, config, names });
  return names;
};
