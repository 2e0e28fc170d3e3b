// Clients that create, disable, enable, rename and delete accounts until the service dies under them, and what must be
// there afterwards: everything that was answered, and of what was not, all or nothing.
import assert from 'node:assert/strict';
import { call } from './service.js';

/** @typedef {{ origin: string, apiKey: string }} Service */

/**
 * @typedef {object} Known what a client knows of an account
 * @property {string} user
 * @property {string} status as last answered; `deleted`, too
 * @property {string | null} alias
 * @property {Partial<Known> | null} asked what was asked for and not answered yet
 */

/** What can be done with an account, over and over: how it is asked for, and what it then is. */
const TURNS = /** @type {const} */ ([
  ['PATCH', '/status', { enabled: false }, { status: 'INACTIVE' }],
  ['PATCH', '', { alias: 'one' }, { alias: 'one' }],
  ['PATCH', '/status', { enabled: true }, { status: 'ACTIVE' }],
  ['PATCH', '', { alias: 'two' }, { alias: 'two' }],
  ['DELETE', '', undefined, { status: 'deleted' }],
]);

export class Burst {
  /** @type {Map<string, Known>} */ known = new Map();
  /** Users whose account was asked for and not answered. @type {Set<string>} */ open = new Set();
  answers = 0;
  #service;
  #config;

  /** @param {Service} service @param {string} config */
  constructor(service, config) {
    this.#service = service;
    this.#config = config;
  }

  /** Until the service is gone. @param {string} name of the client */
  async run(name) {
    try {
      for (let i = 0; ; i++) await this.#life(`${name}-${i}`, i % (TURNS.length + 1));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch failed: it was never answered
    }
  }

  /** @param {string} user @param {number} turns how far this account gets */
  async #life(user, turns) {
    const state = { authScheme: 'API_KEY', val: { api_key: `demo_${user}` } };
    this.open.add(user);
    const connection = { user_id: user, state };
    const made = await call(this.#service, 'POST', '/connected_accounts', {
      auth_config: { id: this.#config },
      connection,
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    this.open.delete(user);
    /** @type {Known} */
    const account = { user, status: 'ACTIVE', alias: null, asked: null };
    this.known.set(made.body.id, account);
    this.answers += 1;
    for (const [method, path, body, becomes] of TURNS.slice(0, turns)) {
      account.asked = becomes;
      const answer = await call(this.#service, method, `/connected_accounts/${made.body.id}${path}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      Object.assign(account, becomes, { asked: null });
      this.answers += 1;
    }
  }

  /** What the service has, page by page. @param {string} [filter] @returns {Promise<Map<string, any>>} */
  async list(filter = '') {
    const found = new Map();
    let cursor = '';
    do {
      const { status, body } = await call(this.#service, 'GET', `/connected_accounts?limit=500${filter}${cursor}`);
      assert.equal(status, 200, JSON.stringify(body));
      for (const item of body.items) found.set(item.id, item);
      cursor = body.next_cursor ? `&cursor=${encodeURIComponent(body.next_cursor)}` : '';
    } while (cursor !== '');
    return found;
  }

  /** After the restart: what is known is so, and from here on for certain. */
  async settle() {
    const there = await this.list();
    for (const [id, account] of this.known) {
      const { asked } = account;
      const item = there.get(id);
      const now = { status: item?.status ?? 'deleted', alias: item?.alias ?? null };
      const was = { status: account.status, alias: account.status === 'deleted' ? null : account.alias };
      const may = { ...was, ...asked, ...(asked?.status === 'deleted' && { alias: null }) };
      const fits = (/** @type {object} */ one) => JSON.stringify(one) === JSON.stringify(now);
      assert.ok(fits(was) || (asked && fits(may)), `${id} is ${JSON.stringify([now, was, asked])}`);
      Object.assign(account, { status: now.status, alias: item?.alias ?? null, asked: null });
      there.delete(id);
    }
    // What is left was made and never answered: whole accounts of users who asked for one.
    for (const [id, { user_id, status, alias }] of there) {
      assert.ok(this.open.has(user_id), `${id} of ${user_id} was asked for by nobody`);
      this.known.set(id, { user: user_id, status, alias, asked: null });
    }
    this.open.clear();
    // The index agrees with the records.
    for (const status of ['ACTIVE', 'INACTIVE']) {
      const listed = await this.list(`&statuses=${status}`);
      const wanted = [...this.known].filter(([, one]) => one.status === status).map(([id]) => id);
      assert.deepEqual([...listed.keys()].sort(), wanted.sort());
    }
  }

  /** Not only the rows: the sealed credentials open, and deleted ones are gone. @param {number} every */
  async check(every = 10) {
    const sample = [...this.known].filter((_, i) => i % every === 0);
    for (const [id, { user, status }] of sample) {
      const answer = await call(this.#service, 'GET', `/connected_accounts/${id}`);
      if (status === 'deleted') assert.equal(answer.status, 404);
      else
        assert.deepEqual(
          [answer.body.user_id, answer.body.status, answer.body.state.val.api_key],
          [user, status, 'demo...'],
        );
    }
  }
}
