/**
 * How many requests a minute: of an API key, of a user token, and of an address for whoever shows neither. The arithmetic
 * is the core's; the counts are in the memory of this isolate, so that they cost next to nothing, and another isolate has
 * counts of its own.
 */

/** @typedef {import('../core/core.js').Core} Core */
/** @typedef {import('./directory.js').Caller} Caller */
/** @typedef {'keys' | 'tokens' | 'addresses'} Kind */
/** @typedef {Partial<Record<Kind, number>>} Rates requests a minute; 0: no limit */

/**
 * @typedef {object} Counted
 * @property {boolean} ok
 * @property {Record<string, string>} headers the contract's
 */

/** So many are told apart in a minute; further ones share one count, so that nobody's count is given up for theirs. */
const MOST = 20_000;
const OTHERS = '';
const LEFT = 'x-ratelimit-remaining';
const KINDS = /** @type {const} */ (['keys', 'tokens', 'addresses']);
const LONGEST = 64; // characters of an address that are looked at

/** Limits that cannot be read: nothing is served with them. */
export class LimitsError extends TypeError {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'LimitsError';
  }
}

/** @param {unknown} value @returns {value is number} */
const isRate = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000_000;

/**
 * @param {string | undefined} text the setting: `keys=60000,tokens=600,addresses=300`, what is not named stays as it is
 * @returns {Rates}
 * @throws {LimitsError}
 */
export const readRates = (text) => {
  const pairs = (text ?? '').split(',').filter((part) => part.trim() !== '');
  return checkRates(
    Object.fromEntries(
      pairs.map((pair) => {
        const [, name, number] = /^\s*(\w+)\s*=\s*(\d{1,10})\s*$/.exec(pair) ?? [];
        return [name, Number(number)];
      }),
    ),
  );
};

/**
 * @param {Rates} rates
 * @param {readonly Kind[]} [kinds] that there can be
 * @returns {Rates}
 * @throws {LimitsError}
 */
export const checkRates = (rates, kinds = KINDS) => {
  const known = Object.entries(rates).every(([name, rate]) => kinds.some((kind) => kind === name) && isRate(rate));
  if (!known) throw new LimitsError(`limits are ${kinds.join(', ')}, each a whole number of requests a minute`);
  return rates;
};

/** One kind's counts: of this minute of the clock, and of the one before. */
class Counts {
  #minute = -1;
  /** @type {Map<string, number>} */ #now = new Map();
  /** @type {Map<string, number>} */ #before = new Map();

  /** @param {Core} core @param {number} limit @param {number} window milliseconds */
  constructor(core, limit, window) {
    this.core = core;
    this.limit = limit;
    this.window = window;
    this.texts = { limit: String(limit), window: String(window / 1000) };
  }

  /** @param {number} minute */
  #turn(minute) {
    this.#before = minute === this.#minute + 1 ? this.#now : new Map();
    this.#now = new Map();
    this.#minute = minute;
  }

  /** What the core decides by. @param {string} id @param {number} at */
  #state(id, at) {
    const minute = Math.floor(at / this.window);
    if (minute !== this.#minute) this.#turn(minute);
    const own = this.#now.has(id) || this.#now.size < MOST ? id : OTHERS;
    const count = this.#now.get(own) ?? 0;
    const before = this.#before.get(own) ?? 0;
    const into = at - minute * this.window;
    const limit = own === OTHERS ? Math.max(this.limit, MOST) : this.limit;
    const left = this.core.lend(({ dc_limit }) => dc_limit(limit, before, count, into) >>> 0);
    return { own, count, before, into, limit, left };
  }

  /** Is one request more left? @param {string} id @param {number} at */
  has(id, at) {
    return this.#state(id, at).left > 0;
  }

  /** One request more. @param {string} id @param {number} at @returns {Counted} */
  take(id, at) {
    const { own, count, before, into, limit, left } = this.#state(id, at);
    if (left > 0) {
      this.#now.set(own, count + 1);
      return { ok: true, headers: this.#headers(left - 1) };
    }
    const wait = this.core.lend(({ dc_limit_wait }) => dc_limit_wait(limit, before, count, into) >>> 0);
    return { ok: false, headers: { ...this.#headers(0), 'retry-after': String(wait) } };
  }

  /** @param {number} left @returns {Record<string, string>} */
  #headers(left) {
    const { limit, window } = this.texts;
    return { 'x-ratelimit': limit, [LEFT]: String(left), 'x-ratelimit-window-size': window };
  }
}

/** An IPv6 customer has 64 bits of addresses: they count as one. @param {string} address */
const networkOf = (address) => {
  const given = address.trim().slice(0, LONGEST).toLowerCase();
  // Some proxies write the port as well: with it, every connection would be somebody else.
  const text = /^\[([^\]]*)\](?::\d+)?$/.exec(given)?.[1] ?? given.replace(/^([^:]*\.[^:]*):\d+$/, '$1');
  const colons = text.split(':').length - 1;
  if (colons < 2) return text;
  if (text.includes('.')) return text.slice(text.lastIndexOf(':') + 1); // an IPv4 address in IPv6
  const [head, tail] = text.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail ? tail.split(':') : [];
  while (tail !== undefined && groups.length + rest.length < 8) groups.push('0');
  return [...groups, ...rest].slice(0, 4).join(':');
};

