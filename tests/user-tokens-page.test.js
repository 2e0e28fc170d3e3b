// The example of the README in a real browser, from the packed tarball: a page of an application with users of its own
// manages the accounts of who is signed in, on another origin than the service's, with a user token.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../js/local/ports.js';
import { openBrowser, reads, visitor } from './support/browser.js';
import { root } from './support/build.js';
import { installPacked } from './support/packed.js';
import { call, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {Awaited<ReturnType<typeof installPacked>>} */
let packed;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startApp>>[]} */
const apps = [];
let config = '';

before(async () => {
  [service, packed, browser] = await Promise.all([startService(), installPacked(), openBrowser()]);
  cpSync(join(root, 'tests/examples/user-token-page'), join(packed.folder, 'app'), { recursive: true });
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  config = body.items[0].id;
  apps.push(await startApp(), await startApp());
  await call(service, 'PATCH', '/org/project/config', { allowed_origins: apps.map(({ origin }) => origin) });
});
after(async () => {
  for (const { child } of apps) child.kill();
  await browser?.close();
  await service?.close();
  packed?.remove();
});

/** The application's own server. */
async function startApp() {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    AUTH_CONFIG: config,
    DEVCASTER_BASE_URL: service.origin,
    DEVCASTER_API_KEY: service.apiKey,
  };
  const child = spawn(process.execPath, ['server.js'], { cwd: join(packed.folder, 'app'), env });
  child.stderr.pipe(process.stderr);
  await once(child.stdout, 'data');
  return { child, origin: `http://127.0.0.1:${port}` };
}

/** @param {string} user_id */
const connect = (user_id) =>
  call(service, 'POST', '/connected_accounts', {
    auth_config: { id: config },
    connection: { user_id, state: { val: { api_key: 'demo_of_somebody' } } },
  });

/** @param {import('playwright-core').Page} page @param {string} origin @param {string} name */
async function signIn(page, origin, name) {
  await page.goto(origin);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My connections' }).waitFor();
}

test("a page elsewhere lists, connects, disables and deletes its user's accounts, and nobody else's", async () => {
  const [{ origin }] = apps;
  await connect('bob');
  const { page, complaints, refused, origins, close } = await visitor(browser);
  const items = page.locator('ul li');
  const button = (/** @type {string} */ name) => items.first().getByRole('button', { name });
  const label = items.first().locator('span');
  /** @type {string[]} */
  const seen = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/')) seen.push(await response.text().catch(() => ''));
  });
  await signIn(page, origin, 'ada');
  assert.equal(await items.count(), 0);
  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.waitForURL(/\/connect\/lk_/);
  await page.locator('input[type=password], input[name=api_key]').first().fill('demo_of_ada_0123456789');
  await page.getByRole('button').first().click();
  await page.waitForURL((url) => url.origin === origin);
  assert.equal(new URL(page.url()).searchParams.get('status'), 'success');
  await reads(label, 'demokey: ACTIVE');
  await button('Disable').click();
  await reads(label, 'demokey: INACTIVE');
  await button('Enable').click();
  await reads(label, 'demokey: ACTIVE');
  // The host ends all tokens of the user, as after a sign-out elsewhere: the page asks its backend for the next one.
  assert.equal((await call(service, 'DELETE', '/user_tokens?user_id=ada')).status, 200);
  await button('Disable').click();
  await reads(label, 'demokey: INACTIVE');
  await button('Delete').click();
  await items.first().waitFor({ state: 'detached' });
  assert.equal((await call(service, 'GET', '/connected_accounts?user_ids=ada')).body.total_items, 0);
  assert.equal((await call(service, 'GET', '/connected_accounts?user_ids=bob')).body.total_items, 1);
  assert.deepEqual(complaints, []);
  assert.ok(
    refused.every((line) => line.endsWith(' 401')),
    refused.join('\n'),
  );
  assert.deepEqual([...origins].sort(), [origin, service.origin].sort());
  assert.ok(seen.length > 5 && seen.every((text) => !text.includes('of_ada') && !text.includes('of_somebody')));
  await close();
});

test("in a page of another application the token is nothing, though that one's own are good", async () => {
  const [first, second] = apps;
  const { page, close } = await visitor(browser);
  await signIn(page, first.origin, 'eve');
  const { token } = await page.evaluate(async () => (await fetch('/devcaster-token', { method: 'POST' })).json());
  const list = (/** @type {string} */ bearer) =>
    page.evaluate(
      async ([url, authorization]) => (await fetch(url, { headers: { authorization } })).status,
      [`${service.origin}/api/v3/connected_accounts`, `Bearer ${bearer}`],
    );
  assert.equal(await list(token), 200);
  await signIn(page, second.origin, 'eve');
  assert.equal(await list(token), 403);
  const own = await page.evaluate(async () => (await fetch('/devcaster-token', { method: 'POST' })).json());
  assert.equal(await list(own.token), 200);
  await close();
});

test('a page that the project does not name is not even asked for its token', async () => {
  const [{ origin }] = apps;
  await call(service, 'PATCH', '/org/project/config', { allowed_origins: ['https://app.example'] });
  const { page, close } = await visitor(browser);
  await page.goto(origin);
  await page.getByLabel('Name').fill('mallory');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const said = await page.evaluate(async (url) => {
    const headers = { authorization: 'Bearer ut_x' };
    return fetch(url, { headers }).then(
      () => 'answered',
      (error) => error.name,
    );
  }, `${service.origin}/api/v3/connected_accounts`);
  assert.equal(said, 'TypeError');
  await close();
});
