// People who are sent a link that its host has to confirm, and what becomes of their accounts.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, configsOf, startService } from './service.js';
import { copyWith } from './simulated.js';
import { Visitor } from './visitor.js';

const CALLBACK = 'https://host.example/connected?attempt=77#top';
export const FAR = 15_000;

/** @type {Awaited<ReturnType<typeof startService>>} */
export let service;
/** @type {Record<string, string>} toolkit -> auth config */
export let configs;
let users = 0;
let copy = '';

/** The service with a clock of the tests'. */
export async function open() {
  copy = copyWith('clock-worker.js');
  service = await startService({ from: copy, env: { DEVCASTER_SHARDS: '2' } });
  configs = await configsOf(service);
}

export async function close() {
  await service?.close();
  rmSync(copy, { recursive: true, force: true });
}

/** What a host keeps, and what it sends along. */
export function newVerifier() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, hash: createHash('sha256').update(verifier).digest('base64url') };
}

/** @param {string} toolkit @param {object} [more] */
export async function link(toolkit, more = {}) {
  users += 1;
  const user = `guest-${users}`;
  const { verifier, hash } = newVerifier();
  const sent = {
    auth_config_id: configs[toolkit],
    user_id: user,
    verifier_hash: hash,
    callback_url: CALLBACK,
    ...more,
  };
  const answer = await call(service, 'POST', '/connected_accounts/link', sent);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { id: answer.body.connected_account_id, url: answer.body.redirect_url, verifier, user };
}

/** @param {string} id */
export const account = async (id) => (await call(service, 'GET', `/connected_accounts/${id}`)).body;
/** @param {string} id @param {string} verifier */
export const complete = (id, verifier) =>
  call(service, 'POST', '/connected_accounts/complete_auth', { connected_account_id: id, verifier });
/** @param {string} id */
export const execute = (id) =>
  call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', { connected_account_id: id, arguments: {} });
/** @param {string} id */
export const eventsOf = async (id) =>
  (await call(service, 'GET', `/connected_accounts/${id}/activity`)).body.items.map(
    (/** @type {any} */ one) => one.event,
  );
/** @param {string} login */
export const seen = async (login) =>
  (await (await fetch(`${service.demoOrigin}/ledger`)).json()).accounts[login] ?? { revocation: 0 };
/** The service's clock. @param {number} ahead */
export const clock = (ahead) => fetch(`${service.origin}/clock?ahead=${ahead}`);

/** @param {string} login */
export async function isRevoked(login) {
  for (const end = Date.now() + FAR; Date.now() < end; await sleep(100)) {
    await clock(0);
    if ((await seen(login)).revocation > 0) return;
  }
  assert.fail(`nothing of ${login} was revoked: ${JSON.stringify(await seen(login))}`);
}

/** A consent that ends at the host's page. @param {string} url @param {string} login */
export async function connect(url, login) {
  const visitor = new Visitor(service);
  const { next } = await visitor.press(url);
  const { answer } = await visitor.land(await visitor.decide(next ?? '', login)).catch((error) => assert.fail(error));
  return answer;
}
