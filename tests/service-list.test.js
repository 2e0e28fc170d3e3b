// Lists of accounts: every filter, both orders, both prefixes; and walks through a list that changes underneath.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, configsOf, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** @typedef {{ id: string, user_id: string, status: string }} Item */

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Record<string, string>} toolkit -> auth config */
let configs;

before(async () => {
  service = await startService({ env: { DEVCASTER_SHARDS: '5' } });
  configs = await configsOf(service);
});
after(() => service?.close());

/** @param {string} user_id @param {string} [config] @returns {Promise<string>} id */
async function create(user_id, config = configs.demokey) {
  const { status, body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: config },
    connection: { user_id, state: { val: { api_key: 'demo_abcdef' } } },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

/** @param {string} query @returns {Promise<any>} */
async function list(query) {
  const { status, body } = await call(service, 'GET', `/connected_accounts${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/**
 * Every page of a list; `between` runs behind each.
 * @param {string} query
 * @param {(items: Item[], number: number) => Promise<unknown>} [between]
 */
async function walk(query, between) {
  /** @type {Item[]} */
  const items = [];
  let cursor = '';
  for (let number = 1; ; number++) {
    const page = await list(`?${query}${cursor}`);
    assert.equal(page.current_page, number);
    items.push(...page.items);
    if (page.next_cursor === null) return items.map(({ id }) => id);
    await between?.(page.items, number);
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

/** @param {string} id */
const touch = (id) =>
  call(service, 'PATCH', `/connected_accounts/${id}`, { alias: `a${Math.random().toString(36).slice(2)}` });

/** @param {string[]} ids */
const sorted = (ids) => ids.toSorted();

test('each of the five filters, alone and together, in each of the spellings', async () => {
  const second = await call(service, 'POST', '/auth_configs', { toolkit: { slug: 'demokey' } });
  const other = second.body.auth_config.id;
  const [a1, a2, b1] = [await create('fa'), await create('fa', other), await create('fb')];
  const linked = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.demo,
    user_id: 'fa',
  });
  const a3 = linked.body.connected_account_id;
  await call(service, 'PATCH', `/connected_accounts/${b1}/status`, { enabled: false });
  /** @type {[string, string[]][]} */
  const table = [
    ['user_ids=fa', [a1, a2, a3]],
    ['user_ids=fa,fb', [a1, a2, a3, b1]],
    ['user_ids=fa%2Cfb', [a1, a2, a3, b1]],
    ['user_ids=fa&user_ids=fb', [a1, a2, a3, b1]],
    ['user_ids[]=fa&user_ids%5B%5D=fb', [a1, a2, a3, b1]],
    ['user_ids=nobody', []],
    ['statuses=INACTIVE', [b1]],
    ['statuses=INITIALIZING,INACTIVE', [a3, b1]],
    ['toolkit_slugs=demo', [a3]],
    ['toolkit_slugs=demo,demokey', [a1, a2, a3, b1]],
    [`auth_config_ids=${other}`, [a2]],
    [`connected_account_ids=${a1},${b1}`, [a1, b1]],
    [`connected_account_ids=${a1},ca_ffnothinghere000`, [a1]],
    [`user_ids=fa&connected_account_ids=${a1},${b1}`, [a1]],
    ['user_ids=fa&statuses=ACTIVE&toolkit_slugs=demokey', [a1, a2]],
    [`user_ids=fa,fb&statuses=ACTIVE,INACTIVE&auth_config_ids=${configs.demokey}`, [a1, b1]],
    [`user_ids=fb&statuses=ACTIVE&connected_account_ids=${b1}`, []],
  ];
  for (const [query, wanted] of table) {
    const { items, total_items: total, total_pages: pages, next_cursor: next } = await list(`?${query}`);
    assert.deepEqual(sorted(items.map((/** @type {Item} */ { id }) => id)), sorted(wanted), query);
    assert.deepEqual([total, pages, next], [wanted.length, 1, null], query);
    assert.ok(!items.some((/** @type {object} */ item) => 'params' in item));
  }
});

test('order and direction; pages and totals', async () => {
  /** @type {string[]} */
  const ids = [];
  for (let i = 0; i < 9; i++) ids.push(await create(`order-${i}`));
  const users = `user_ids=${ids.map((_, i) => `order-${i}`).join(',')}&limit=4`;
  assert.deepEqual(await walk(users), ids.toReversed());
  assert.deepEqual(await walk(`${users}&order_direction=asc`), ids);
  const first = await list(`?${users}`);
  assert.deepEqual([first.total_items, first.total_pages, first.current_page], [9, 3, 1]);
  await touch(ids[2]);
  await touch(ids[0]);
  const rest = ids.filter((_, i) => i !== 0 && i !== 2);
  assert.deepEqual(await walk(`${users}&order_by=updated_at&order_direction=asc`), [...rest, ids[2], ids[0]]);
  assert.deepEqual(await walk(`${users}&order_by=updated_at`), [ids[0], ids[2], ...rest.toReversed()]);
});

test('a cursor is good for its list alone, and a changed one for none', async () => {
  for (let i = 0; i < 3; i++) await create(`cursor-${i}`);
  for (const order of ['', '&order_by=updated_at']) {
    const { next_cursor: cursor } = await list(`?limit=2&statuses=ACTIVE${order}`);
    const ask = (/** @type {string} */ query, text = cursor) =>
      call(service, 'GET', `/connected_accounts?${query}&cursor=${encodeURIComponent(text)}`);
    assert.equal((await ask(`limit=2&statuses=ACTIVE${order}`)).status, 200);
    assert.equal((await ask(`limit=1&statuses=ACTIVE${order}`)).status, 200);
    for (const query of [
      `limit=2${order}`,
      `limit=2&statuses=INACTIVE${order}`,
      `limit=2&statuses=ACTIVE,INACTIVE${order}`,
      `limit=2&statuses=ACTIVE&user_ids=cursor-1${order}`,
      `limit=2&statuses=ACTIVE&order_direction=asc${order}`,
      `limit=2&statuses=ACTIVE${order ? '' : '&order_by=updated_at'}`,
    ])
      assert.equal((await ask(query)).status, 400, query);
    for (const bent of [`${cursor}A`, cursor.slice(1), cursor.toUpperCase()])
      assert.equal((await ask(`limit=2&statuses=ACTIVE${order}`, bent)).status, 400);
  }
});

test('a revoked account: EXPIRED with its reason on v3, REVOKED on v3.1, found by both names', async () => {
  const { body: link } = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.demo,
    user_id: 'revoked',
  });
  await new Visitor(service).connect(link.redirect_url, 'rita');
  const id = link.connected_account_id;
  const answer = await call(service, 'POST', `/connected_accounts/${id}/revoke`);
  assert.deepEqual([answer.body.connected_account.status, answer.body.revoked_tokens.length], ['EXPIRED', 2]);
  const ask = async (/** @type {string} */ api, /** @type {string} */ path) =>
    (await fetch(`${service.origin}/api/${api}${path}`, { headers: { 'x-api-key': service.apiKey } })).json();
  for (const [api, status] of [
    ['v3', 'EXPIRED'],
    ['v3.1', 'REVOKED'],
  ]) {
    const one = await ask(api, `/connected_accounts/${id}`);
    assert.deepEqual([one.status, one.state.val.status, one.data.status], [status, status, status]);
    assert.match(one.status_reason, /revoked/);
    const found = await ask(api, `/connected_accounts?user_ids=revoked&statuses=${status}`);
    assert.deepEqual(
      found.items.map((/** @type {Item} */ item) => [item.id, item.status]),
      [[id, status]],
    );
  }
  const strict = await ask('v3.1', '/connected_accounts?user_ids=revoked&statuses=EXPIRED');
  assert.deepEqual([strict.items, strict.total_items], [[], 0]);
});

for (const order of ['order_by=updated_at', 'order_by=updated_at&order_direction=asc', 'order_direction=asc', '']) {
  test(`a walk under writes loses nothing and repeats nothing: ${order || 'the default order'}`, async () => {
    const tag = `w${order.length}`;
    const ids = await Promise.all(Array.from({ length: 60 }, (_, i) => create(`${tag}-${i % 15}`)));
    const deleted = new Set();
    let made = 0;
    const seen = await walk(`limit=7&${order}`, async (items, number) => {
      const ends = [items[0]?.id, items.at(-1)?.id, ids[(number * 11) % 60], ids[(number * 29) % 60]];
      const alive = ends.flatMap((id) => (id !== undefined && !deleted.has(id) ? [id] : []));
      // Some that were seen and some that were not, some of them twice, some behind each other, some at once.
      await Promise.all(alive.map((id) => touch(id)));
      await touch(alive[0]);
      await call(service, 'PATCH', `/connected_accounts/${alive[1]}/status`, { enabled: number % 2 === 0 });
      if (made++ < 5) await create(`${tag}-new`);
      const victim = ids[59 - number];
      if (number % 3 === 0 && victim !== undefined && !deleted.has(victim)) {
        deleted.add(victim);
        await call(service, 'DELETE', `/connected_accounts/${victim}`);
      }
    });
    assert.equal(new Set(seen).size, seen.length, 'nothing twice');
    assert.deepEqual(
      ids.filter((id) => !deleted.has(id) && !seen.includes(id)),
      [],
      'nothing lost',
    );
  });
}

test('a walk while others write without a pause, and several walks at once', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => create(`busy-${i}`)));
  let over = false;
  const writer = async (/** @type {number} */ from) => {
    for (let i = from; !over; i += 7) await touch(ids[i % ids.length]);
  };
  const writers = [0, 1, 2].map(writer);
  const queries = ['limit=3&order_by=updated_at', 'limit=5&order_by=updated_at&order_direction=asc', 'limit=9'];
  const walks = await Promise.all(queries.map((query) => walk(query)));
  over = true;
  await Promise.all(writers);
  for (const [at, seen] of walks.entries()) {
    assert.equal(new Set(seen).size, seen.length, queries[at]);
    assert.deepEqual(
      ids.filter((id) => !seen.includes(id)),
      [],
      queries[at],
    );
  }
});
