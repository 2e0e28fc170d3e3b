import { ConnectionRequest, waitForConnection } from './connection-request.js';
import { MultipleConnectedAccountsError } from './errors.js';
import { listing } from './page.js';

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
   * @param {string} id
   * @param {CallOptions} [options]
   * @returns {Promise<Account>}
   * @throws {import('./errors.js').NotFoundError}
   * @example
   * const account = await devcaster.connectedAccounts.get('ca_123456789012');
   * console.log(account.toolkit.slug, account.state?.authScheme);
   */
  get(id, options) {
    return this.#transport.call('connected_accounts.get', { id }, options);
  }

  /**
   * Begin a connection for a user. Refused when the user has an ACTIVE account of this auth config, unless
   * `allowMultiple` says that another one is meant.
   *
   * @param {string} userId
   * @param {string} authConfigId
   * @param {{ allowMultiple?: boolean, callbackUrl?: string, config?: AccountState, alias?: string,
   *   validateCredentials?: boolean }} [wishes]  `config`: made with `AuthScheme`, where the user types nothing in
   * @param {CallOptions} [options]
   * @returns {Promise<ConnectionRequest>}
   * @throws {MultipleConnectedAccountsError}
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
   * A link to the hosted page where a user connects an account. A further account is fine.
   *
   * @param {string} userId
   * @param {string} authConfigId
   * @param {{ callbackUrl?: string, alias?: string, connectionData?: Record<string, any> }} [choices]
   * @param {CallOptions} [options]
   * @returns {Promise<ConnectionRequest>}
   * @example
   * const request = await devcaster.connectedAccounts.link('user_123', 'ac_123456789012');
   * const account = await request.waitForConnection();
   */
  async link(userId, authConfigId, choices = {}, options) {
    const args = { ...choices, userId, authConfigId };
    return new ConnectionRequest(this.#transport, await this.#transport.call('connected_accounts.link', args, options));
  }

  /**
   * Renew an account's credentials, at once where that is possible; otherwise with a new consent at `redirectUrl`.
   *
   * @param {string} id
   * @param {{ redirectUrl?: string, validateCredentials?: boolean }} [choices]  `redirectUrl`: where the consent ends
   * @param {CallOptions} [options]
   * @returns {Promise<import('./types.js').Refreshed>}
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
   * @param {{ alias?: string, config?: AccountState }} change
   * @param {CallOptions} [options]
   * @returns {Promise<{ id: string, status: import('./types.js').AccountStatus, success: boolean }>}
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
   * @param {{ limit?: number, cursor?: string }} [query]
   * @param {CallOptions} [options]
   * @returns {Promise<import('./page.js').Page<import('./types.js').Activity>> & AsyncIterable<import('./types.js').Activity>}
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
