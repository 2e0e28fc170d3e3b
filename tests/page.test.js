// The page's main story: real browser, real service, the demo provider's real login and consent pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { consent, focused, openBrowser, reads, visitor } from './support/browser.js';
import { connect, fact, member, pill } from './support/page.js';
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

/** What the demo provider saw of one login. @param {string} login */
async function seen(login) {
  const { accounts } = await (await fetch(`${service.demoOrigin}/ledger`)).json();
  return accounts[login];
}

/** Whether the provider still honours a token. @param {string} token @returns {Promise<boolean>} */
async function honoured(token) {
  const { id, secret } = service.demoClient;
  const answer = await fetch(`${service.demoOrigin}/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  });
  return (await answer.json()).active;
}

test('the whole life of an account, from the printed link to its deletion', async (t) => {
  const person = await visitor(browser);
  const { page } = person;
  let id = '';
  let token = '';

  await t.test('the printed link signs in and leaves no trace in the address', async () => {
    await page.goto(service.signInLink);
    await page.getByRole('heading', { name: 'No connected accounts yet' }).waitFor();
    assert.equal(page.url(), `${service.origin}/#/accounts`);
    await page.goBack();
    assert.ok(!page.url().includes('sign_in'), page.url());
    await page.goto(`${service.origin}/#/accounts`);
  });

  await t.test('an account of the demo provider is connected through its own pages', async () => {
    const tab = await connect(person, { toolkit: 'demo', user: 'user_123', alias: 'work' });
    await page.getByRole('dialog').getByRole('heading', { name: 'Waiting for the connection' }).waitFor();
    assert.match(await consent(tab, 'ada'), /connected/i);
    await tab.close();
    await reads(page.locator('h1'), 'work');
    await reads(pill(page), 'Active');
    id = decodeURIComponent(page.url().split('/').at(-1) ?? '');
    assert.match(id, /^ca_/);
  });

  await t.test('the detail and the table show it ACTIVE and masked', async () => {
    for (const name of ['access_token', 'refresh_token']) await reads(member(page, name), /^.{4}\.\.\.$/u);
    await reads(fact(page, 'User'), 'user_123');
    await page.getByRole('link', { name: 'Accounts', exact: true }).first().click();
    const row = page.locator(`tr[data-id="${id}"]`);
    await reads(row.locator('.pill'), 'Active');
    await reads(row.locator('th a'), 'work');
    await reads(row.locator('td[data-label="User"]'), 'user_123');
    await row.locator('th a').click();
    await reads(page.locator('h1'), 'work');
  });

  await t.test('refresh asks the provider for tokens exactly once', async () => {
    const before = await seen('ada');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('Credentials refreshed.').waitFor();
    await reads(fact(page, 'Last refreshed'), /now|second/);
    assert.equal((await seen('ada')).refresh, before.refresh + 1);
    assert.equal(await focused(page.getByRole('button', { name: 'Refresh' })), true);
  });

  await t.test('a tool runs with it', async () => {
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText('Successful').waitFor();
    await reads(page.getByLabel('Result'), /ada/);
  });

  await t.test('disabled, it executes nothing', async () => {
    await page.getByRole('button', { name: 'Disable' }).click();
    await reads(pill(page), 'Inactive');
    const { api } = await seen('ada');
    await page.getByRole('button', { name: 'Execute' }).click();
    await reads(page.locator('[data-part="result"] [role=alert]'), /INACTIVE|inactive|disabled/i);
    assert.equal((await seen('ada')).api, api);
  });

  await t.test('enabled again, it executes', async () => {
    await page.getByRole('button', { name: 'Enable' }).click();
    await reads(pill(page), 'Active');
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText('Successful').waitFor();
  });

  await t.test('masking is switched off with a warning, and on again', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'Project Settings' }).click();
    await page.getByRole('link', { name: 'Project Configuration' }).click();
    await reads(
      page.getByRole('navigation', { name: 'Breadcrumb' }),
      /^Settings.*Project Settings.*Project Configuration$/,
    );
    const mask = page.getByRole('switch', { name: 'Mask Connected Account Secrets' });
    await mask.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await mask.isChecked(), true);
    await mask.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn masking off' }).click();
    await page.getByText('Masking is off:').waitFor();
    assert.equal(await mask.isChecked(), false);

    await page.goto(`${service.origin}/#/accounts/${id}`);
    token = await reads(member(page, 'access_token'), /^[^.]{20,}|\..{20,}/);
    assert.equal(await honoured(token), true);

    await page.goto(`${service.origin}/#/settings/project/configuration`);
    await mask.click();
    await page.getByText('Secrets are masked.').waitFor();
    await page.goto(`${service.origin}/#/accounts/${id}`);
    await reads(member(page, 'access_token'), /^.{4}\.\.\.$/u);
  });

  await t.test('deleted, it is gone and the provider honours its token no more', async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('alertdialog');
    await reads(dialog, /work.*user_123.*permanent.*revoked/s);
    assert.equal(await focused(dialog.getByRole('button', { name: 'Cancel' })), true);
    await dialog.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('heading', { name: 'No connected accounts yet' }).waitFor();
    assert.equal(await honoured(token), false);
    assert.equal((await call(service, 'GET', `/connected_accounts/${id}`)).status, 404);
    await page.goto(`${service.origin}/#/accounts/${id}`);
    await page.getByRole('alert').waitFor();
  });

  await t.test('nobody else was asked and nothing broke', () => {
    assert.deepEqual([...person.origins].sort(), [service.origin, service.demoOrigin].sort());
    assert.deepEqual(person.complaints, []);
    assert.deepEqual(
      person.refused.map((line) => line.replace(/ca_[\w-]+/, 'ca_')),
      ['POST /api/v3/tools/execute/DEMO_GET_PROFILE 422', 'GET /api/v3/connected_accounts/ca_ 404'],
    );
  });
  await person.close();
});
