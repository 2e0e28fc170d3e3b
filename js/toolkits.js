import { ConnectionRequest } from './connection-request.js';
import { listing } from './page.js';

/** @typedef {import('./errors.js').AuthenticationError} AuthenticationError */
/** @typedef {import('./errors.js').BadRequestError} BadRequestError */
/** @typedef {import('./errors.js').NotFoundError} NotFoundError */
/** @typedef {import('./errors.js').ValidationError} ValidationError */
/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./types.js').Toolkit} Toolkit */

/** `devcaster.toolkits`: the third parties that can be connected. */
export class Toolkits {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * List what can be connected. The result is the first page; walking it goes on over all.
   *
   * @param {import('./types.js').ToolkitQuery} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<Toolkit>> & AsyncIterable<Toolkit>}
   * @throws {ValidationError} a filter that there is not; nothing was sent
   * @example
   * const { items } = await devcaster.toolkits.list({ search: 'mail' });
   */
  list(query = {}, options) {
    return listing((from) => this.#transport.call('toolkits.list', from, options), query);
  }

  /**
   * With what each way of authentication needs.
   *
   * @param {string} slug
   * @param {{ version?: string | undefined }} [choices]
   * @param {CallOptions} [options]
   * @returns {Promise<Toolkit & Record<string, any>>}
   * @throws {NotFoundError}
   * @example
   * const { authConfigDetails } = await devcaster.toolkits.get('gmail');
   */
  get(slug, choices = {}, options) {
    return this.#transport.call('toolkits.get', { ...choices, slug }, options);
  }

  /**
   * The categories that `list` can be narrowed to.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<{ items: { id: string, name: string }[] }>}
   * @throws {AuthenticationError}
   * @example
   * const { items } = await devcaster.toolkits.categories();
   */
  categories(options) {
    return this.#transport.call('toolkits.categories', {}, options);
  }

  /**
   * A link for a user to connect a toolkit, with its first enabled auth config, or a new one with the service's
   * own credentials where there is none.
   *
   * @param {string} userId
   * @param {string} toolkit  its slug
   * @param {string} [authConfigId]
   * @param {CallOptions} [options]
   * @returns {Promise<ConnectionRequest>}
   * @throws {NotFoundError} no such toolkit
   * @throws {BadRequestError} it has no auth config, and the service no credentials of its own
   * @example
   * const request = await devcaster.toolkits.authorize('user_123', 'gmail');
   * const account = await request.waitForConnection();
   */
  async authorize(userId, toolkit, authConfigId, options) {
    const config =
      authConfigId ?? (await this.#firstConfig(toolkit, options)) ?? (await this.#newConfig(toolkit, options));
    const args = { userId, authConfigId: config };
    return new ConnectionRequest(this.#transport, await this.#transport.call('connected_accounts.link', args, options));
  }

  /** @param {string} toolkit @param {CallOptions} [options] @returns {Promise<string | undefined>} */
  async #firstConfig(toolkit, options) {
    const query = { toolkitSlug: [toolkit], showDisabled: false, limit: 1 };
    const { items } = await this.#transport.call('auth_configs.list', query, options);
    return items[0]?.id;
  }

  /** @param {string} toolkit @param {CallOptions} [options] @returns {Promise<string>} */
  async #newConfig(toolkit, options) {
    const { authConfig } = await this.#transport.call('auth_configs.create', { toolkit }, options);
    return authConfig.id;
  }
}
