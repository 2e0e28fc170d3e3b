/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./options.js').CallOptions} CallOptions */

/**
 * @typedef {object} UserTokenRequest
 * @property {string} userId  whose accounts
 * @property {number} [expiresIn]  seconds, up to 1800; default 900
 * @property {string[]} [operations]  names such as `connected_accounts.list`; default: what a page needs to manage accounts
 * @property {string[]} [toolkits]  slugs; default: all
 * @property {string[]} [origins]  of the pages that may use it, such as `https://app.example`, where links may lead back
 *   to; default: those of the project
 * @property {(string | { slug: string, count?: number } | { methods: string[], count?: number })[]} [tools]  what may be
 *   executed, and how often: slugs of tools, or methods of requests of the page's own; default: nothing
 */

/** @typedef {{ token: string, expiresAt: string, userId: string }} UserToken */

/** `devcaster.userTokens`: short tokens by which a browser speaks for one user. For backends: it takes an API key. */
export class UserTokens {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * A token for the browser of one user. Hand it to that user alone; it ends by itself.
   *
   * @param {UserTokenRequest} request
   * @param {CallOptions} [options]
   * @returns {Promise<UserToken>}
   * @throws {import('./errors.js').BadRequestError} an operation, a toolkit or an origin that cannot be granted
   * @example
   * const { token } = await devcaster.userTokens.create({ userId: 'user-123', origins: ['https://app.example'] });
   */
  create(request, options) {
    return this.#transport.call('user_tokens.create', request, options);
  }

  /**
   * End every token that the user has now.
   *
   * @param {string} userId
   * @param {CallOptions} [options]
   * @returns {Promise<{ success: boolean }>}
   * @throws {import('./errors.js').PermissionDeniedError} the key may not write
   * @example
   * await devcaster.userTokens.revoke('user-123');
   */
  revoke(userId, options) {
    return this.#transport.call('user_tokens.revoke', { userId }, options);
  }
}
