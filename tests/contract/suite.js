// What the SDK and the service promise each other. This file runs unchanged in every runtime: it uses nothing but
// what it is handed and what browsers, workers and Node have in common. It leaves nothing behind in the project.

const TOOLKIT = 'demokey';
const TOOL = 'DEMOKEY_GET_PROFILE';
const VERSION = '20251111_00';

/**
 * @typedef {object} Assert  Node's `assert`, or this much of it
 * @property {(value: unknown, message?: string) => void} ok
 * @property {(actual: unknown, expected: unknown, message?: string) => void} equal
 * @property {(actual: unknown, expected: unknown, message?: string) => void} deepEqual
 */
/**
 * @typedef {object} Suite
 * @property {typeof import('../../js/index.js')} sdk  the package as it was imported
 * @property {string} baseURL
 * @property {string} apiKey  with every scope
 * @property {(name: string, work: () => Promise<void>) => unknown} test
 * @property {Assert} assert
 */

/** @param {Suite} suite */
export function contractSuite({ sdk, baseURL, apiKey, test, assert }) {
  const { AuthScheme, Devcaster } = sdk;
  const devcaster = new Devcaster({ apiKey, baseURL, dangerouslyAllowBrowser: true });
  const { authConfigs, connectedAccounts, project, toolkits, tools } = devcaster;

  /** @param {Promise<unknown>} promise @returns {Promise<any>} */
  const failure = async (promise) => {
    const outcome = await promise.then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    assert.ok('error' in outcome, `it went well: ${JSON.stringify(outcome)}`);
    return 'error' in outcome ? outcome.error : undefined;
  };

  const newKey = () => `demo_${crypto.randomUUID()}`;
  const configId = async () => (await authConfigs.list({ toolkitSlug: [TOOLKIT] })).items[0].id;

  /**
   * A user of this test alone, with this many connected accounts, gone when the test is over.
   * @param {number} count @param {(user: string, ids: string[], config: string) => Promise<void>} work
   */
  const withUser = async (count, work) => {
    const user = `user_${crypto.randomUUID()}`;
    const config = await configId();
    try {
      for (let number = 0; number < count; number++) {
        const choices = { config: AuthScheme.APIKey({ api_key: newKey() }), allowMultiple: number > 0 };
        await (await connectedAccounts.initiate(user, config, choices)).waitForConnection();
      }
      const { items } = await connectedAccounts.list({ userIds: [user], orderDirection: 'asc' });
      assert.equal(items.length, count);
      await work(
        user,
        items.map(({ id }) => id),
        config,
      );
    } finally {
      for await (const { id } of connectedAccounts.list({ userIds: [user], limit: 1000 }))
        await connectedAccounts.delete(id);
    }
  };

  test('toolkits and tools are listed and described', async () => {
    const slugs = [];
    for await (const { slug } of toolkits.list({ limit: 2 })) slugs.push(slug);
    assert.ok(slugs.includes('demo') && slugs.includes(TOOLKIT));
    assert.equal(new Set(slugs).size, slugs.length);
    const toolkit = await toolkits.get(TOOLKIT);
    assert.deepEqual([toolkit.slug, toolkit.authSchemes], [TOOLKIT, ['API_KEY']]);
    const { items } = await tools.list({ toolkitSlug: TOOLKIT });
    assert.deepEqual(
      items.map(({ slug }) => slug),
      [TOOL],
    );
    const tool = await tools.get(TOOL);
    assert.equal(tool.inputParameters.type, 'object');
    assert.ok(tool.availableVersions.includes(VERSION));
  });

  test('an account is made, seen masked, and found by every filter', () =>
    withUser(1, async (user, [id], config) => {
      const account = await connectedAccounts.get(id);
      assert.deepEqual([account.id, account.userId, account.status, account.isDisabled], [id, user, 'ACTIVE', false]);
      assert.deepEqual([account.toolkit.slug, account.authConfig.id], [TOOLKIT, config]);
      assert.equal(account.state?.authScheme, 'API_KEY');
      assert.equal(account.state?.val.api_key, 'demo...');
      assert.ok(Date.parse(account.createdAt) <= Date.now() + 60_000);
      const filters = [
        { statuses: /** @type {const} */ (['ACTIVE']) },
        { toolkitSlugs: [TOOLKIT] },
        { authConfigIds: [config, 'ac_unknown00000'] },
        { connectedAccountIds: [id] },
      ];
      for (const filter of filters) {
        const { items } = await connectedAccounts.list({ userIds: [user], .../** @type {any} */ (filter) });
        assert.deepEqual(
          items.map((found) => found.id),
          [id],
          JSON.stringify(filter),
        );
        assert.equal(items[0].state?.val.api_key, 'demo...');
      }
      const others = [{ statuses: ['EXPIRED'] }, { toolkitSlugs: ['demo'] }, { authConfigIds: ['ac_unknown00000'] }];
      for (const filter of others) {
        const { items, nextCursor } = await connectedAccounts.list({ userIds: [user], .../** @type {any} */ (filter) });
        assert.deepEqual([items.length, nextCursor], [0, null], JSON.stringify(filter));
      }
    }));

  test('a list is walked without losing or repeating an account', () =>
    withUser(5, async (user, ids) => {
      for (const limit of [1, 2, 5]) {
        for (const orderDirection of /** @type {const} */ (['asc', 'desc'])) {
          const seen = [];
          for await (const { id } of connectedAccounts.list({ userIds: [user], limit, orderDirection })) seen.push(id);
          assert.deepEqual([...seen].sort(), [...ids].sort());
          if (limit === 2) assert.deepEqual(seen, orderDirection === 'asc' ? ids : [...ids].reverse());
        }
      }
      const page = await connectedAccounts.list({ userIds: [user], limit: 2 });
      assert.deepEqual([page.items.length, page.currentPage, page.totalPages, page.totalItems], [2, 1, 3, 5]);
      const error = await failure(connectedAccounts.list({ userIds: ['somebody'], cursor: page.nextCursor ?? '' }));
      assert.equal(error.name, 'BadRequestError');
    }));

  test('a second account needs to be allowed', () =>
    withUser(1, async (user, [id], config) => {
      const error = await failure(connectedAccounts.initiate(user, config));
      assert.deepEqual(
        [error.name, error.code, error.errors],
        ['MultipleConnectedAccountsError', 'TS-SDK::MULTIPLE_CONNECTED_ACCOUNTS', [id]],
      );
    }));

  test('a disabled account executes nothing until it is enabled', () =>
    withUser(1, async (_user, [id]) => {
      const execution = { connectedAccountId: id, version: VERSION, arguments: {} };
      const { successful, error, logId } = await tools.execute(TOOL, execution);
      assert.deepEqual([successful, error], [true, null]);
      assert.equal(typeof logId, 'string');
      assert.deepEqual(await connectedAccounts.disable(id), { success: true });
      const { status, isDisabled } = await connectedAccounts.get(id);
      assert.deepEqual([status, isDisabled], ['INACTIVE', true]);
      assert.equal((await failure(tools.execute(TOOL, execution))).status, 422);
      assert.equal((await failure(connectedAccounts.waitForConnection(id))).name, 'ConnectionRequestFailedError');
      assert.deepEqual(await connectedAccounts.enable(id), { success: true });
      assert.equal((await tools.execute(TOOL, execution)).successful, true);
    }));

  test('several accounts and none named is refused with the candidates', () =>
    withUser(2, async (user, ids) => {
      const error = await failure(tools.execute(TOOL, { userId: user, version: VERSION, arguments: {} }));
      assert.equal(error.status, 400);
      assert.ok(
        ids.every((id) => error.errors.some((/** @type {string} */ line) => line.includes(id))),
        String(error.errors),
      );
    }));

  test('an alias is set and cleared, new credentials are taken', () =>
    withUser(1, async (_user, [id]) => {
      await connectedAccounts.update(id, { alias: 'Wörk 😀' });
      assert.equal((await connectedAccounts.get(id)).alias, 'Wörk 😀');
      await connectedAccounts.update(id, { alias: '' });
      assert.equal((await connectedAccounts.get(id)).alias, null);
      await connectedAccounts.update(id, { config: AuthScheme.APIKey({ api_key: newKey() }) });
      const masked = connectedAccounts.update(id, { config: AuthScheme.APIKey({ api_key: 'demo...' }) });
      assert.equal((await failure(masked)).name, 'BadRequestError');
    }));

  test('what cannot be refreshed says what to do instead', () =>
    withUser(1, async (_user, [id]) => {
      const error = await failure(connectedAccounts.refresh(id));
      assert.deepEqual([error.name, error.status], ['BadRequestError', 400]);
      assert.ok(error.suggestedFix.includes('PATCH'), error.suggestedFix);
    }));

  test('a link leads to the connect page and waits no longer than asked', () =>
    withUser(0, async (user, _ids, config) => {
      const request = await connectedAccounts.link(user, config, { callbackUrl: 'https://app.example/done?x=1' });
      assert.equal(new URL(request.redirectUrl ?? '').origin, new URL(baseURL).origin);
      const begin = Date.now();
      const error = await failure(request.waitForConnection(700));
      assert.equal(error.name, 'ConnectionRequestTimeoutError');
      assert.ok(Date.now() - begin < 1200);
      assert.equal(request.status, 'INITIALIZING');
    }));

  test('the project configuration is read, and changed only where it is told to', async () => {
    const before = await project.config.get();
    assert.equal(before.maskSecretKeysInConnectedAccount, true);
    assert.deepEqual(await project.config.update({}), before);
  });

  test('a deleted account is gone', () =>
    withUser(1, async (user, [id]) => {
      assert.equal((await connectedAccounts.delete(id)).success, true);
      for (const name of /** @type {const} */ (['get', 'delete', 'enable'])) {
        const error = await failure(connectedAccounts[name](id));
        assert.deepEqual([error.name, error.status], ['NotFoundError', 404]);
        assert.ok(error.requestId);
      }
      assert.equal((await failure(connectedAccounts.waitForConnection(id))).name, 'ConnectedAccountNotFoundError');
      const execution = { connectedAccountId: id, userId: user, version: VERSION, arguments: {} };
      assert.equal((await failure(tools.execute(TOOL, execution))).status, 404);
    }));

  test('what does not exist is not found, each by its own error', async () => {
    const unknown = {
      ConnectedAccount_ResourceNotFound: () => connectedAccounts.get('ca_unknown000000'),
      AuthConfig_NotFound: () => authConfigs.get('ac_unknown000000'),
      Toolkit_NotFound: () => toolkits.get('unknown'),
      Tool_ToolNotFound: () => tools.get('UNKNOWN_TOOL'),
    };
    for (const [slug, call] of Object.entries(unknown)) {
      const error = await failure(call());
      assert.deepEqual([error.name, error.slug], ['NotFoundError', slug]);
    }
  });

  test('a wrong key is refused and not repeated in full', async () => {
    const wrong = `ak_${'wrong'.repeat(8)}`;
    const stranger = new Devcaster({ apiKey: wrong, baseURL, dangerouslyAllowBrowser: true });
    const error = await failure(stranger.connectedAccounts.list());
    assert.deepEqual([error.name, error.status], ['AuthenticationError', 401]);
    assert.ok(!`${error.message}${JSON.stringify(error)}`.includes(wrong.slice(0, 9)));
  });

  test('masking works without a service', async () => {
    assert.equal(await sdk.mask('{"api_key":"sk-live-123"}'), '{"api_key":"sk-l..."}');
  });
}
