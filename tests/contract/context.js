// What the cases of the suite share: a client that notes which of its methods were called, and users of a case's own.

/**
 * @typedef {object} Assert
 * @property {(value: unknown, message?: string) => void} ok
 * @property {(actual: unknown, expected: unknown, message?: string) => void} equal
 * @property {(actual: unknown, expected: unknown, message?: string) => void} deepEqual
 */
/**
 * @typedef {object} Suite
 * @property {typeof import('../../js/index.js')} sdk  the package as it was imported
 * @property {string} baseURL
 * @property {string} apiKey  with every scope
 * @property {string} connectOrigin  where the service's own pages are
 * @property {(link: string, decision: 'allow' | 'deny') => Promise<void>} visit  a person follows a link and decides
 * @property {() => Promise<WebAssembly.Module>} wasm  what the package's `core.wasm` is in this runtime
 * @property {(value: unknown) => string} [inspect]  how `console.log` prints here, where the runtime tells
 * @property {(name: string, work: () => Promise<void>) => unknown} test
 * @property {Assert} assert
 */
/** @typedef {ReturnType<typeof contextOf>} Context */

export const TOOLKIT = 'demokey';
export const TOOL = 'DEMOKEY_GET_PROFILE';
export const VERSION = '20251111_00';

/**
 * The names of the methods below an object, as `connectedAccounts.list`.
 * @param {object} object @param {string} [path] @returns {string[]}
 */
export function methodsOf(object, path = '') {
  const own = Object.entries(object).flatMap(([name, member]) =>
    typeof member === 'object' && member ? methodsOf(member, `${path}${name}.`) : [],
  );
  const prototype = Object.getPrototypeOf(object);
  /** @type {string[]} */
  const methods = path === '' ? [] : Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return [...methods.map((name) => path + name), ...own];
}

/**
 * The same object, of which it is noted what was called.
 * @template {object} T
 * @param {T} object @param {Set<string>} called @param {string} [path]
 * @returns {T}
 */
function watched(object, called, path = '') {
  return new Proxy(object, {
    get(target, name) {
      const member = /** @type {any} */ (target)[name];
      const full = path + String(name);
      if (typeof member === 'object' && member) return watched(member, called, `${full}.`);
      if (typeof member !== 'function') return member;
      return (/** @type {any[]} */ ...args) => {
        called.add(full);
        return member.apply(target, args);
      };
    },
  });
}

/** @param {Suite} suite */
export function contextOf(suite) {
  const { sdk, baseURL, apiKey, assert } = suite;
  /** @type {Set<string>} */
  const called = new Set();
  /** @param {Partial<import('../../js/options.js').ClientOptions>} [options] */
  const open = (options) => new sdk.Devcaster({ apiKey, baseURL, dangerouslyAllowBrowser: true, ...options });
  const client = watched(open(), called);
  const { authConfigs, connectedAccounts } = client;

  /** @param {Promise<unknown>} promise @returns {Promise<any>} what it failed with */
  const failure = async (promise) => {
    const outcome = await promise.then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    assert.ok('error' in outcome, `it went well: ${JSON.stringify(outcome)}`);
    return 'error' in outcome ? outcome.error : undefined;
  };

  const newKey = () => `demo_${crypto.randomUUID()}`;
  const newUser = () => `user_${crypto.randomUUID()}`;

  /** The auth config that is there from the start. @param {string} [toolkit] */
  const configId = async (toolkit = TOOLKIT) => (await authConfigs.list({ toolkitSlug: [toolkit] })).items[0].id;

  /**
   * A user of this case alone, whose accounts are gone when the case is over.
   * @param {(user: string) => Promise<void>} work
   */
  const withNobody = async (work) => {
    const user = newUser();
    try {
      await work(user);
    } finally {
      for await (const { id } of connectedAccounts.list({ userIds: [user], limit: 1000 }))
        await connectedAccounts.delete(id);
    }
  };

  /**
   * The same with this many connected accounts.
   * @param {number} count @param {(user: string, ids: string[], config: string) => Promise<void>} work
   */
  const withUser = (count, work) =>
    withNobody(async (user) => {
      const config = await configId();
      for (let number = 0; number < count; number++) {
        const choices = { config: sdk.AuthScheme.APIKey({ api_key: newKey() }), allowMultiple: number > 0 };
        await (await connectedAccounts.initiate(user, config, choices)).waitForConnection();
      }
      const { items } = await connectedAccounts.list({ userIds: [user], orderDirection: 'asc' });
      assert.equal(items.length, count);
      const ids = items.map(({ id }) => id);
      await work(user, ids, config);
    });

  /**
   * The same with one account that a person has connected at the demo provider.
   * @param {(user: string, account: import('../../js/types.js').Account) => Promise<void>} work
   */
  const withConsent = (work) =>
    withNobody(async (user) => {
      const request = await connectedAccounts.link(user, await configId('demo'));
      await suite.visit(request.redirectUrl ?? '', 'allow');
      await work(user, await request.waitForConnection({ timeout: 20_000, interval: 50 }));
    });

  const users = { newKey, newUser, configId, withNobody, withUser, withConsent };
  return { ...suite, ...users, client, called, open, failure };
}
