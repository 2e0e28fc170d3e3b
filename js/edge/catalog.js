/** The operations of the core's catalogue by their names: every request looks some up. */

/** @typedef {import('../core/core.js').Core['catalog']} Catalog */
/** @typedef {Catalog['operations'][number]} Operation */

/** @type {WeakMap<Catalog, Map<string, Operation>>} */
const tables = new WeakMap();

/** @param {Catalog} catalog @param {string} name @returns {Operation | undefined} */
export const operationOf = (catalog, name) => {
  let table = tables.get(catalog);
  if (!table) {
    table = new Map(catalog.operations.map((one) => [one.name, one]));
    tables.set(catalog, table);
  }
  return table.get(name);
};
