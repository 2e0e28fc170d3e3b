// Every error of the SDK. Which class an answer of the service becomes, and its code, is the core's decision;
// the classes here give those names something to be caught by.

/**
 * What the core says about an answer that is no success, or about arguments that were not sent.
 *
 * @typedef {object} ErrorModel
 * @property {string} name
 * @property {ErrorCode} code
 * @property {string} message
 * @property {number} [status]
 * @property {number} [serviceCode]
 * @property {string} [slug]
 * @property {string | null} [requestId]
 * @property {string | null} [suggestedFix]
 * @property {string[]} [errors]
 * @property {boolean} [retryable]
 * @property {number} [retryAfterMs]
 */

/**
 * @typedef {object} ErrorDetails
 * @property {ErrorCode} [code]
 * @property {number} [status]
 * @property {string} [slug]
 * @property {string | null} [requestId]
 * @property {string | null} [suggestedFix]
 * @property {string[]} [errors]
 * @property {unknown} [cause]
 */

// The codes of errors that are made here, without an answer or out of a good one. Those of answers and of
// arguments that were not sent come from the core, which knows the same names.
const codes = /** @type {const} */ ({
  DevcasterError: 'TS-SDK::UNEXPECTED_ANSWER',
  BadRequestError: 'TS-SDK::BAD_REQUEST',
  AuthenticationError: 'TS-SDK::AUTHENTICATION_ERROR',
  PermissionDeniedError: 'TS-SDK::PERMISSION_DENIED',
  NotFoundError: 'TS-SDK::NOT_FOUND',
  ConnectedAccountNotFoundError: 'TS-SDK::CONNECTED_ACCOUNT_NOT_FOUND',
  ConflictError: 'TS-SDK::CONFLICT',
  UnprocessableEntityError: 'TS-SDK::UNPROCESSABLE_ENTITY',
  RateLimitError: 'TS-SDK::RATE_LIMIT',
  InternalServerError: 'TS-SDK::INTERNAL_SERVER_ERROR',
  ConnectionError: 'TS-SDK::CONNECTION_ERROR',
  TimeoutError: 'TS-SDK::TIMEOUT',
  ValidationError: 'TS-SDK::VALIDATION_ERROR',
  MultipleConnectedAccountsError: 'TS-SDK::MULTIPLE_CONNECTED_ACCOUNTS',
  ToolVersionRequiredError: 'TS-SDK::TOOL_VERSION_REQUIRED',
  ToolExecutionError: 'TS-SDK::TOOL_EXECUTION_ERROR',
  ConnectionRequestFailedError: 'TS-SDK::CONNECTION_REQUEST_FAILED',
  ConnectionRequestTimeoutError: 'TS-SDK::CONNECTION_REQUEST_TIMEOUT',
  WebhookVerificationError: 'TS-SDK::WEBHOOK_SIGNATURE_MISMATCH',
});

/**
 * Every `code`: one for each class, and for a webhook one for each thing that can be wrong with it.
 *
 * @typedef {(typeof codes)[keyof typeof codes] | 'TS-SDK::WEBHOOK_HEADER_MISSING' | 'TS-SDK::WEBHOOK_TIMESTAMP_OUT_OF_RANGE'
 *   | 'TS-SDK::WEBHOOK_PAYLOAD_INVALID'} ErrorCode
 */

/**
 * The base of all errors that the SDK throws by itself. It never holds a key, a token or a credential.
 *
 * @example
 * try {
 *   await devcaster.connectedAccounts.get('ca_unknown000000');
 * } catch (error) {
 *   if (error instanceof DevcasterError) console.error(error.code, error.suggestedFix, error.requestId);
 * }
 */
export class DevcasterError extends Error {
  /** @param {string} message @param {ErrorDetails} [details] @param {keyof typeof codes} [name] */
  constructor(message, details = {}, name = 'DevcasterError') {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    // Not an own property: it would stand in every printed error a second time.
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true });
    /** Stable, of the form `TS-SDK::...`. @type {ErrorCode} */
    this.code = details.code ?? codes[name];
    /** The HTTP status, where there was an answer. @type {number | undefined} */
    this.status = details.status;
    /** The service's own name of the error. @type {string | undefined} */
    this.slug = details.slug;
    /** Tell it to whoever runs the service. @type {string | undefined} */
    this.requestId = details.requestId ?? undefined;
    /** What to do about it. @type {string | undefined} */
    this.suggestedFix = details.suggestedFix ?? undefined;
    /** Each fault by itself, such as one line for each faulty field. @type {string[] | undefined} */
    this.errors = details.errors;
    for (const key of /** @type {const} */ (['status', 'slug', 'requestId', 'suggestedFix', 'errors'])) {
      if (this[key] === undefined) delete this[key];
    }
  }

  /** What is safe to log. */
  toJSON() {
    return { ...this, name: this.name, message: this.message };
  }
}

