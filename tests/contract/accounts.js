// Connected accounts that are a key somebody typed in: made, found, walked, changed, gone.
import { TOOL, TOOLKIT, VERSION } from './context.js';

/** @param {import('./context.js').Context} context */
export function accountCases({ sdk, client, connectOrigin, test, assert, ...context }) {
  const { AuthScheme } = sdk;
  const { connectedAccounts, tools } = client;
  const { failure, newKey, withUser } = context;

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
      assert.equal(new URL(request.redirectUrl ?? '').origin, connectOrigin);
      const begin = Date.now();
      const error = await failure(request.waitForConnection(700));
      assert.equal(error.name, 'ConnectionRequestTimeoutError');
      assert.ok(Date.now() - begin < 5000);
      assert.equal(request.status, 'INITIALIZING');
    }));

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
}
