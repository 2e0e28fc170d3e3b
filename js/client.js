// The client without a core of its own: whoever makes it says where the module comes from (a page streams it).
// js/index.js is the same with the core built in.
import { AuthConfigs } from './auth-configs.js';
import { ClientBase } from './client-base.js';
import { Project } from './project.js';
import { Toolkits } from './toolkits.js';
import { Tools } from './tools.js';
import { Transport } from './transport.js';
import { UserTokens } from './user-tokens.js';

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
export class Client extends ClientBase {
  /**
   * @param {ClientOptions} options
   * @throws {import('./errors.js').ValidationError} options that cannot be right
   */
  constructor(options) {
    const transport = new Transport(options);
    super(transport);
    /** @readonly */
    this.authConfigs = new AuthConfigs(transport);
    /** @readonly */
    this.toolkits = new Toolkits(transport);
    /** @readonly */
    this.tools = new Tools(transport);
    /** @readonly */
    this.project = new Project(transport);
    /** @readonly */
    this.userTokens = new UserTokens(transport);
  }
}
