// What the service costs around the database and the provider: each number beside the same without it, in one run, on
// the real workerd. `npm run bench -- service`; DEVCASTER_BENCH_ACCOUNTS=10000 fills fewer accounts.
import { tmpdir } from 'node:os';
import { call } from '../support/service.js';
import { Visitor } from '../support/visitor.js';
import { atLeast, atMost, median } from './measure.js';
import { Client, processorTime } from './service-load.js';
import { ACCOUNTS, EACH, fill, insertion, memory, openBare, openService, rowPath } from './service-parts.js';

/** @typedef {import('./measure.js').Row} Row */
/** @typedef {import('./service-parts.js').Opened} Opened */
/** @typedef {Awaited<ReturnType<typeof openBare>>} Bare */

const SMALL = 1000;
const LARGE = Number(process.env.DEVCASTER_BENCH_ACCOUNTS || 100_000);
/** Bytes that the columns of an account with an API key hold: record, wrapped key, sealed credential and view. */
const ROW_BYTES = 600;
const PAGE = 50;
const ROUNDS = 9;
const AT_ONCE = 1000;
const VERSION = '20251111_00';

/** @param {string} what @param {string} measured @returns {Row} */
const note = (what, measured) => ({ what: `  ${what}`, target: '', measured });

/** @param {number} ms */
const inMs = (ms) => `${ms.toFixed(2)} ms`;

/** Processor time of a server for one of so many calls. @param {{ pid: number }} server @param {number} times @param {() => Promise<unknown>} run */
async function processor({ pid }, times, run) {
  const before = processorTime(pid);
  await run();
  return (processorTime(pid) - before) / times;
}

/** Two servers, one after the other in each round. @param {() => Promise<number>} ours @param {() => Promise<number>} theirs */
async function sideBySide(ours, theirs) {
  const all = [];
  for (let round = 0; round < ROUNDS; round++) all.push({ ours: await ours(), theirs: await theirs() });
  const ratio = median(all.map((one) => one.theirs / one.ours));
  return { ratio, ours: median(all.map((one) => one.ours)), theirs: median(all.map((one) => one.theirs)) };
}

/** @param {Opened} small @param {Bare} bare @returns {Promise<Row[]>} */
async function creating(small, bare) {
  const times = 100;
  const content = 'x'.repeat(ROW_BYTES);
  let next = SMALL;
  let row = 1_000_000;
  const create = async (toolkit = 'sealed') => {
    next += times;
    return (await fill(small, next, times, toolkit)).took;
  };
  const insert = () => bare.client.run(times, () => insertion(row++, content), { expected: 201 });
  const { ratio, ours, theirs } = await sideBySide(create, insert);
  const asked = await create('demokey');
  const cost = { ours: await processor(small, times, create), theirs: await processor(bare, times, insert) };
  return [
    atLeast('create, of a bare insert', ratio, 0.5, `${inMs(ours)} against ${inMs(theirs)}`),
    note('processor time of it', `${inMs(cost.ours)} against ${inMs(cost.theirs)}`),
    note('and where the provider says whose the key is', inMs(asked)),
  ];
}

/** @param {Opened} small @param {Bare} bare @param {string[]} ids @returns {Promise<Row[]>} */
async function getting(small, bare, ids) {
  const times = 500;
  const content = 'x'.repeat(ROW_BYTES);
  await bare.client.run(times, (n) => insertion(n, content), { expected: 201 });
  const get = () => small.client.run(times, (n) => ({ path: `${ACCOUNTS}/${ids[n]}` }));
  const read = () => bare.client.run(times, (n) => ({ path: rowPath(n) }));
  const { ratio, ours, theirs } = await sideBySide(get, read);
  const cost = { ours: await processor(small, times, get), theirs: await processor(bare, times, read) };
  // The service remembers what it read last; these accounts it reads from the disk, and opens their views.
  const some = Math.floor((SMALL - times) / ROUNDS);
  let next = times;
  const first = async () => {
    const from = next;
    next += some;
    return small.client.run(some, (n) => ({ path: `${ACCOUNTS}/${ids[from + n]}` }));
  };
  const cold = await sideBySide(first, () => bare.client.run(some, (n) => ({ path: rowPath(n) })));
  return [
    atLeast('get by id, of a bare read', ratio, 0.6, `${inMs(ours)} against ${inMs(theirs)}`),
    note('processor time of it', `${inMs(cost.ours)} against ${inMs(cost.theirs)}`),
    note('of accounts that were not read lately', `${cold.ratio.toFixed(2)} times (${inMs(cold.ours)})`),
  ];
}