/**
 * Where a request comes from. Anybody can write a header: the platform's own is believed where the platform runs this
 * (it says so by `cf`), another one only where the settings name it, because a proxy in front overwrites it.
 * @param {Request} request
 * @param {string | null} header
 * @returns {string | null} null: nobody knows
 */
export const addressOf = (request, header) => {
  const platform = /** @type {{ cf?: unknown }} */ (request).cf !== undefined;
  const given = header !== null ? request.headers.get(header) : platform && request.headers.get('cf-connecting-ip');
  // Of several, the last is what the nearest proxy has seen itself.
  return given ? networkOf(given.slice(given.lastIndexOf(',') + 1)) : null;
};

/**
 * Where the API behind a gateway has a limit as well, the one that is nearer is told.
 * @param {Counted | null} counted
 * @param {Record<string, string>} [theirs]
 * @returns {Record<string, string>}
 */
export const nearer = (counted, theirs = {}) => {
  if (!counted) return theirs;
  const { headers } = counted;
  const closer = Number(theirs[LEFT] ?? Number.POSITIVE_INFINITY) < Number(headers[LEFT]);
  return closer ? { ...headers, ...theirs } : { ...theirs, ...headers };
};

/** Which limit is whose. A gateway's `host` has no name to be counted by. @type {Record<string, Kind | null>} */
const KIND_OF = { key: 'keys', session: 'keys', token: 'tokens', user: 'tokens', host: null, public: 'addresses' };

export class Limits {
  /** @type {Map<Kind, Counts>} */ #counts;
  #header;

  /**
   * @param {Core} core
   * @param {Rates} rates
   * @param {string | null} header that tells the address, where it is not the platform's
   * @throws {LimitsError}
   */
  constructor(core, rates, header) {
    if (header !== null && !/^[\w-]+$/.test(header)) throw new LimitsError('the name of the address header is none');
    const { window, ...defaults } = /** @type {any} */ (core.catalog).rates;
    const wanted = /** @type {Required<Rates>} */ ({ ...defaults, ...rates });
    const limited = KINDS.filter((kind) => wanted[kind] > 0);
    this.#counts = new Map(limited.map((kind) => [kind, new Counts(core, wanted[kind], window)]));
    this.#header = header;
  }

  /**
   * Has its address nothing left, for whoever shows no good credential? Nothing is counted by that.
   * @param {Request} request
   * @returns {boolean}
   */
  isOver(request) {
    const counts = this.#counts.get('addresses');
    const who = counts ? addressOf(request, this.#header) : null;
    return who !== null && counts?.has(who, Date.now()) === false;
  }

  /**
   * One request more of this caller.
   * @param {Caller} caller
   * @param {Request} request
   * @returns {Counted | null} null: no limit applies
   */
  take({ kind, id }, request) {
    const limit = Object.hasOwn(KIND_OF, kind) ? KIND_OF[kind] : 'addresses';
    const counts = limit && this.#counts.get(limit);
    if (!counts) return null;
    const who = limit === 'addresses' ? addressOf(request, this.#header) : (id ?? kind);
    return who === null ? null : counts.take(who, Date.now());
  }
}
