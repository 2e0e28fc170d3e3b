/** API keys, sessions and sign-in tokens. Of each of them only the SHA-256 is kept. */

import { audit } from './audit.js';
import { hashHex, randomName } from './bytes.js';

/** @typedef {import('./project.js').Office} Office */
/** @typedef {import('./objects.js').Answer} Answer */

const USED_EVERY = 60_000; // how exact the last use of a key is kept

const KEY_BYTES = 32;

/**
 * A key that the operator chose or the start script made. A new one in the environment takes the place of the
 * earlier; one that was taken before and is gone was revoked, and stays so however long the environment names it.
 * @param {Office} office
 * @param {string | undefined} value
 */
export const ensureFirstKey = async (office, value) => {
  if (!value) return;
  const { core, tables } = office;
  const hash = await hashHex(value);
  const taken = `first key ${hash}`;
  if (tables.all('SELECT 1 FROM api_keys WHERE hash = ? AND first = 1', hash).length > 0) {
    tables.putFact(taken, '1'); // one that was taken before there was this memory
    return;
  }
  if (tables.fact(taken) !== null) {
    console.error('Devcaster: the key in DEVCASTER_API_KEY was revoked or replaced before and is not taken again.');
    return;
  }
  const id = `ak_${randomName(12)}`;
  const reply = core.change('key_create', Date.now(), { id, value, first: true });
  if (!reply.ok) {
    console.error('Devcaster: DEVCASTER_API_KEY is too easy to guess and is not taken.');
    return;
  }
  if (tables.all('SELECT 1 FROM api_keys WHERE first = 1').length > 0) {
    console.error('Devcaster: DEVCASTER_API_KEY takes the place of the earlier first key, which works no more.');
  }
  tables.together(() => {
    tables.all('DELETE FROM sessions WHERE key_id IN (SELECT id FROM api_keys WHERE first = 1)');
    tables.all('DELETE FROM api_keys WHERE first = 1 OR hash = ?', hash);
    put(office, id, hash, reply, 1);
    tables.putFact(taken, '1');
  });
};

/** @param {Office} office @param {string} id @param {string} hash @param {import('../core/reply.js').Reply} reply @param {number} first */
const put = ({ tables }, id, hash, reply, first) => {
  const { record, result } = reply.value;
  const values = [id, hash, JSON.stringify(record), JSON.stringify(result.scopes), first, Date.now()];
  tables.all('INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, NULL)', ...values);
};

/**
 * @param {Office} office
 * @param {{ op: string, api: string | null, request_id: string, body: string, query: object, caller: import('./directory.js').Caller }} message
 * @returns {Promise<Answer>}
 */
export const createKey = async (office, message) => {
  const { core, tables } = office;
  const { op, api, request_id, body, query, caller } = message;
  const id = `ak_${randomName(12)}`;
  const key = `ak_${randomName(KEY_BYTES)}`;
  const reply = core.change('key_create', Date.now(), { id, request_id, query, caller }, body);
  if (!reply.ok) return office.refusal(reply, request_id);
  const hash = await hashHex(key);
  tables.together(() => put(office, id, hash, reply, 0));
  audit({ ...message, id });
  const { status, text } = core.answer(op, Date.now(), { api, record: reply.value.record, key });
  return { status, text };
};

/** @param {Office} office @param {{ op: string, api: string | null }} message @returns {Answer} */
export const listKeys = ({ core, tables }, { op, api }) => {
  const rows = tables.all('SELECT record, used_at FROM api_keys ORDER BY created_at, id');
  const keys = rows.map((row) => ({ ...JSON.parse(row.record), last_used_at: row.used_at }));
  const { status, text } = core.answer(op, Date.now(), { api, keys, total: keys.length });
  return { status, text };
};

/**
 * @param {Office} office
 * @param {{ op: string, id: string, api: string | null, request_id: string, caller: import('./directory.js').Caller }} message
 * @returns {Answer}
 */
export const deleteKey = (office, message) => {
  const { core, tables } = office;
  const { op, id, api, request_id } = message;
  const gone = tables.together(() => {
    tables.all('DELETE FROM sessions WHERE key_id = ?', id); // who signed in with the key is signed out
    return tables.all('DELETE FROM api_keys WHERE id = ? RETURNING id', id);
  });
  if (gone.length === 0) return office.fault('key_not_found', request_id);
  audit(message);
  const { status, text } = core.answer(op, Date.now(), { api });
  return { status, text };
};

/** @param {Office} office @param {{ hash: string }} message @returns {import('./directory.js').Caller | null} */
export const findKey = ({ tables }, { hash }) => {
  const [row] = tables.all('SELECT id, record, scopes, used_at FROM api_keys WHERE hash = ?', hash);
  if (!row) return null;
  const now = Date.now();
  if ((row.used_at ?? 0) < now - USED_EVERY) tables.all('UPDATE api_keys SET used_at = ? WHERE hash = ?', now, hash);
  return { kind: 'key', id: row.id, name: JSON.parse(row.record).name, scopes: JSON.parse(row.scopes) };
};

/** @param {Office} office @param {{ hash: string }} message @returns {import('./directory.js').Caller | null} */
export const findSession = ({ tables }, { hash }) => {
  const [row] = tables.all('SELECT scopes, key_id, expires_at FROM sessions WHERE hash = ?', hash);
  return row && row.expires_at > Date.now()
    ? { kind: 'session', id: row.key_id, scopes: JSON.parse(row.scopes) }
    : null;
};

/**
 * Sign in with an API key or a single-use token.
 * @param {Office} office
 * @param {{ key: string | null, token: string | null }} message hashes
 * @returns {Promise<{ session: string, caller: import("./directory.js").Caller, seconds: number } | { session: null }>}
 */
export const signIn = async (office, { key, token }) => {
  const caller = key !== null ? findKey(office, { hash: key }) : token !== null ? takeToken(office, token) : null;
  if (!caller) return { session: null };
  const { core, tables } = office;
  const session = randomName(KEY_BYTES);
  const hash = await hashHex(session);
  const life = core.catalog.limits.session;
  tables.together(() => {
    tables.all('DELETE FROM sessions WHERE expires_at <= ?', Date.now());
    tables.all(
      'INSERT INTO sessions VALUES (?, ?, ?, ?)',
      hash,
      JSON.stringify(caller.scopes),
      caller.id ?? null,
      Date.now() + life,
    );
  });
  return { session, caller: { ...caller, kind: 'session' }, seconds: Math.floor(life / 1000) };
};

/** @param {Office} office @param {string} hash @returns {import('./directory.js').Caller | null} */
const takeToken = ({ core, tables, env }, hash) => {
  if (hash !== env.DEVCASTER_SIGN_IN?.toLowerCase()) return null;
  const taken = tables.all('INSERT OR IGNORE INTO used_tokens VALUES (?, ?) RETURNING hash', hash, Date.now());
  return taken.length === 0 ? null : { kind: 'session', scopes: [...core.catalog.scopes] };
};

/** @param {Office} office @param {{ hash: string }} message */
export const signOut = ({ tables }, { hash }) => {
  tables.all('DELETE FROM sessions WHERE hash = ?', hash);
  return {};
};
