/** One line in the log for each change of what guards the credentials: who did what to what, and no value. */

/**
 * @param {{ op: string, request_id: string, id?: string | null, caller?: import('./directory.js').Caller }} message
 * @param {object} [more] names alone
 */
export const audit = ({ op, request_id, id, caller }, more = {}) => {
  const actor = caller?.id ?? caller?.kind ?? 'unknown';
  console.log(JSON.stringify({ audit: op, request_id, actor, ...(id && { target: id }), ...more }));
};

/**
 * Names of the members that differ.
 * @param {Record<string, unknown>} before
 * @param {Record<string, unknown>} after
 */
export const changedMembers = (before, after) =>
  Object.keys({ ...before, ...after }).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