/** The service refused what was sent (400); `errors` names each fault. */
export class BadRequestError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'BadRequestError');
  }
}

/** Missing, unknown or doubled credentials (401). */
export class AuthenticationError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'AuthenticationError');
  }
}

/** The credentials may not do this (403). */
export class PermissionDeniedError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'PermissionDeniedError');
  }
}

/** What the call names is not there (404). */
export class NotFoundError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] @param {keyof typeof codes} [name] */
  constructor(message, details, name = 'NotFoundError') {
    super(message, details, name);
  }
}

/** The account that was to be waited for does not exist, or not any more. */
export class ConnectedAccountNotFoundError extends NotFoundError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'ConnectedAccountNotFoundError');
  }
}

/** The state of the thing does not allow this (409). */
export class ConflictError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'ConflictError');
  }
}

/** Understood, but not possible as it is (422). */
export class UnprocessableEntityError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'UnprocessableEntityError');
  }
}

/** Too many requests (429), after the retries. */
export class RateLimitError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'RateLimitError');
  }
}

/** The service failed (500 and more), after the retries. */
export class InternalServerError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'InternalServerError');
  }
}

/** No usable answer arrived: network, redirect, too large. `cause` says more. */
export class ConnectionError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] @param {keyof typeof codes} [name] */
  constructor(message, details, name = 'ConnectionError') {
    super(message, details, name);
  }
}

/** No answer within `timeout`. */
export class TimeoutError extends ConnectionError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'TimeoutError');
  }
}

/** Options or arguments that cannot be right; nothing was sent. */
export class ValidationError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] @param {keyof typeof codes} [name] */
  constructor(message, details, name = 'ValidationError') {
    super(message, details, name);
  }
}

/** `initiate` found an account of that user and auth config, and `allowMultiple` was not given. */
export class MultipleConnectedAccountsError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'MultipleConnectedAccountsError');
  }
}

/** `tools.execute` without a version anywhere and without `dangerouslySkipVersionCheck`. */
export class ToolVersionRequiredError extends ValidationError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'ToolVersionRequiredError');
  }
}

/** The service refused to execute the tool. */
export class ToolExecutionError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'ToolExecutionError');
  }
}

/** The connection will not come about: consent denied, link expired, account disabled. */
export class ConnectionRequestFailedError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails & { account?: { id: string, status: string, statusReason?: string | null } }} [details] */
  constructor(message, details = {}) {
    super(message, details, 'ConnectionRequestFailedError');
    // Named one by one: the account itself may hold credentials, and errors are logged.
    this.connectedAccountId = details.account?.id;
    this.accountStatus = details.account?.status;
    this.statusReason = details.account?.statusReason ?? undefined;
  }
}

/** The user did not finish within the time that was asked for. Waiting again is fine. */
export class ConnectionRequestTimeoutError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'ConnectionRequestTimeoutError');
  }
}

/** A webhook that nobody should act on: forged, changed, too old, or without its headers. `code` says which. */
export class WebhookVerificationError extends DevcasterError {
  /** @param {string} message @param {ErrorDetails} [details] */
  constructor(message, details) {
    super(message, details, 'WebhookVerificationError');
  }
}

/** @type {Record<string, new (message: string, details?: ErrorDetails) => DevcasterError>} */
const classes = {
  BadRequestError,
  AuthenticationError,
  PermissionDeniedError,
  NotFoundError,
  ConnectedAccountNotFoundError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  InternalServerError,
  ConnectionError,
  TimeoutError,
  ValidationError,
  MultipleConnectedAccountsError,
  ToolVersionRequiredError,
  ToolExecutionError,
  WebhookVerificationError,
};

/**
 * The core's error model as an error to throw.
 *
 * @param {ErrorModel} model
 * @returns {DevcasterError}
 */
export function toError(model) {
  const { name, message, code, status, slug, requestId, suggestedFix, errors } = model;
  const details = { code, status, slug, requestId, suggestedFix, errors };
  const Class = Object.hasOwn(classes, name) ? classes[name] : DevcasterError;
  // Said in the message as well: that is what gets logged.
  const said = errors?.length ? `${message} (${errors.join('; ')})` : message;
  return new Class(said, details);
}
