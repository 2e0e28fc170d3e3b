// The client without a core of its own: whoever makes it says where the module comes from (a page streams it).
// js/index.js is the same with the core built in.
import { AuthConfigs } from './auth-configs.js';
import { ConnectedAccounts } from './connected-accounts.js';
import { Project } from './project.js';
import { Toolkits } from './toolkits.js';
import { Tools } from './tools.js';
import { Transport } from './transport.js';

export { AuthScheme } from './auth-scheme.js';
export { ConnectionRequest } from './connection-request.js';
export { MaskFault } from './core/mask.js';
export * from './errors.js';
export { Page } from './page.js';

/** @typedef {import('./options.js').ClientOptions} ClientOptions */
/** @typedef {import('./options.js').CallOptions} CallOptions */

/**
 * One project, or one user of it. Clients share nothing with each other.
 *
 * @example
 * const devcaster = new Client({
 *   credentials: 'same-origin',
 *   wasm: () => WebAssembly.compileStreaming(fetch('/assets/core.wasm')),
 * });
 */
export class Client {
  #transport;

  /**
   * @param {ClientOptions} options
   * @throws {import('./errors.js').ValidationError} options that cannot be right
   */
  constructor(options) {
    this.#transport = new Transport(options);
    /** @readonly */
    this.connectedAccounts = new ConnectedAccounts(this.#transport);
    /** @readonly */
    this.authConfigs = new AuthConfigs(this.#transport);
    /** @readonly */
    this.toolkits = new Toolkits(this.#transport);
    /** @readonly */
    this.tools = new Tools(this.#transport);
    /** @readonly */
    this.project = new Project(this.#transport);
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
