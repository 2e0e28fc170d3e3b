// What the SDK does around a call: building the request, reading the answer.
import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { list } from './documents.js';
import { atMost, median, ratio, rounds } from './measure.js';

/** @typedef {import('../../js/core/core.js').Core} Core */
/** @typedef {import('./measure.js').Row} Row */

const decoder = new TextDecoder();
const LIST = 'connected_accounts.list';

/** A server on a thread of its own, so that its work is not ours. */
const SERVER = `
const { createServer } = require('node:http');
const { parentPort } = require('node:worker_threads');
const server = createServer((request, response) => response.end('{}'));
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;

/** Milliseconds of one GET of many, kept alive. @param {string} url */
async function get(url) {
  const times = 200;
  const start = performance.now();
  for (let i = 0; i < times; i++) await (await fetch(url)).text();
  return (performance.now() - start) / times;
}

/** @param {Core} core @returns {Promise<Row>} */
async function building(core) {
  const args = { userIds: ['user_123'], statuses: ['ACTIVE'], toolkitSlugs: ['github', 'gmail'], limit: 100 };
  const worker = new Worker(SERVER, { eval: true });
  try {
    const port = await new Promise((done, failed) => worker.once('message', done).once('error', failed));
    const url = `http://127.0.0.1:${port}/`;
    await get(url);
    const shares = [];
    for (let round = 0; round < 9; round++) {
      const whole = await get(url);
      const [{ build }] = rounds({ build: () => core.request(LIST, args) }, { rounds: 1, slice: 20 });
      shares.push((100 * build) / whole);
    }
    return atMost('building a request, of one loopback GET', median(shares), 2, '%');
  } finally {
    await worker.terminate();
  }
}

const STATUSES = new Set('INITIALIZING INITIATED ACTIVE FAILED EXPIRED INACTIVE REVOKED'.split(' '));

/** @param {any} value @param {string} what @returns {string} */
function textOf(value, what) {
  if (typeof value !== 'string') throw new TypeError(`The answer holds an account without ${what}`);
  return value;
}

/** The model of an account, as one writes it by hand. @param {any} wire */
function toAccount(wire) {
  if (!STATUSES.has(textOf(wire.status, 'a status'))) throw new TypeError('The answer holds an unknown status');
  const { auth_config: config } = wire;
  return {
    id: textOf(wire.id, 'an id'),
    userId: wire.user_id,
    status: wire.status,
    statusReason: wire.status_reason ?? null,
    isDisabled: wire.is_disabled,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
    toolkit: { slug: textOf(wire.toolkit?.slug, 'a toolkit') },
    authConfig: config && {
      id: config.id,
      authScheme: config.auth_scheme,
      isDevcasterManaged: config.is_devcaster_managed ?? config.is_composio_managed,
      isDisabled: config.is_disabled,
    },
    state: wire.state,
    data: wire.data,
    alias: wire.alias ?? null,
    wordId: wire.word_id ?? null,
    identity: wire.identity ?? null,
    expiresAt: wire.expires_at ?? null,
    lastRefreshedAt: wire.last_refreshed_at ?? null,
    nextRefreshAt: wire.next_refresh_at ?? null,
    lastUsedAt: wire.last_used_at ?? null,
    scopes: wire.scopes ?? null,
    reconnect: wire.reconnect ?? null,
  };
}

/** @param {Uint8Array} bytes */
function readByHand(bytes) {
  const body = JSON.parse(decoder.decode(bytes));
  if (!Array.isArray(body?.items)) throw new TypeError('The answer is not a page of items');
  return {
    items: body.items.map(toAccount),
    nextCursor: body.next_cursor ?? null,
    totalItems: body.total_items,
    currentPage: body.current_page,
    totalPages: body.total_pages,
  };
}

/** @param {Core} core @returns {Row} */
function reading(core) {
  const bytes = new TextEncoder().encode(JSON.stringify(list(100)));
  const byCore = () => core.response(LIST, 200, {}, bytes).value;
  const byHand = () => readByHand(bytes);
  assert.deepEqual(byCore(), byHand());
  const measured = rounds({ byCore, byHand });
  return atMost(
    'reading 100 accounts, of JSON.parse and a mapping by hand',
    ratio(measured, 'byCore', 'byHand'),
    1.5,
    'times',
  );
}

/** @param {Core} core @returns {Promise<Row[]>} */
export async function benchClient(core) {
  return [await building(core), reading(core)];
}
