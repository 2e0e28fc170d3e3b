import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

/** @typedef {{ answer: Response, text: string, url: string }} Page what a browser ended at */
/** @typedef {{ status: number, body: any, headers: Headers }} Answer */

/** A browser without scripts for one site: cookies by path, forms, and redirects that stop at another origin. */
export class Browser {
  /** @type {Map<string, { path: string, value: string }>} */
  #cookies = new Map();
  #origin;

  /** @param {string} origin */
  constructor(origin) {
    this.#origin = origin;
  }

  /**
   * @param {string | URL} url
   * @param {RequestInit} [init]
   * @returns {Promise<Page>}
   */
  async fetch(url, init = {}) {
    const target = new URL(url, this.#origin);
    const jar = [...this.#cookies].filter(([, { path }]) => target.pathname.startsWith(path));
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    headers.set('cookie', jar.map(([name, { value }]) => `${name.split('@')[0]}=${value}`).join('; '));
    const answer = await fetch(target, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    const location = answer.headers.get('location');
    const text = await answer.text();
    if (!location) return { answer, text, url: target.href };
    const next = new URL(location, target);
    return next.origin === this.#origin ? this.fetch(next) : { answer, text, url: next.href };
  }

  /** @param {string} line a Set-Cookie header */
  #keep(line) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
    if (value === '') this.#cookies.delete(`${name}@${path}`);
    else this.#cookies.set(`${name}@${path}`, { path, value });
  }

  /**
   * Sends a form of a page of the demo provider.
   *
   * @param {Page} page
   * @param {'login' | 'consent'} step
   * @param {Record<string, string>} fields
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Page>}
   */
  submit(page, step, fields, headers = { origin: this.#origin }) {
    const action = new RegExp(`action="(/interaction/[^"]+/${step})"`).exec(page.text)?.[1];
    assert.ok(action, `no form for ${step} in the page`);
    return this.fetch(action, { method: 'POST', body: new URLSearchParams(fields), headers });
  }
}

/** The other end: an application that is registered at the provider. Its methods need no `this`. */
export class Application {
  /** Every token that was given out: none may ever show up where tokens have no business. @type {Set<string>} */
  seen = new Set();
  #of;
  #basic;

  /** @param {{ origin: string, clientId: string, secret: string, redirectUri: string }} of */
  constructor(of) {
    this.#of = of;
    this.#basic = { authorization: `Basic ${Buffer.from(`${of.clientId}:${of.secret}`).toString('base64')}` };
  }

  /** @param {Record<string, string>} more `scope`, and any other parameter of the request */
  authorization(more) {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: this.#of.clientId,
      response_type: 'code',
      redirect_uri: this.#of.redirectUri,
      state: 'st4te',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    return { verifier, url: `/auth?${query}` };
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} fields
   * @param {Record<string, string>} [headers] the client's own credentials unless given
   * @returns {Promise<Answer>}
   */
  post = async (path, fields, headers = this.#basic) => {
    const body = new URLSearchParams(fields);
    const answer = await this.#send(path, { method: 'POST', body, headers });
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      if (answer.body?.[name]) this.seen.add(answer.body[name]);
    }
    return answer;
  };

  /** @param {string} path @param {Record<string, string>} [headers] @returns {Promise<Answer>} */
  get = (path, headers = {}) => this.#send(path, { headers });

  /** @param {string} path @param {RequestInit} init @returns {Promise<Answer>} */
  async #send(path, init) {
    const answer = await fetch(this.#of.origin + path, init);
    const body = await answer.json().catch(() => null);
    return { status: answer.status, body, headers: answer.headers };
  }

  /** @param {string} token @returns {Promise<boolean>} what introspection says */
  active = async (token) => (await this.post('/token/introspection', { token })).body.active;

  /** @param {string} token */
  refresh = (token) => this.post('/token', { grant_type: 'refresh_token', refresh_token: token });

  /** @param {string | null} code @param {string} verifier */
  exchange = (code, verifier) =>
    this.post('/token', {
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: this.#of.redirectUri,
      code_verifier: verifier,
    });

  /**
   * The whole way: sign in, allow, exchange the code.
   *
   * @param {string} login
   * @param {{ scope: string, browser?: Browser }} options
   * @returns {Promise<any>} the token response
   */
  connect = async (login, { scope, browser = new Browser(this.#of.origin) }) => {
    const { verifier, url } = this.authorization({ scope });
    let page = await browser.fetch(url);
    if (page.text.includes('name="login"')) page = await browser.submit(page, 'login', { login });
    const end = new URL((await browser.submit(page, 'consent', { decision: 'allow' })).url);
    assert.equal(end.origin + end.pathname, this.#of.redirectUri);
    const { status, body } = await this.exchange(end.searchParams.get('code'), verifier);
    assert.equal(status, 200);
    return body;
  };
}
