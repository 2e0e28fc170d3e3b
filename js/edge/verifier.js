/**
 * Connections that the host confirms: what a consent has brought is held here, sealed, until the host says the verifier
 * of its link. Nothing reads it but that, and the revocation of what nobody confirmed.
 */

import { randomName } from './bytes.js';
import { shownDone, toolkitOf } from './lifecycle.js';
import { discard } from './revocations.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./shard.js').Row} Row */
/** @typedef {import('./store.js').Storage} Storage */

/**
 * @typedef {object} Outcome what a consent has brought: the core's event that connects the account with it
 * @property {string} event
 * @property {object} head
 * @property {string} [body]
 * @property {string} [credential] where it is not what the event itself says
 * @property {string} val the credential as the provider would be asked to take it back
 */

/** @typedef {{ id: string, account: string, toolkit: string, config: string, sealed: string }} Kept */

const PAUSE = 60_000; // before something that could not be given back is tried again

const TABLES = [
  `CREATE TABLE IF NOT EXISTS held (id TEXT PRIMARY KEY, account TEXT NOT NULL, toolkit TEXT NOT NULL,
    config TEXT NOT NULL, sealed TEXT NOT NULL, over_at INTEGER)`,
  'CREATE INDEX IF NOT EXISTS held_account ON held (account)',
];

