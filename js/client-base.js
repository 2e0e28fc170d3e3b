// What every client is: a transport that nobody else sees, and the accounts.
import { ConnectedAccounts } from './connected-accounts.js';

/** @typedef {import('./transport.js').Transport} Transport */

export class ClientBase {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
    /** @readonly */
    this.connectedAccounts = new ConnectedAccounts(transport);
  }

  /** Where the calls go. */
  get baseURL() {
    return this.#transport.baseURL;
  }

  /** What is safe to log. */
  toJSON() {
    return { baseURL: this.baseURL };
  }

  /** For `console.log` in Node, Bun and Deno. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Devcaster { baseURL: '${this.baseURL}' }`;
  }
}