/** The path of the nth page. @param {Opened} opened */
async function deepPage({ client }) {
  let path = ACCOUNTS;
  for (let page = 1; page < PAGE; page++) {
    const { next_cursor } = JSON.parse((await client.ask({ path })).body);
    path = `${ACCOUNTS}?cursor=${encodeURIComponent(next_cursor)}`;
  }
  return path;
}

/** How many times as long as at the small one. @param {Opened[]} both @param {(n: number, at: number) => string} path @param {number} times */
async function growth(both, path, times) {
  /** @type {number[][]} */
  const taken = [[], []];
  for (let n = 0; n < times; n++) {
    for (const [at, { client }] of both.entries())
      taken[at].push(...(await client.each(1, () => ({ path: path(n, at) }))));
  }
  const [small, large] = taken.map(median);
  return { ratio: large / small, said: `${inMs(large)} against ${inMs(small)}` };
}

/** @param {Opened} small @param {Opened} large @returns {Promise<Row[]>} */
async function listing(small, large) {
  const both = [small, large];
  const deep = [await deepPage(small), await deepPage(large)];
  const users = [SMALL, LARGE].map((accounts) => accounts / EACH);
  const ofUser = (/** @type {number} */ n, /** @type {number} */ at) =>
    `${ACCOUNTS}?user_ids=user_${Math.floor(((n * 0.618) % 1) * users[at])}`;
  await growth(both, () => ACCOUNTS, 20);
  const first = await growth(both, () => ACCOUNTS, 100);
  const later = await growth(both, (_, at) => deep[at], 100);
  const own = await growth(both, ofUser, 400);
  const of = `${LARGE} accounts, of ${SMALL}`;
  return [
    atMost(`first page at ${of}`, first.ratio, 1.5, 'times', first.said),
    atMost(`page ${PAGE} at ${of}`, later.ratio, 1.5, 'times', later.said),
    atMost(`list by user at ${of}`, own.ratio, 1.2, 'times', own.said),
  ];
}

/** An account of the demo provider, and its access token in plain text. @param {Opened} opened */
async function connected({ service, configs }) {
  const { body: link } = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.demo,
    user_id: 'ada',
  });
  await new Visitor(service).connect(link.redirect_url, 'ada');
  const masking = (/** @type {boolean} */ on) =>
    call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: on });
  await masking(false);
  const { body } = await call(service, 'GET', `/connected_accounts/${link.connected_account_id}`);
  await masking(true);
  return { id: link.connected_account_id, token: body.state.val.access_token };
}

/** Medians of each way to call, one after the other in each round. @param {Record<string, () => Promise<number[]>>} ways */
async function inTurn(ways) {
  /** @type {Record<string, number[]>} */
  const taken = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let n = 0; n < 300; n++) {
    for (const [name, run] of Object.entries(ways)) taken[name].push(...(await run()));
  }
  return Object.fromEntries(Object.entries(taken).map(([name, all]) => [name, median(all.slice(20))]));
}

/** Milliseconds until all of so many calls at once are answered. @param {Client} client @param {() => import('./service-load.js').Call} call */
async function atOnce(client, call) {
  try {
    await client.run(AT_ONCE, call); // connected, and warm
    return (await client.run(AT_ONCE, call)) * AT_ONCE;
  } finally {
    client.close();
  }
}

