// The activity of an account on its page, and over the SDK that the page uses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Devcaster } from '../js/index.js';
import { openBrowser } from './support/browser.js';
import { signedIn } from './support/page.js';
import { call, startService } from './support/service.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  service = await startService();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await service?.close();
});

/** @param {string} user */
async function account(user) {
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  const state = { authScheme: 'API_KEY', val: { api_key: 'demo_key_of_the_page' } };
  const wish = { auth_config: { id: body.items[0].id }, connection: { user_id: user, state } };
  return (await call(service, 'POST', '/connected_accounts', wish)).body.id;
}

test('the page of an account tells what happened to it, and follows what is done there', async () => {
  const id = await account('watched');
  for (let i = 0; i < 9; i++) await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: `<i>${i}</i>` });
  const person = await signedIn(service, browser, `#/accounts/${id}`);
  const { page } = person;
  const entries = page.locator('.activity li');
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
  assert.equal(await entries.count(), 10);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.locator('.activity [data-event="created"]').waitFor();
  assert.equal(await entries.count(), 11);
  assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0);
  await page.getByRole('button', { name: 'Disable' }).click();
  await page.locator('.activity [data-event="disabled"]').waitFor();
  assert.match(await entries.first().innerText(), /^Disabled[\s\S]*by session ak_[\s\S]*Request [\w-]{36}/);
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.locator('.activity [data-event="enabled"]').waitFor();
  await page.getByRole('button', { name: 'Execute' }).click();
  const used = page.locator('.activity [data-event="used"]');
  await used.waitFor();
  assert.match(await used.innerText(), /DEMOKEY_GET_PROFILE\s+GET 127\.0\.0\.1:\d+\/[\w/]+ → 200/);
  assert.deepEqual(person.complaints, []);
  await person.close();
});

test('the SDK walks over all of it, in its own spelling', async () => {
  const id = await account('walked');
  for (let i = 0; i < 4; i++) await call(service, 'PATCH', `/connected_accounts/${id}`, { alias: `n${i}` });
  const devcaster = new Devcaster({ apiKey: service.apiKey, baseURL: service.origin });
  const wish = { connectedAccountId: id, arguments: {}, dangerouslySkipVersionCheck: true };
  await devcaster.tools.execute('DEMOKEY_GET_PROFILE', wish);
  const seen = [];
  for await (const entry of devcaster.connectedAccounts.activity(id, { limit: 2 })) seen.push(entry);
  assert.deepEqual(
    seen.map(({ event }) => event),
    ['used', 'updated', 'updated', 'updated', 'updated', 'connected', 'created'],
  );
  const [used] = seen;
  assert.deepEqual([used.httpStatus, used.result, used.actor.type], [200, '2xx', 'key']);
  assert.match(used.requestId ?? '', /^[\w-]{36}$/);
});
