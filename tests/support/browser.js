// A person's browser for the page's tests: headless Chromium that notes what went wrong and whom it talked to.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

const PATIENCE = 15_000;

/** Headless Chromium of this machine; close it at the end. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * One person: a browser profile of its own.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function visitor(browser, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  /** What the console of any tab complained about. @type {string[]} */
  const complaints = [];
  /** Refused requests, as `POST /path 422`: the browser itself writes a line to the console for each. @type {string[]} */
  const refused = [];
  /** @type {Set<string>} */
  const origins = new Set();
  context.on('console', (message) => {
    if (/^Failed to load resource: .* status of 4\d\d/.test(message.text())) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    origins.add(origin === 'null' ? protocol : origin);
  });
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400) refused.push(`${response.request().method()} ${pathname} ${response.status()}`);
  });
  const page = await context.newPage();
  return { context, page, complaints, refused, origins, close: () => context.close() };
}

/**
 * Does what opens a tab, and answers the tab.
 * @param {import('playwright-core').BrowserContext} context
 * @param {() => Promise<unknown>} work
 */
export async function tabOf(context, work) {
  const [tab] = await Promise.all([context.waitForEvent('page'), work()]);
  return tab;
}

/**
 * A person at the connect page of an OAuth toolkit: leaves for the demo provider, signs in and decides.
 * @param {Page} tab
 * @param {string} login any name
 * @param {'Allow' | 'Deny'} [decision]
 * @returns {Promise<string>} what the page says where it ended
 */
export async function consent(tab, login, decision = 'Allow') {
  await tab.waitForURL(/\/connect\//);
  const service = new URL(tab.url()).origin;
  await tab.getByRole('button').first().click();
  await tab.getByLabel('Login name').fill(login);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('button', { name: decision, exact: true }).click();
  await tab.waitForURL((url) => url.origin === service, { waitUntil: 'load' });
  return tab.locator('main').innerText();
}

/**
 * Waits until an element's text is what it should be; fails with what it was.
 * @param {Locator} locator
 * @param {string | RegExp} wanted whole text, or a pattern in it
 */
export async function reads(locator, wanted) {
  const fits = (/** @type {string} */ text) => (typeof wanted === 'string' ? text === wanted : wanted.test(text));
  const end = Date.now() + PATIENCE;
  let text = '';
  do {
    text = ((await locator.textContent()) ?? '').trim();
    if (fits(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < end);
  return assert.fail(`${JSON.stringify(text)} instead of ${wanted}`);
}

/** Whether the keyboard is at an element. @param {Locator} locator */
export const focused = (locator) => locator.evaluate((node) => node === document.activeElement);
