// What a person does on our page, for the tests of the page.
import assert from 'node:assert/strict';
import { tabOf, visitor } from './browser.js';
import { call } from './service.js';

/** @typedef {Awaited<ReturnType<typeof visitor>>} Visitor */
/** @typedef {Awaited<ReturnType<typeof import('./service.js').startService>>} Service */
/** @typedef {import('playwright-core').Page} Page */

/**
 * Somebody who signed in with the key, at an address of the page.
 * @param {Service} service
 * @param {import('playwright-core').Browser} browser
 * @param {string} [hash]
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function signedIn(service, browser, hash = '#/accounts', options) {
  const person = await visitor(browser, options);
  await person.page.goto(service.origin);
  await person.page.getByLabel('API key').fill(service.apiKey);
  await person.page.getByRole('button', { name: 'Sign in' }).click();
  await person.page.getByRole('heading', { name: 'Connected accounts', exact: true }).waitFor();
  await person.page.goto(`${service.origin}/${hash}`);
  return person;
}

/**
 * Fills the connect dialog and sends it.
 * @param {Visitor} person
 * @param {{ toolkit: string, user: string, alias?: string }} wishes
 * @returns {Promise<Page>} the tab of the connect page
 */
export async function connect({ page, context }, { toolkit, user, alias = '' }) {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Connect account' }).click();
  const value = await dialog.locator(`optgroup[label="${toolkit}"] option`).first().getAttribute('value');
  await dialog.getByLabel('Auth config').selectOption(value);
  await dialog.getByLabel('User id').fill(user);
  await dialog.getByLabel('Alias').fill(alias);
  return tabOf(context, () => dialog.getByRole('button', { name: 'Connect', exact: true }).click());
}

/** The status of the account that is shown. @param {Page} page */
export const pill = (page) => page.locator('.heading .pill');

/** @param {Page} page @param {string} name of a member of the credentials */
export const member = (page, name) => page.locator(`[data-member="${name}"]`);

/** @param {Page} page @param {string} name of a row of the overview */
export const fact = (page, name) =>
  page.locator('.overview .facts > div', { has: page.getByText(name, { exact: true }) }).locator('dd');

/**
 * An account that nobody has connected yet.
 * @param {Service} service
 * @param {string} user
 * @returns {Promise<string>} its id
 */
export async function initiate(service, user) {
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=demo');
  const wish = { auth_config_id: body.items[0].id, user_id: user };
  const made = await call(service, 'POST', '/connected_accounts/link', wish);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.connected_account_id;
}
