// A service with a toolkit of OAuth 1.0a, its provider, and who asks them: what the tests of that scheme share.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { OAuth1Provider, toolkit } from './oauth1-provider.js';
import { filesBelow, findPlanted } from './planted.js';
import { call, startService } from './service.js';
import { Visitor } from './visitor.js';

export const CONSUMER = { consumer_key: 'the consumer', consumer_secret: 'its secret: a+b/c=&%' };

/** @type {Awaited<ReturnType<typeof startService>>} */
export let service;
/** @type {OAuth1Provider} */
export let provider;
/** @type {string} auth config */
export let config;
let users = 0;
/** What callers and people were shown. @type {string[]} */
const shown = [];

export async function open() {
  service = await startService({ toolkits: [toolkit] });
  await service.stopDemo();
  provider = await new OAuth1Provider(service.demoOrigin).start();
  provider.consumers
    .set(service.demoClient.id, service.demoClient.secret)
    .set(CONSUMER.consumer_key, CONSUMER.consumer_secret);
  config = (await newConfig(CONSUMER)).body.auth_config.id;
}

export async function close() {
  provider?.close();
  await service?.close();
}

/** @param {string} method @param {string} path @param {unknown} [body] */
export async function ask(method, path, body) {
  const answer = await call(service, method, path, body);
  shown.push(JSON.stringify(answer.body ?? ''));
  return answer;
}

/** @param {object} credentials */
export const newConfig = (credentials) =>
  ask('POST', '/auth_configs', {
    toolkit: { slug: 'tone' },
    auth_config: { type: 'use_custom_auth', authScheme: 'OAUTH1', credentials },
  });

/** @param {object} credentials */
export const setClient = (credentials) => ask('PATCH', `/auth_configs/${config}`, { type: 'custom', credentials });

/** @param {object} [more] */
export async function link(more = {}) {
  users += 1;
  const answer = await ask('POST', '/connected_accounts/link', {
    auth_config_id: config,
    user_id: `u${users}`,
    ...more,
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { id: answer.body.connected_account_id, url: answer.body.redirect_url, user: `u${users}` };
}

/** @param {string} id */
export const account = async (id) => (await ask('GET', `/connected_accounts/${id}`)).body;

/** @param {string} id @param {string} [tool] @param {object} [args] */
export const execute = (id, tool = 'TONE_ME', args = {}) =>
  ask('POST', `/tools/execute/${tool}`, { connected_account_id: id, arguments: args });

/** @param {string} id @param {object} body */
export const proxy = (id, body) => ask('POST', '/tools/execute/proxy', { connected_account_id: id, ...body });

/** @param {string} id @param {object} val */
export const patch = (id, val) => ask('PATCH', `/connected_accounts/${id}`, { connection: { state: { val } } });

/** @param {object} val @param {object} [more] @param {string} [user_id] */
export const bring = (val, more = {}, user_id = 'brings') =>
  ask('POST', '/connected_accounts', { auth_config: { id: config }, connection: { user_id, state: { val } }, ...more });

/** A person at the provider. @param {string} next @param {string} login @param {'allow' | 'deny'} [decision] */
export async function decide(next, login, decision = 'allow') {
  assert.equal((await fetch(next)).status, 200);
  const body = new URLSearchParams({ login, decision });
  const answer = await fetch(next, { method: 'POST', body, redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

/** @param {Visitor} visitor @param {string} url @param {string} login @param {'allow' | 'deny'} [decision] @returns {Promise<string>} the callback */
export async function consent(visitor, url, login, decision) {
  const page = await visitor.press(url);
  shown.push(page.text);
  assert.ok(page.next, page.text);
  return decide(page.next, login, decision);
}

/** @param {string} url @param {string} login @param {'allow' | 'deny'} [decision] */
export async function connect(url, login, decision) {
  const visitor = new Visitor(service);
  const page = await visitor.land(await consent(visitor, url, login, decision));
  shown.push(page.text, page.url);
  return page;
}

/** @param {string} login @param {object} [more] */
export async function connected(login, more) {
  const one = await link(more);
  await connect(one.url, login);
  assert.equal((await account(one.id)).status, 'ACTIVE');
  return one;
}

/** @param {{ status: number, body: any }} answer @param {number} expected @param {number} code */
export function isError({ status, body }, expected, code) {
  assert.deepEqual([status, body.error?.code], [expected, code], JSON.stringify(body));
  return body.error;
}

/** @param {import('./visitor.js').Page} page @param {number} status @param {RegExp} words */
export function isPage({ answer, text }, status, words) {
  assert.equal(answer.status, status, text);
  assert.match(text, words);
}

/** Every request since then was good. @param {number} from */
export const allGood = (from) =>
  assert.deepEqual(
    provider.seen
      .slice(from)
      .filter(({ problem }) => problem !== null)
      .map(({ path, problem }) => [path, problem]),
    [],
  );

/** No secret is in an answer, on a page, in the log, on the disk, or in what was sent to the provider. */
export function nothingLeaked() {
  const secrets = provider.secrets();
  assert.ok(secrets.length > 15);
  const sent = provider.seen.map(({ path, headers, body }) => `${path} ${JSON.stringify(headers)} ${body}`).join('\n');
  const seen = findPlanted(secrets, [
    ['answers and pages', shown.join('\n')],
    ['log', service.logs()],
    ...filesBelow(join(service.dataDir, 'objects')),
  ]);
  assert.deepEqual(seen.found, []);
  // A token is the account's name at the provider, and is sent.
  const unsent = secrets.filter((secret) => !provider.tokens.has(secret));
  assert.deepEqual(findPlanted(unsent, [['requests', sent]]).found, []);
}
