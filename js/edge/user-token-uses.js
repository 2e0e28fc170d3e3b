/**
 * User tokens in a shard: from when on a user's tokens are over, and how often those have been used that are counted.
 * Every question that is asked for a token is looked at here first, in the same turn in which it is then answered:
 * nothing comes in between.
 */

/** @typedef {import('./shard.js').Shard} Shard */
/** @typedef {import('./store.js').Storage} Storage */

/**
 * @typedef {object} Bearer a token, as the shard's questions take it
 * @property {string} id
 * @property {string} user
 * @property {string[]} [toolkits]
 * @property {number} epoch
 * @property {number} expires
 * @property {{ of: string, most: number }[]} counts what this request uses up
 */

/** @typedef {{ user: string, toolkit?: string }} Thing what a question is about; of an account that is to be, its user alone */

const TABLES = [
  'CREATE TABLE IF NOT EXISTS token_ends (user TEXT PRIMARY KEY, epoch INTEGER NOT NULL, at INTEGER NOT NULL)',
  `CREATE TABLE IF NOT EXISTS token_uses (token TEXT NOT NULL, of TEXT NOT NULL, used INTEGER NOT NULL,
    expires INTEGER NOT NULL, PRIMARY KEY (token, of))`,
  'CREATE INDEX IF NOT EXISTS token_uses_expires ON token_uses (expires)',
];

/** Longer than any token lives, whatever the clocks of the machines say. */
const KEPT = 2 * 60 * 60 * 1000;

export class TokenUses {
  /** @type {Storage} */ #storage;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    for (const table of TABLES) this.#all(table);
  }

  /** @param {string} query @param {...any} values @returns {any[]} */
  #all(query, ...values) {
    return [...this.#storage.sql.exec(query, ...values)];
  }

  /** The shard's epoch: every end of somebody's tokens is a new one. @returns {number} */
  get epoch() {
    return this.#all('SELECT MAX(epoch) AS epoch FROM token_ends')[0].epoch ?? 0;
  }

  /** All tokens of the user that there are now are over. @param {string} user @param {number} now */
  end(user, now) {
    this.#all('INSERT OR REPLACE INTO token_ends VALUES (?, ?, ?)', user, this.epoch + 1, now);
    this.prune(now);
  }

  /** @param {string} user @param {number} epoch of a token */
  isOver(user, epoch) {
    return this.#all('SELECT 1 FROM token_ends WHERE user = ? AND epoch > ?', user, epoch).length > 0;
  }

  /**
   * Use it up once more, all counts of it or none.
   * @param {Bearer} bearer
   * @param {number} now
   * @returns {boolean} false: it has been used as often as it may be
   */
  take({ id, counts, expires }, now) {
    return this.#storage.transactionSync(() => {
      const used = counts.map(
        ({ of }) => this.#all('SELECT used FROM token_uses WHERE token = ? AND of = ?', id, of)[0],
      );
      if (counts.some(({ most }, at) => (used[at]?.used ?? 0) >= most)) return false;
      for (const { of } of counts) {
        const again = 'ON CONFLICT (token, of) DO UPDATE SET used = used + 1';
        this.#all(`INSERT INTO token_uses VALUES (?, ?, 1, ?) ${again}`, id, of, expires);
      }
      this.prune(now);
      return true;
    });
  }

  /** What no token can need any more. The highest epoch stays: the next one must be above it. @param {number} now */
  prune(now) {
    this.#all('DELETE FROM token_uses WHERE expires < ?', now - KEPT);
    const old = 'at < ? AND epoch < (SELECT MAX(epoch) FROM token_ends)';
    this.#all(`DELETE FROM token_ends WHERE ${old}`, now - KEPT);
  }
}

/** Named by what the handler answers: a fault of the core's. */
export class TokenRefusal extends Error {
  /** @param {string} fault */
  constructor(fault) {
    super(fault);
    this.name = `TokenRefusal ${fault}`;
  }
}

/** @param {unknown} name of an error, as it comes from a shard @returns {string | null} the fault */
export const refusalOf = (name) => /^TokenRefusal (\w+)$/.exec(String(name))?.[1] ?? null;

/** @param {Shard} shard @param {(string | null)[]} ids @returns {Thing[]} of those that are there */
const accounts = ({ store }, ids) =>
  ids.map((id) => (id === null ? null : store.get(id))).filter((row) => row !== null);

/** @param {Shard} shard @param {any} message */
const account = (shard, { id }) => accounts(shard, [id]);

/**
 * What each question is about that a token may ask. The others are not for tokens.
 * @type {Record<string, (shard: Shard, message: any) => Thing[]>}
 */
const subjects = {
  admitted: () => [],
  create: (_, { user }) => [{ user }],
  get: account,
  change: account,
  refresh: account,
  remove: account,
  revoke: account,
  activity: account,
  execute: (shard, { account: id, user, toolkit }) =>
    id === null ? [{ user, toolkit }] : [...accounts(shard, [id]), ...(user === null ? [] : [{ user }])],
  page: ({ store }, { filters }) => {
    const users = new Map(filters).get(store.keys.user);
    if (!users) throw new TokenRefusal('account_not_found'); // a list of everybody
    return users.map((/** @type {string} */ user) => ({ user }));
  },
  rows: (shard, { ids }) => accounts(shard, ids),
};

/** Is it the token's? The same question as a gateway asks of what it has read. @param {Shard} shard @param {Bearer} bearer @param {Thing} thing */
const isOwn = ({ core }, { user: user_id, toolkits }, { user, toolkit }) => {
  const read = { kind: 'account', id: '', user_id, ...(toolkit !== undefined && { toolkits }) };
  const document = JSON.stringify({ id: '', user_id: user, toolkit: { slug: toolkit } });
  return core.call('dc_owned', [], { read }, document).ok;
};

/**
 * @param {Shard} shard
 * @param {string} question
 * @param {any} message with the bearer
 * @throws {TokenRefusal}
 */
const admit = (shard, question, message) => {
  const bearer = /** @type {Bearer} */ (message.bearer);
  const { tokens } = shard;
  if (!Object.hasOwn(subjects, question)) throw new TokenRefusal('account_not_found');
  if (tokens.isOver(bearer.user, bearer.epoch)) throw new TokenRefusal('token_ended');
  /** @type {Map<string, Thing>} */
  const things = new Map();
  for (const { user, toolkit } of subjects[question](shard, message))
    things.set(JSON.stringify([user, toolkit]), { user, toolkit });
  for (const thing of things.values()) if (!isOwn(shard, bearer, thing)) throw new TokenRefusal('account_not_found');
  if (question !== 'execute' || bearer.counts.length === 0) return;
  if (!tokens.take(bearer, Date.now())) throw new TokenRefusal('token_used_up');
};

/**
 * The questions of a shard, so that what is asked for a token is admitted first.
 * @param {Record<string, (shard: Shard, message: any) => any>} questions
 * @returns {typeof questions}
 */
export const admitted = (questions) => {
  /** @type {typeof questions} */
  const all = { ...questions, admitted: () => ({}) };
  for (const [name, answer] of Object.entries(all)) {
    all[name] = (shard, message) => {
      if (message?.bearer) admit(shard, name, message);
      return answer(shard, message);
    };
  }
  return all;
};

/** Questions about tokens, for callers with a key. @type {Record<string, (shard: Shard, message: any) => any>} */
export const tokenQuestions = {
  tokenEpoch: ({ tokens }) => ({ epoch: tokens.epoch }),

  endTokens({ tokens }, { user }) {
    tokens.end(user, Date.now());
    return {};
  },
};
