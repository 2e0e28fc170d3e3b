// The page's views: sign-in, what goes wrong, filters and pages, keyboard, narrow screens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { consent, focused, openBrowser, reads, tabOf, visitor } from './support/browser.js';
import { connect, initiate, member, pill, signedIn } from './support/page.js';
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

test('a wrong key and a wrong link are refused in words', async () => {
  const person = await visitor(browser);
  const { page } = person;
  await page.goto(`${service.origin}/#sign_in=wrong`);
  await page.getByRole('alert').waitFor();
  assert.equal(page.url(), `${service.origin}/`);
  await page.getByLabel('API key').fill('ak_wrong_and_rather_long_for_a_key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const words = await page.getByRole('alert').innerText();
  assert.ok(!words.includes('rather_long'), words);
  assert.equal(await page.getByLabel('API key').getAttribute('type'), 'password');
  assert.equal(await page.getByRole('navigation').count(), 0);
  await page.getByLabel('API key').fill(service.apiKey);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Connected accounts', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.deepEqual(person.complaints, []);
  await person.close();
});

test('a denied consent is told and leaves a FAILED account', async () => {
  const person = await signedIn(service, browser);
  const { page } = person;
  const tab = await connect(person, { toolkit: 'demo', user: 'denier' });
  await consent(tab, 'eve', 'Deny');
  await page.bringToFront();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Not connected' }).waitFor();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await reads(page.locator('tr', { hasText: 'denier' }).locator('.pill'), 'Failed');
  assert.deepEqual(person.complaints, []);
  await person.close();
});

test('an account with an API key is connected on our own page; what cannot be refreshed says so', async () => {
  const person = await signedIn(service, browser);
  const { page } = person;
  const tab = await connect(person, { toolkit: 'demokey', user: 'keyholder' });
  await tab.waitForURL(/\/connect\//);
  await tab.locator('input:not([type=hidden])').first().fill('demo_key_of_a_test');
  await tab.getByRole('button').first().click();
  await tab.getByText('You can close this page').waitFor();
  await page.bringToFront();
  await reads(pill(page), 'Active');
  await reads(member(page, 'api_key'), 'demo...');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('.act [role=alert]').waitFor();
  await reads(pill(page), 'Active');
  await person.close();
});

test('a connection that was left half-way can be gone on with', async () => {
  const id = await initiate(service, 'late');
  const person = await signedIn(service, browser, `#/accounts/${id}`);
  const { page, context } = person;
  await reads(pill(page), 'Initializing');
  const tab = await tabOf(context, () => page.getByRole('button', { name: 'Continue' }).click());
  await consent(tab, 'lena');
  await page.bringToFront();
  await reads(pill(page), 'Active');
  await page.getByRole('button', { name: 'Execute' }).waitFor();
  await person.close();
});

test('an API key is shown once, works, and is refused when it is deleted', async () => {
  const person = await signedIn(service, browser, '#/settings/project/api-keys');
  const { page } = person;
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Create key' }).click();
  await dialog.getByLabel('Name').fill('Nightly job');
  await page.keyboard.press('Enter');
  const apiKey = await reads(dialog.locator('.secret'), /^ak_/);
  await page.keyboard.press('Escape');
  assert.equal(await dialog.count(), 1, 'Escape does not take it away');
  assert.equal((await call({ ...service, apiKey }, 'GET', '/connected_accounts')).status, 200);
  assert.equal((await call({ ...service, apiKey }, 'DELETE', '/connected_accounts/ca_123456789012')).status, 403);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal((await page.content()).includes(apiKey), false);
  await page.getByRole('button', { name: 'Delete Nightly job' }).click();
  await page.getByRole('button', { name: 'Delete key' }).click();
  await page.getByRole('button', { name: 'Delete Nightly job' }).waitFor({ state: 'detached' });
  const end = Date.now() + 10_000; // the service keeps what it knows of a key for a few seconds
  let status = 200;
  while (status !== 401 && Date.now() < end)
    ({ status } = await call({ ...service, apiKey }, 'GET', '/connected_accounts'));
  assert.equal(status, 401);
  assert.deepEqual(person.complaints, []);
  await person.close();
});

test('filters live in the address: reload, back and a copied link show the same', async () => {
  await Promise.all(
    Array.from({ length: 23 }, (_, at) => initiate(service, at === 0 ? '<img src=x onerror=alert(1)>' : 'many')),
  );
  const person = await signedIn(service, browser);
  const { page } = person;
  const rows = page.locator('tbody tr');
  await page.getByLabel('User').fill('many');
  await page.keyboard.press('Enter');
  await page.getByText('22 accounts').waitFor();
  assert.equal(await rows.count(), 20);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Page 2 of 2').waitFor();
  assert.equal(await rows.count(), 2);
  await page.reload();
  await page.getByText('Page 2 of 2').waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText('Page 1 of 2').waitFor();
  await page.getByLabel('Status').selectOption('ACTIVE');
  await page.getByRole('heading', { name: 'No account matches' }).waitFor();
  assert.match(page.url(), /#\/accounts\?user=many&status=ACTIVE$/);
  await page.goBack();
  await page.getByText('22 accounts').waitFor();
  assert.equal(await page.getByLabel('Status').inputValue(), '');
  await page.goto(`${service.origin}/#/accounts?user=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
  await page.getByText('1 account', { exact: true }).waitFor();
  await reads(rows.locator('td[data-label="User"]'), '<img src=x onerror=alert(1)>');
  await page.goto(`${service.origin}/#/accounts?status=NONSENSE`);
  await page.getByRole('alert').waitFor();
  assert.deepEqual(person.complaints, []);
  await person.close();
});

test('the keyboard opens, holds, leaves and returns', async () => {
  const id = await initiate(service, 'typist');
  const person = await signedIn(service, browser, '#/accounts?user=typist');
  const { page } = person;
  const opener = page.getByRole('button', { name: 'Connect account' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  assert.equal(await focused(dialog.getByLabel('Auth config')), true);
  assert.equal(await dialog.getByLabel('User id').inputValue(), 'typist');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(opener), true);
  await page
    .getByRole('link', { name: id })
    .or(page.locator(`tr[data-id="${id}"] th a`))
    .first()
    .focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete' }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).focus();
  for (const key of ['Escape', 'Enter']) {
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press(key);
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    assert.equal(await focused(page.getByRole('button', { name: 'Delete' })), true);
  }
  assert.equal((await call(service, 'GET', `/connected_accounts/${id}`)).status, 200);
  await person.close();
});

test('it fits a narrow screen in light and dark', async () => {
  const id = await initiate(service, `someone-with-a-rather-long-user-id-${'x'.repeat(60)}`);
  const places = ['#/accounts', `#/accounts/${id}`, '#/auth-configs', '#/settings', '#/settings/project/configuration'];
  /** @type {string[]} */
  const colours = [];
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const person = await signedIn(service, browser, '#/accounts', {
      colorScheme,
      viewport: { width: 360, height: 740 },
    });
    for (const place of places) {
      await person.page.goto(`${service.origin}/${place}`);
      await person.page.locator('h1').waitFor();
      await person.page.waitForLoadState('networkidle');
      const over = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${place} is ${over} px too wide`);
    }
    colours.push(await person.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
    assert.deepEqual(person.complaints, []);
    await person.close();
  }
  assert.notEqual(colours[0], colours[1]);
});