export class Held {
  /** @type {Storage} */ #storage;
  /** @type {number | null} how many there are; null: to be counted. Mostly none, and then nothing is asked. */ #count =
    null;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    for (const table of TABLES) this.#all(table);
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  get #isEmpty() {
    this.#count ??= /** @type {number} */ (this.#all('SELECT COUNT(*) AS n FROM held')[0].n);
    return this.#count === 0;
  }

  /** Inside the transaction that it belongs to, as the others that change something. @param {Kept} kept */
  put({ id, account, toolkit, config, sealed }) {
    this.end(account, Date.now());
    this.#count = null;
    this.#all('INSERT INTO held VALUES (?, ?, ?, ?, ?, NULL)', id, account, toolkit, config, sealed);
  }

  /** @param {string} account @returns {Kept | undefined} what may still be confirmed */
  of(account) {
    return this.#isEmpty
      ? undefined
      : this.#all('SELECT * FROM held WHERE account = ? AND over_at IS NULL', account)[0];
  }

  /** Nobody can confirm it any more: the alarm gives it back to the provider. @param {string} account @param {number} now */
  end(account, now) {
    if (this.#isEmpty) return;
    this.#all('UPDATE held SET over_at = ? WHERE account = ? AND over_at IS NULL', now, account);
  }

  /** @param {string} id */
  drop(id) {
    this.#count = null;
    this.#all('DELETE FROM held WHERE id = ?', id);
  }

  /** @param {string} id @param {number} at */
  delay(id, at) {
    this.#all('UPDATE held SET over_at = ? WHERE id = ?', at, id);
  }

  /** @param {number} now @param {number} limit @returns {Kept[]} */
  due(now, limit) {
    return this.#isEmpty ? [] : this.#all('SELECT * FROM held WHERE over_at <= ? LIMIT ?', now, limit);
  }

  /** @returns {number | null} */
  next() {
    return this.#isEmpty ? null : this.#all('SELECT MIN(over_at) AS at FROM held')[0].at;
  }

  /** How many of an auth config are to be given back: its client's credentials are needed for that. @param {string} config */
  owedBy(config) {
    if (this.#isEmpty) return 0;
    return this.#all('SELECT COUNT(*) AS n FROM held WHERE config = ? AND over_at IS NOT NULL', config)[0].n;
  }

  /** How many of a toolkit may still be confirmed: nobody says whose they are. @param {string} toolkit */
  waitingOf(toolkit) {
    if (this.#isEmpty) return 0;
    return this.#all('SELECT COUNT(*) AS n FROM held WHERE toolkit = ? AND over_at IS NULL', toolkit)[0].n;
  }

  /** What an older master key seals. @param {string} active key id @param {number} limit @returns {Kept[]} */
  ofOther(active, limit) {
    const start = `${active}.`;
    return this.#all('SELECT * FROM held WHERE substr(sealed, 1, ?) <> ? LIMIT ?', start.length, start, limit);
  }

  /** @param {string} id @param {string} old @param {string} fresh */
  reseal(id, old, fresh) {
    this.#all('UPDATE held SET sealed = ? WHERE id = ? AND sealed = ?', fresh, id, old);
  }
}

/** @param {Row | Kept} of @param {string} account @param {string} id */
const bindingOf = ({ toolkit, config }, account, id) => ['project', account, toolkit, config, id];

/**
 * @param {Shard} shard
 * @param {Row} row
 * @param {Outcome} outcome
 * @returns {Promise<Kept>}
 */
export const sealHeld = async ({ settings }, row, outcome) => {
  const id = `hld_${randomName(12)}`;
  const { id: account, toolkit, config } = row;
  const sealed = await settings.vault.sealText('held', bindingOf(row, account, id), JSON.stringify(outcome));
  return { id, account, toolkit, config, sealed };
};

/** @param {Shard} shard @param {Kept} kept @returns {Promise<Outcome>} @throws {UnreadableError} */
const openHeld = async ({ settings }, kept) =>
  JSON.parse(await settings.vault.openText('held', bindingOf(kept, kept.account, kept.id), kept.sealed));

/** After a rotation of the master keys. @param {Shard} shard @param {Kept} kept */
export const resealHeld = async ({ settings, held }, kept) =>
  held.reseal(
    kept.id,
    kept.sealed,
    await settings.vault.reseal('held', bindingOf(kept, kept.account, kept.id), kept.sealed),
  );

/**
 * Write what an event has made of an account, or, where its host has to confirm it first, hold it. Inside the user's lock.
 * @param {Shard} shard
 * @param {Row} row
 * @param {import('../core/reply.js').Reply} reply
 * @param {Outcome} outcome
 * @param {import('./shard.js').Sight} sight
 * @param {() => void} [also] in the same transaction
 * @returns {Promise<Row>}
 */
export const writeOrHold = async (shard, row, reply, outcome, sight, also) => {
  const { credential } = outcome;
  if (!reply.value.effects.includes('hold')) return shard.write(row, reply, { credential, sight, also });
  const kept = await sealHeld(shard, row, outcome);
  const hold = () => {
    shard.held.put(kept);
    also?.();
  };
  return shard.write(row, reply, { credential: '', also: hold });
};

/**
 * The host says the verifier: what is held is connected as if it came now.
 * @param {Shard} shard
 * @param {import('./lifecycle.js').Message & { digest: string }} message
 * @returns {Promise<import('./objects.js').Answer>}
 */
export const complete = async (shard, message) => {
  const { core } = shard;
  const { op, id, api, request_id, sight } = message;
  const found = await shard.load(id);
  if (!found) return shard.fault('account_not_found', request_id);
  const config = (await shard.directory.configRecord(found.config)) ?? 'null';
  const done = await shard.lock(found.user, () => confirm(shard, message, config));
  if (!('row' in done)) return done;
  const account = await shownDone(shard, done.row, sight, config);
  const { status, text } = core.answer(op, Date.now(), core.head({ api, links: sight.links }, { account }));
  return { status, text };
};

/**
 * @param {Shard} shard
 * @param {import('./lifecycle.js').Message & { digest: string }} message
 * @param {string} config its record
 * @returns {Promise<import('./objects.js').Answer | { row: Row }>}
 */
const confirm = async (shard, { id, by, body, digest, request_id, sight }, config) => {
  const { core, store, held } = shard;
  const row = store.get(id);
  if (!row) return shard.fault('account_not_found', request_id);
  const checked = core.change('complete', Date.now(), core.head({ by, digest }, { record: row.record }), body);
  if (!checked.ok) return shard.refusal(checked, request_id);
  const kept = held.of(id);
  if (checked.value.effects.includes('wrong')) {
    await shard.write(row, checked);
    return shard.fault('verifier_wrong', request_id);
  }
  if (!kept) return shard.fault('internal', request_id);
  const { event, head, body: given, credential } = await openHeld(shard, kept);
  const told = {
    toolkit: toolkitOf(shard, row.toolkit),
    config,
    record: JSON.stringify(checked.value.record),
    siblings: store.records(row.user, row.toolkit),
  };
  const reply = core.change(event, Date.now(), core.head({ ...head, by }, told), given ?? '');
  if (!reply.ok) {
    shard.activity.note(id, reply);
    return shard.refusal(reply, request_id); // it stays as it is, until its time is over
  }
  return { row: await shard.write(row, reply, { credential, sight, also: () => held.drop(kept.id) }) };
};

/** @param {Shard} shard @param {Kept} kept */
const giveOneBack = async (shard, kept) => {
  const { held, directory } = shard;
  try {
    const { val } = await openHeld(shard, kept);
    const config = await directory.config(kept.config);
    const parts = { toolkit: toolkitOf(shard, kept.toolkit), config: config?.record ?? 'null' };
    await discard(shard, { ...parts, credentials: config?.credentials ?? '{}', val });
    held.drop(kept.id);
  } catch (error) {
    if (error instanceof UnreadableError)
      held.drop(kept.id); // nobody can read it any more
    else held.delay(kept.id, Date.now() + PAUSE);
  }
};

/** What nobody confirmed is taken back at the provider. Together: one that hangs does not hold up the others. @param {Shard} shard @param {number} limit */
export const giveBack = async (shard, limit) => {
  await Promise.all(shard.held.due(Date.now(), limit).map((kept) => giveOneBack(shard, kept)));
};
