// A person at the hosted flow without a browser: follows the connect page to the demo provider and back.
import assert from 'node:assert/strict';
import { Browser } from './demo-browser.js';

/** @typedef {import('./demo-browser.js').Page} Page */

/** What a browser says of a form that a page of ours posts. */
const OWN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };

export class Visitor {
  #origin;
  #service;

  /** @param {{ origin: string, demoOrigin: string }} service */
  constructor({ origin, demoOrigin }) {
    this.#origin = origin;
    this.#service = new Browser(origin);
    this.demo = new Browser(demoOrigin);
  }

  /** @param {string} link @returns {Promise<Page>} the connect page */
  open(link) {
    return this.#service.fetch(link);
  }

  /**
   * Press the connect page's button.
   * @param {string} link
   * @param {Record<string, string>} [fields]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Page & { next: string | undefined }>} and where its link leads on to
   */
  async press(link, fields = {}, headers = OWN) {
    const page = await this.#service.fetch(link, { method: 'POST', body: new URLSearchParams(fields), headers });
    const [, next] = /<a href="([^"]+)" data-continue>/.exec(page.text) ?? [];
    return { ...page, next: next?.replaceAll('&amp;', '&') };
  }

  /**
   * Sign in and decide at the provider.
   * @param {string} url of its authorization endpoint
   * @param {string} login
   * @param {'allow' | 'deny'} [decision]
   * @returns {Promise<string>} the callback that the provider sends the browser to
   */
  async decide(url, login, decision = 'allow') {
    let page = await this.demo.fetch(url);
    if (page.text.includes('/login"')) page = await this.demo.submit(page, 'login', { login });
    const end = await this.demo.submit(page, 'consent', { decision });
    assert.ok(end.url.startsWith(this.#origin), `the provider leads back, not to ${end.url}`);
    return end.url;
  }

  /** @param {string} callback @returns {Promise<Page>} */
  land(callback) {
    return this.#service.fetch(callback);
  }

  /**
   * The whole way.
   * @param {string} link
   * @param {string} login
   * @param {'allow' | 'deny'} [decision]
   */
  async connect(link, login, decision) {
    const { next } = await this.press(link);
    assert.ok(next, 'the page leads on to the provider');
    return this.land(await this.decide(next, login, decision));
  }
}
