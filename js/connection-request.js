// A connection that has begun: where to send the user, and waiting until it is there.
import {
  ConnectedAccountNotFoundError,
  ConnectionError,
  ConnectionRequestFailedError,
  ConnectionRequestTimeoutError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from './errors.js';
import { readNumber } from './options.js';
import { sleep, within } from './wait.js';

/** @typedef {import('./transport.js').Transport} Transport */
/** @typedef {import('./types.js').Account} Account */
/** @typedef {import('./types.js').WaitOptions} WaitOptions */

const TIMEOUT = 60_000;
const INTERVAL = 1000;

/** What `initiate` and `link` answer. */
export class ConnectionRequest {
  #transport;

  /**
   * @param {Transport} transport
   * @param {{ id: string, status: import('./types.js').AccountStatus, redirectUrl: string | null }} model
   */
  constructor(transport, { id, status, redirectUrl }) {
    this.#transport = transport;
    /** The account's id. @type {string} */
    this.id = id;
    /** Follows the account while it is waited for. @type {import('./types.js').AccountStatus} */
    this.status = status;
    /** Where the user goes to consent; null: nothing has to be done. @type {string | null} */
    this.redirectUrl = redirectUrl ?? null;
  }

  /**
   * Wait until the user has connected the account.
   *
   * @param {number | WaitOptions} [timeout]  milliseconds, default 60 s; or options
   * @returns {Promise<Account>} ACTIVE
   * @throws {ConnectionRequestFailedError | ConnectionRequestTimeoutError | ConnectedAccountNotFoundError}
   * @example
   * const request = await devcaster.connectedAccounts.link('user_123', 'ac_123456789012');
   * console.log('Open', request.redirectUrl);
   * const account = await request.waitForConnection(120_000);
   */
  waitForConnection(timeout) {
    return waitForConnection(this.#transport, this.id, timeout, (account) => {
      this.status = account.status;
    });
  }

  /** What is safe to log. */
  toJSON() {
    return { id: this.id, status: this.status, redirectUrl: this.redirectUrl };
  }
}

/**
 * Look at an account now and then once a second until its connection is made or will not be.
 *
 * @param {Transport} transport
 * @param {string} id
 * @param {number | WaitOptions} [limits]
 * @param {(account: Account) => void} [seen]
 * @returns {Promise<Account>}
 */
export async function waitForConnection(transport, id, limits = TIMEOUT, seen = () => {}) {
  const { signal, headers, ...times } = typeof limits === 'number' ? { timeout: limits } : (limits ?? {});
  const timeout = readNumber('timeout', times.timeout, TIMEOUT);
  const interval = readNumber('interval', times.interval, INTERVAL);
  const { statuses } = (await transport.core()).catalog;
  /** @type {unknown} */
  let trouble;
  const late = () =>
    new ConnectionRequestTimeoutError(`The connection of ${id} was not made within ${timeout} ms`, {
      suggestedFix: 'Send the user to the redirect URL again, or wait longer.',
      ...(trouble === undefined ? {} : { cause: trouble }),
    });

  return within({ timeout, signal, late }, async (ending) => {
    for (;;) {
      const account = await look(transport, id, { signal: ending, headers }).catch((error) => {
        // What passes by itself does not end the wait, only its time does.
        if (ending.aborted || !passes(error)) throw error;
        trouble = error;
        return undefined;
      });
      if (account) {
        trouble = undefined;
        seen(account);
        const end = statuses[account.status];
        if (end === 'done' && !account.reconnect?.pending) return account;
        if (end === 'failed') throw refused(account);
      }
      await sleep(interval, ending);
    }
  });
}

/** @param {unknown} error */
const passes = (error) =>
  error instanceof ConnectionError || error instanceof RateLimitError || error instanceof InternalServerError;

/**
 * @param {Transport} transport @param {string} id @param {import('./options.js').CallOptions} options
 * @returns {Promise<Account>}
 */
async function look(transport, id, options) {
  try {
    return await transport.call('connected_accounts.get', { id }, options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const { requestId, status, slug } = error;
    const suggestedFix = 'List the accounts for their ids; this one may have been deleted.';
    throw new ConnectedAccountNotFoundError(`There is no connected account ${id}`, {
      status,
      slug,
      requestId,
      suggestedFix,
      cause: error,
    });
  }
}

/** @param {Account} account */
function refused(account) {
  const reason = account.statusReason ? `: ${account.statusReason}` : '';
  return new ConnectionRequestFailedError(`The connection of ${account.id} is ${account.status}${reason}`, {
    suggestedFix: 'Start the connection anew with link or refresh.',
    account,
  });
}
