import { ConnectionRequest, waitForConnection } from './connection-request.js';
import { MultipleConnectedAccountsError } from './errors.js';
import { listing } from './page.js';

/** @typedef {import('./errors.js').BadRequestError} BadRequestError */
/** @typedef {import('./errors.js').ConflictError} ConflictError */
/** @typedef {import('./errors.js').InternalServerError} InternalServerError */
/** @typedef {import('./errors.js').NotFoundError} NotFoundError */
/** @typedef {import('./errors.js').ValidationError} ValidationError */
/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./options.js').CallOptions} CallOptions */
/** @typedef {import('./types.js').Account} Account */
/** @typedef {import('./types.js').AccountState} AccountState */
/** @typedef {import('./types.js').Success} Success */

/** `devcaster.connectedAccounts`: your users' authenticated connections to toolkits. */
export class ConnectedAccounts {
  #transport;

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /**
   * List accounts. The result is the first page; walking it goes on over all of them.
   *
   * @param {import('./types.js').AccountQuery} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<Account>> & AsyncIterable<Account>}
   * @throws {ValidationError} a filter that there is not, or a value that it cannot have; nothing was sent
   * @throws {BadRequestError} a cursor of another list
   * @example
   * const { items } = await devcaster.connectedAccounts.list({ userIds: ['user_123'], statuses: ['ACTIVE'] });
   * for await (const account of devcaster.connectedAccounts.list({ toolkitSlugs: ['gmail'] })) {
   *   console.log(account.id, account.status);
   * }
   */
  list(query = {}, options) {
    return listing((from) => this.#transport.call('connected_accounts.list', from, options), query);
  }

  /**
   * One account, with its credentials: masked, unless the project and the key say otherwise.
   *
   * @param {string} id
   * @param {CallOptions & { minValid?: number | undefined }} [options]  `minValid`: seconds that the access token must still live, 1 to
   *   3600; otherwise it is renewed first
   * @returns {Promise<Account>}
   * @throws {NotFoundError}
   * @example
   * const account = await devcaster.connectedAccounts.get('ca_123456789012');
   * console.log(account.toolkit.slug, account.state?.authScheme);
   */
  get(id, { minValid, ...options } = {}) {
    return this.#transport.call('connected_accounts.get', { id, minValid }, options);
  }

  /**
   * Begin a connection for a user. Refused when the user has an ACTIVE account of this auth config, unless
   * `allowMultiple` says that another one is meant.
   *
   * @param {string} userId
   * @param {string} authConfigId
   * @param {{ allowMultiple?: boolean | undefined, callbackUrl?: string | undefined, config?: AccountState | undefined, alias?: string | undefined,
   *   validateCredentials?: boolean | undefined }} [wishes]  `config`: made with `AuthScheme`, where the user types nothing in
   * @param {CallOptions} [options]
   * @returns {Promise<ConnectionRequest>}
   * @throws {MultipleConnectedAccountsError} nothing was made; `errors` names the account that is there
   * @throws {NotFoundError} no such auth config
   * @throws {BadRequestError} it is disabled, or a credential is missing or refused: `errors` names it
   * @example
   * const request = await devcaster.connectedAccounts.initiate('user_123', 'ac_123456789012', {
   *   callbackUrl: 'https://example.com/connected',
   * });
   * console.log(request.redirectUrl);
   */
  async initiate(userId, authConfigId, wishes, options) {
    const { allowMultiple = false, ...choices } = wishes ?? {};
    if (!allowMultiple) await this.#refuseSecond(userId, authConfigId, options);
    // Sent along as well: between the look and this call another one may have connected.
    const args = { ...choices, userId, authConfigId, allowMultiple };
    return new ConnectionRequest(
      this.#transport,
      await this.#transport.call('connected_accounts.create', args, options),
    );
  }

  /** @param {string} userId @param {string} authConfigId @param {CallOptions} [options] */
  async #refuseSecond(userId, authConfigId, options) {
    const { statuses } = (await this.#transport.core()).catalog;
    const working = Object.keys(statuses).filter((status) => statuses[status] === 'done');
    const query = { userIds: [userId], authConfigIds: [authConfigId], statuses: working, limit: 10 };
    const { items } = await this.#transport.call('connected_accounts.list', query, options);
    if (items.length === 0) return;
    throw new MultipleConnectedAccountsError('This user has a connected account of this auth config already', {
      errors: items.map((/** @type {Account} */ { id, alias }) => (alias ? `${id} (${alias})` : id)),
      suggestedFix: 'Use that account, or pass allowMultiple: true for another one.',
    });
  }

  /**
   * A link to the hosted page where a user connects an account. A further account is fine. With a `verifierHash` nothing is
   * connected until you call `completeAuth` with the verifier: a link that was passed on is then of no use.
   *
   * @param {string} userId
   * @param {string} authConfigId
   * @param {{ callbackUrl?: string | undefined, alias?: string | undefined, verifierHash?: string | undefined,
   *   connectionData?: Record<string, any> | undefined }} [choices]  `verifierHash`: SHA-256 of a verifier that you keep, in
   *   base64url
   * @param {CallOptions} [options]
   * @returns {Promise<ConnectionRequest>}
   * @throws {NotFoundError} no such auth config
   * @throws {BadRequestError} it is disabled, or `callbackUrl` is none that the project allows
   * @example
   * const request = await devcaster.connectedAccounts.link('user_123', 'ac_123456789012');
   * const account = await request.waitForConnection();
   */
  async link(userId, authConfigId, choices = {}, options) {
    const args = { ...choices, userId, authConfigId };
    return new ConnectionRequest(this.#transport, await this.#transport.call('connected_accounts.link', args, options));
  }

  /**
   * Confirm a connection whose link had a `verifierHash`, on your server, once the user is back at your page.
   *
   * @param {string} id
   * @param {string} verifier  43 to 128 characters
   * @param {CallOptions} [options]
   * @returns {Promise<{ id: string, status: import('./types.js').AccountStatus, success: boolean }>}
   * @throws {import('./errors.js').DevcasterError} it is not the verifier; after five wrong ones the connection fails
   * @example
   * await devcaster.connectedAccounts.completeAuth('ca_123456789012', attempt.verifier);
   */
  completeAuth(id, verifier, options) {
    const args = { connectedAccountId: id, verifier };
    return this.#transport.call('connected_accounts.complete', args, options);
  }

  /**
   * Renew an account's credentials, at once where that is possible; otherwise with a new consent at `redirectUrl`.
   *
   * @param {string} id
   * @param {{ redirectUrl?: string | undefined, verifierHash?: string | undefined, validateCredentials?: boolean | undefined }} [choices]
   *   `redirectUrl`: where the consent ends; `verifierHash`: see `link`
   * @param {CallOptions} [options]
   * @returns {Promise<import('./types.js').Refreshed>}
   * @throws {NotFoundError}
   * @throws {BadRequestError} it has nothing to refresh with; `suggestedFix` says what to do
   * @throws {InternalServerError} the provider is down; the account stays as it is
   * @example
   * const refreshed = await devcaster.connectedAccounts.refresh('ca_123456789012');
   * if (refreshed.redirectUrl) console.log('The user has to consent again:', refreshed.redirectUrl);
   */
  refresh(id, choices = {}, options) {
    return this.#transport.call('connected_accounts.refresh', { ...choices, id }, options);
  }

  /**
   * Let a disabled account work again, with the status that it had.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {BadRequestError} its connection was never made, or is gone
   * @example
   * await devcaster.connectedAccounts.enable('ca_123456789012');
   */
  enable(id, options) {
    return this.updateStatus(id, { enabled: true }, options);
  }

  /**
   * Pause an account. Its tools do not execute until it is enabled.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {BadRequestError} its connection was never made, or is gone
   * @example
   * await devcaster.connectedAccounts.disable('ca_123456789012');
   */
  disable(id, options) {
    return this.updateStatus(id, { enabled: false }, options);
  }

  /**
   * Enable or disable, as a value says.
   *
   * @param {string} id
   * @param {{ enabled: boolean }} change
   * @param {CallOptions} [options]
   * @returns {Promise<Success>}
   * @throws {NotFoundError}
   * @throws {BadRequestError} its connection was never made, or is gone
   * @example
   * await devcaster.connectedAccounts.updateStatus('ca_123456789012', { enabled: subscription.paid });
   */
  updateStatus(id, change, options) {
    return this.#transport.call('connected_accounts.set_status', { ...change, id }, options);
  }

  /**
   * Change the alias (`''` clears it), or put new typed-in credentials in.
   *
   * @param {string} id
   * @param {{ alias?: string | undefined, config?: AccountState | undefined }} change
   * @param {CallOptions} [options]
   * @returns {Promise<{ id: string, status: import('./types.js').AccountStatus, success: boolean }>}
   * @throws {NotFoundError}
   * @throws {BadRequestError} the alias is taken, or a credential is itself masked
   * @example
   * await devcaster.connectedAccounts.update('ca_123456789012', { alias: 'work' });
   */
  update(id, change, options) {
    return this.#transport.call('connected_accounts.update', { ...change, id }, options);
  }

  /**
   * Take the account's credentials back at the provider; the account stays, REVOKED.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<{ revokedTokens: string[], connectedAccount: { id: string, status: import('./types.js').AccountStatus } }>}
   * @throws {NotFoundError}
   * @throws {ConflictError} it has no credential to revoke
   * @example
   * await devcaster.connectedAccounts.revoke('ca_123456789012');
   */
  revoke(id, options) {
    return this.#transport.call('connected_accounts.revoke', { id }, options);
  }

  /**
   * Remove the account for good and revoke its credentials where the provider can.
   *
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Success & { revocation?: 'revoked' | 'unsupported' | 'pending' | 'none' }>}
   * @throws {NotFoundError}
   * @example
   * await devcaster.connectedAccounts.delete('ca_123456789012');
   */
  delete(id, options) {
    return this.#transport.call('connected_accounts.delete', { id }, options);
  }

  /**
   * What happened to an account and who did it, newest first. The result is the first page; walking it goes on over all.
   *
   * @param {string} id
   * @param {{ limit?: number | undefined, cursor?: string | undefined }} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<import('./types.js').Activity>> & AsyncIterable<import('./types.js').Activity>}
   * @throws {NotFoundError}
   * @example
   * for await (const { at, event, actor } of devcaster.connectedAccounts.activity('ca_123456789012')) {
   *   console.log(at, event, actor.type, actor.id);
   * }
   */
  activity(id, query = {}, options) {
    return listing((from) => this.#transport.call('connected_accounts.activity', { ...from, id }, options), query);
  }

  /**
   * Wait until an account is connected, also when its consent is being renewed.
   *
   * @param {string} id
   * @param {number | import('./types.js').WaitOptions} [timeout]  milliseconds, default 60 s; or options
   * @returns {Promise<Account>} ACTIVE
   * @throws {import('./errors.js').ConnectionRequestFailedError} FAILED, EXPIRED, REVOKED or INACTIVE, at once
   * @throws {import('./errors.js').ConnectionRequestTimeoutError} no later than asked
   * @throws {import('./errors.js').ConnectedAccountNotFoundError}
   * @example
   * const account = await devcaster.connectedAccounts.waitForConnection('ca_123456789012', { timeout: 300_000 });
   */
  waitForConnection(id, timeout) {
    return waitForConnection(this.#transport, id, timeout);
  }
}
