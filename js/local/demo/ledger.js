/** @typedef {import('oidc-provider').Context} Context */
/** @typedef {import('oidc-provider').Middleware} Middleware */
/** @typedef {ReturnType<typeof emptyRow>} Row */

/** More accounts than this share one row, so that made-up login names cannot fill the memory. */
const MAX_ACCOUNTS = 1000;
const OTHERS = '(others)';

/** Requests of a kind are all counted, whatever the answer was; `refused` says how many got a 4xx or 5xx. */
const emptyRow = () => ({
  token: { authorization_code: 0, refresh_token: 0, other: 0 },
  revocation: 0,
  introspection: 0,
  userinfo: 0,
  api: 0,
  refused: { token: 0, revocation: 0, introspection: 0, userinfo: 0, api: 0 },
});

/** @param {Row} row @returns {object} the row with the two sums that readers ask for most */
const withSums = (row) => ({
  token_requests: row.token.authorization_code + row.token.refresh_token + row.token.other,
  refresh: row.token.refresh_token,
  ...row,
});

/** @param {Context} ctx @returns {keyof Row['refused'] | null} what kind of request this was */
function kindOf(ctx) {
  if (/^\/(api|gmail|key)\//.test(ctx.path)) return 'api';
  const route = ctx.oidc?.route;
  if (route === 'token' || route === 'revocation' || route === 'introspection' || route === 'userinfo') return route;
  return null;
}

/** @param {Context} ctx @returns {string | undefined} the subject that the request was about, where one is known */
function subjectIn(ctx) {
  const { Account, AccessToken, RefreshToken, AuthorizationCode } = ctx.oidc?.entities ?? {};
  return (Account ?? AccessToken ?? RefreshToken ?? AuthorizationCode)?.accountId;
}

/**
 * Counts what the provider saw since it started, in total and per account. It holds counts and login names, never a
 * token: everybody on this machine may read it.
 */
export class Ledger {
  #since = new Date().toISOString();
  #total = emptyRow();
  /** @type {Map<string, Row>} */
  #accounts = new Map();
  #loginOf;

  /** @param {(subject: string) => string | null} loginOf */
  constructor(loginOf) {
    this.#loginOf = loginOf;
  }

  /** @type {Middleware} */
  count = async (ctx, next) => {
    let status = 500;
    try {
      await next();
      status = ctx.status;
    } finally {
      // In `finally`, and before the answer leaves: whoever has seen an answer finds it counted.
      this.#note(ctx, status);
    }
  };

  /** @param {Context} ctx @param {number} status */
  #note(ctx, status) {
    const kind = kindOf(ctx);
    // Browsers ask with OPTIONS first; that is no use of the interface.
    if (kind === null || ctx.method === 'OPTIONS') return;
    const subject = subjectIn(ctx);
    const account = ctx.state.account ?? (subject && this.#loginOf(subject));
    const rows = account ? [this.#total, this.#row(account)] : [this.#total];
    for (const row of rows) {
      if (kind === 'token') row.token[grantType(ctx)] += 1;
      else row[kind] += 1;
      if (status >= 400) row.refused[kind] += 1;
    }
  }

  /** @param {string} account @returns {Row} */
  #row(account) {
    const key = this.#accounts.has(account) || this.#accounts.size < MAX_ACCOUNTS ? account : OTHERS;
    const row = this.#accounts.get(key) ?? emptyRow();
    this.#accounts.set(key, row);
    return row;
  }

  /** @returns {{ since: string, total: any, accounts: Record<string, any> }} a copy */
  read() {
    const accounts = [...this.#accounts].map(([name, row]) => [name, structuredClone(withSums(row))]);
    return {
      since: this.#since,
      total: structuredClone(withSums(this.#total)),
      accounts: Object.fromEntries(accounts),
    };
  }
}

/** @param {Context} ctx @returns {keyof Row['token']} */
function grantType(ctx) {
  const type = ctx.oidc?.params?.grant_type;
  return type === 'authorization_code' || type === 'refresh_token' ? type : 'other';
}
