/**
 * Deleting an auth config, and its accounts where that was asked for. The core says what comes next; each step is
 * written down before it is taken, so whatever breaks off is taken up again by the next who asks, or by the project's
 * alarm.
 */

import { audit } from './audit.js';
import { askAll, counts } from './configs.js';
import { nameOf } from './objects.js';

/** @typedef {import('./project.js').Office} Office */
/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('./configs.js').Message} Message */

const PAUSE = 60_000; // until the alarm looks after a deletion
const SOON = 2000; // the same where only providers are still to be told

/** @typedef {{ accounts: number, owed: number }} Left owed: what is still to be given back with the config's client */

/** @param {Left[]} found what the shards answered @returns {Left} */
const sum = (found) =>
  found.reduce((all, one) => ({ accounts: all.accounts + one.accounts, owed: all.owed + one.owed }), {
    accounts: 0,
    owed: 0,
  });

/** @typedef {Pick<Message, 'op' | 'api' | 'request_id' | 'id' | 'query' | 'caller'>} Wish */

/** @param {Office} office @param {Wish} message @returns {Promise<Answer>} */
export const deleteConfig = (office, message) => office.lock(message.id, () => deleted(office, message));

/** @param {Office} office @param {Wish} message @returns {Promise<Answer>} */
const deleted = async (office, message) => {
  const { core, tables } = office;
  const { op, api, id, query, request_id, caller } = message;
  let accounts = (await counts(office, [id]))[id];
  let owed = 0;
  let closed = false;
  for (;;) {
    const row = tables.config(id);
    if (!row) return office.fault('config_not_found', request_id);
    const head = core.head({ request_id, query, accounts, closed }, { record: row.record });
    const reply = core.change('config_delete', Date.now(), head);
    if (!reply.ok) return office.refusal(reply, request_id);
    const [effect] = reply.value.effects;
    if (effect === 'remove') break;
    // Only what is open again may be unmarked.
    if (effect === 'reopen') await askAll(office, 'reopen', { config: id });
    const record = JSON.stringify(reply.value.record);
    if (!tables.replaceConfig(row, reply.value.row, record, row.sealed)) continue;
    if (effect === 'reopen') closed = false;
    else {
      await tables.wake(Date.now() + PAUSE);
      const what = { config: id, op: 'connected_accounts.delete', request_id, api, caller };
      const left = sum(await askAll(office, effect, what));
      // Each turn takes some of them; where none goes, the alarm tries again later.
      if (effect === 'purge' && left.accounts >= accounts) return office.fault('internal', request_id);
      ({ accounts, owed } = left);
      closed = true;
    }
  }
  // Nothing of it can be used any more. Where nothing waits for its client's credentials either, they go as well.
  if (owed === 0) tables.dropConfig(id);
  else await tables.wake(Date.now() + SOON);
  if (owed === 0 || request_id !== '') audit(message); // not each time that the alarm comes
  const { status, text } = core.answer(op, Date.now(), { api });
  return { status, text };
};

/**
 * Deletions that broke off: a crash, or a shard that did not answer.
 * @param {Office} office
 */
export const finishDeletions = async (office) => {
  for (const id of office.tables.deletingConfigs()) {
    const caller = { kind: 'service', scopes: [] };
    try {
      await deleteConfig(office, { op: 'auth_configs.delete', api: null, request_id: '', id, query: {}, caller });
    } catch (error) {
      console.error(JSON.stringify({ deletion: id, error: nameOf(error) }));
    }
  }
  if (office.tables.deletingConfigs().length > 0) await office.tables.wake(Date.now() + PAUSE);
};
