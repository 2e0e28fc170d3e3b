// A person at the browser: opens a connect link, signs in at the provider and allows.
import { chromium } from 'playwright-core';

const WAIT_MS = 15_000;

/** Headless Chromium of this machine; close it at the end. */
export function openChromium() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/**
 * Walk through the connect page and the provider's login and consent pages, in a fresh browser profile.
 * @param {import('playwright-core').Browser} browser
 * @param {string} link the connect page
 * @param {string} login any name
 * @param {'Allow' | 'Deny'} [decision]
 * @returns {Promise<{ url: string, text: string }>} where it ended
 */
export async function giveConsent(browser, link, login, decision = 'Allow') {
  const context = await browser.newContext();
  context.setDefaultTimeout(WAIT_MS);
  try {
    const page = await context.newPage();
    await page.goto(link);
    await page.locator('form button[type=submit], form button:not([type])').first().click();
    await page.getByLabel('Login name').fill(login);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: decision, exact: true }).click();
    const service = new URL(link).origin;
    await page.waitForURL((url) => url.origin === service, { waitUntil: 'load' });
    return { url: page.url(), text: await page.locator('body').innerText() };
  } finally {
    await context.close();
  }
}