/** A tool call by the service, and the same by its provider alone. @param {Opened} opened @param {Record<string, (id: string) => Promise<number[]>>} [more] */
async function called(opened, more = {}) {
  const { service, client } = opened;
  const { id, token } = await connected(opened);
  const provider = new Client(service.demoOrigin, { lines: 1, authorization: `Bearer ${token}` });
  const body = JSON.stringify({ user_id: 'ada', connected_account_id: id, version: VERSION, arguments: {} });
  const others = Object.entries(more).map(([name, run]) => [name, () => run(id)]);
  const direct = () => ({ path: '/api/profile' });
  const execute = () => ({ method: 'POST', path: '/api/v3/tools/execute/DEMO_GET_PROFILE', body });
  try {
    const medians = await inTurn({
      direct: () => provider.each(1, direct),
      execute: () => client.each(1, execute),
      ...Object.fromEntries(others),
    });
    const lines = { lines: AT_ONCE };
    const { apiKey, port, demoOrigin } = service;
    const ours = await atOnce(new Client(`http://127.0.0.1:${port}`, { ...lines, apiKey }), execute);
    const theirs = await atOnce(new Client(demoOrigin, { ...lines, authorization: `Bearer ${token}` }), direct);
    return { medians, together: { ours, theirs } };
  } finally {
    provider.close(); // it waits for its callers before it ends
  }
}

/** @param {Opened} small @param {string[]} ids @param {Bare} bare @param {Opened} large its data are in memory @returns {Promise<Row[]>} */
async function executing(small, ids, bare, large) {
  let row = 2_000_000;
  const { medians, together } = await called(small, {
    health: () => small.client.each(1, () => ({ path: '/health' })),
    get: () => small.client.each(1, () => ({ path: `${ACCOUNTS}/${ids[0]}` })),
    insert: () => bare.client.each(1, () => insertion(row++, 'x'.repeat(ROW_BYTES)), 201),
    read: () => bare.client.each(1, () => ({ path: rowPath(row - 1) })),
  });
  const { direct, execute, health, get, insert, read } = medians;
  const without = (await called(large)).medians;
  const said = `${inMs(execute)} against ${inMs(direct)}`;
  return [
    atMost('execute: added to a direct call, p50', execute - direct, 3, 'ms', said),
    note('of it, a request to the Worker and back', inMs(health)),
    note('of it, the way to the shard, and a look at the account', inMs(get - health)),
    note('of it, building, sending, scrubbing, noting the use', inMs(execute - direct - get)),
    note('a commit to the disk, which is not waited for', inMs(insert - read)),
    note('added where the data are in memory', inMs(without.execute - without.direct)),
    note(`${AT_ONCE} at once, of one account`, `${inMs(together.ours)} against ${inMs(together.theirs)}`),
  ];
}

/** @returns {Promise<Row[]>} */
export async function benchService() {
  /** @type {{ close: () => Promise<void> }[]} */
  const open = [];
  const kept = async (/** @type {Promise<any>} */ opening) => {
    const one = await opening;
    open.push(one);
    return one;
  };
  try {
    const [small, bare, large] = [
      await kept(openService(tmpdir())),
      await kept(openBare(tmpdir())),
      await kept(openService(memory)),
    ];
    const { ids } = await fill(small, 0, SMALL);
    console.error(`creating ${LARGE} accounts for the lists; DEVCASTER_BENCH_ACCOUNTS says how many`);
    await fill(large, 0, LARGE);
    const lists = await listing(small, large);
    return [
      ...(await creating(small, bare)),
      ...(await getting(small, bare, ids)),
      ...lists,
      ...(await executing(small, ids, bare, large)),
    ];
  } finally {
    for (const one of open) await one.close();
  }
}
