/** Pieces of SQL: names of columns are the core's, so they are quoted, never trusted. */

/** @param {string} name @returns {string} */
export const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/**
 * @param {[string, any[]][]} filters column and accepted values
 * @returns {{ where: string, values: any[] }}
 */
export const whereOf = (filters) => {
  // One JSON array for each filter: the number of bound values is limited, the number of ids asked for is not.
  const parts = filters.map(([column]) => `${quoted(column)} IN (SELECT value FROM json_each(?))`);
  return {
    where: parts.length ? parts.join(' AND ') : 'TRUE',
    values: filters.map(([, list]) => JSON.stringify(list)),
  };
};
