// Fingerprints on the page: one switch in the configuration, and the digits beside the masked secret.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from './support/browser.js';
import { member, signedIn } from './support/page.js';
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

test('the switch turns fingerprints on, and the account shows them', async () => {
  const [config] = (await call(service, 'GET', '/auth_configs?toolkit_slug=demokey')).body.items;
  const state = { authScheme: 'API_KEY', val: { api_key: 'demo_of_the_page', more: { token: 'demo_of_the_page' } } };
  const body = { auth_config: { id: config.id }, connection: { user_id: 'ada', state } };
  const { id } = (await call(service, 'POST', '/connected_accounts', body)).body;

  const person = await signedIn(service, browser, '#/settings/project/configuration');
  const { page } = person;
  const toggle = page.getByRole('switch', { name: 'Fingerprints' });
  assert.equal(await toggle.isChecked(), false);
  await toggle.click();
  await page.getByText('Masked secrets have fingerprints.').waitFor();
  assert.equal(await toggle.isChecked(), true);
  const { fingerprints } = (await call(service, 'GET', `/connected_accounts/${id}`)).body;
  assert.deepEqual(Object.keys(fingerprints), ['api_key', 'more.token']);

  await page.goto(`${service.origin}/#/accounts/${id}`);
  await member(page, 'more').waitFor();
  const row = page.locator('.credentials .facts dd', { has: member(page, 'more') });
  assert.match(await row.innerText(), new RegExp(`Fingerprint of more\\.token ${fingerprints['more.token']}`));

  await page.goto(`${service.origin}/#/settings/project/configuration`);
  await toggle.click();
  await page.getByText('No fingerprints are shown.').waitFor();
  assert.equal(await toggle.isChecked(), false);
  const off = (await call(service, 'GET', `/connected_accounts/${id}`)).body;
  assert.ok(!Object.hasOwn(off, 'fingerprints'));
  assert.deepEqual(person.complaints, []);
  await person.close();
});
