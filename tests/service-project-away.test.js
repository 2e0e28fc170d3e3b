// The Project object cannot be asked between a provider's answer and the disk: nothing that the provider did is lost.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHostile } from './support/hostile-service.js';
import { copyWith } from './support/simulated.js';
import { mint } from './support/tokens.js';

const root = copyWith('project-away-worker.js');
/** @type {Awaited<ReturnType<typeof startHostile>>} */
let service;
before(async () => {
  service = await startHostile({ shards: 1, root });
});
after(async () => {
  await service?.close();
  rmSync(root, { recursive: true, force: true });
});

/** @param {boolean} on */
const away = (on) => fetch(`${service.origin}/away?on=${on ? 1 : 0}`);
const CACHED = 5200; // longer than what the shards know of the project stays known

/**
 * The project goes away while the provider is asked, and what was known of it is over by then.
 * @param {string} moment @param {() => Promise<any>} work
 */
async function goneDuring(moment, work) {
  let isFirst = true;
  service.provider.at = async (now) => {
    if (now !== moment || !isFirst) return;
    isFirst = false;
    await sleep(CACHED);
    await away(true);
  };
  try {
    return await work();
  } finally {
    service.provider.at = () => undefined;
    await away(false);
  }
}

test('tokens that were granted meanwhile are stored', async () => {
  const id = await service.connect('kept');
  const first = await goneDuring('asked', () => service.refresh(id));
  assert.deepEqual([first.status, first.body.status, first.body.redirect_url], [200, 'ACTIVE', null]);
  const again = await service.refresh(id);
  assert.deepEqual([again.body.status, again.body.redirect_url], ['ACTIVE', null], JSON.stringify(again.body));
  assert.equal(service.provider.count('kept', 'granted'), 3);
  assert.equal(service.provider.reused, 0);
  const shown = await service.account(id);
  assert.match(shown.state.val.access_token, /^.{4}\.\.\.$/);
});

/** @param {string} method @param {string} origin of a page @param {Record<string, string>} [headers] */
const asPage = (method, origin, headers) =>
  fetch(`${service.origin}/api/v3/connected_accounts`, { method, headers: { origin, ...headers } });

test('a page that may ask reads that something went wrong, and others nothing', async () => {
  const APP = 'https://app.example';
  const preflight = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
  const { status } = await service.call('PATCH', '/org/project/config', { allowed_origins: [APP] });
  assert.equal(status, 200);
  const authorization = `Bearer ${await mint(service, { user_id: 'kept', origins: [APP] })}`;
  assert.equal((await asPage('GET', APP, { authorization })).status, 200);
  await sleep(CACHED);
  await away(true);
  try {
    const asked = await asPage('OPTIONS', APP, preflight);
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [204, APP]);
    assert.match(asked.headers.get('access-control-allow-headers') ?? '', /authorization/);
    const told = await asPage('GET', APP, { authorization });
    assert.deepEqual([told.status, told.headers.get('access-control-allow-origin')], [500, APP]);
    assert.match(told.headers.get('access-control-expose-headers') ?? '', /x-request-id/);
    assert.equal((await told.json()).error.request_id, told.headers.get('x-request-id'));
    for (const answer of [
      await asPage('GET', 'https://evil.example', { authorization }),
      await asPage('OPTIONS', 'https://evil.example', preflight),
    ]) {
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
      assert.match(answer.headers.get('vary') ?? '', /origin/);
    }
  } finally {
    await away(false);
  }
});

test('an account is made and answered meanwhile, and a refresh also where fingerprints are wanted', async () => {
  const { status } = await service.call('PATCH', '/org/project/config', { fingerprints: true });
  assert.equal(status, 200);
  try {
    const id = await goneDuring('resource', () => service.bring('made'));
    const { status, body } = await goneDuring('asked', () => service.refresh(id));
    assert.deepEqual([status, body.status, body.redirect_url], [200, 'ACTIVE', null], JSON.stringify(body));
    const { state, fingerprints } = await service.account(id);
    assert.match(state.val.access_token, /^.{4}\.\.\.$/);
    assert.ok(fingerprints, 'they are back with the project');
  } finally {
    await service.call('PATCH', '/org/project/config', { fingerprints: false });
  }
});

test('what a tool has done is answered', async () => {
  const id = await service.connect('done');
  const { status, body } = await goneDuring('resource', () => service.execute(id));
  assert.deepEqual([status, body.successful], [200, true], JSON.stringify(body));
});
