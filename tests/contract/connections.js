// Connections that a person makes: at the connect page and the provider, both real.

/** @param {import('./context.js').Context} context */
export function connectionCases({ client, failure, configId, visit, withConsent, withNobody, test, assert }) {
  const { connectedAccounts, toolkits } = client;

  test('a wait ends with the account when the person has consented', () =>
    withNobody(async (user) => {
      const config = await configId('demo');
      const request = await connectedAccounts.initiate(user, config, { callbackUrl: 'https://app.example/done' });
      assert.deepEqual(request.toJSON(), {
        id: request.id,
        status: request.status,
        redirectUrl: request.redirectUrl,
      });
      const waiting = request.waitForConnection({ timeout: 20_000, interval: 50 });
      await visit(request.redirectUrl ?? '', 'allow');
      const account = await waiting;
      assert.deepEqual([account.id, account.status, request.status], [request.id, 'ACTIVE', 'ACTIVE']);
      assert.deepEqual([account.userId, account.authConfig.id, account.toolkit.slug], [user, config, 'demo']);
      assert.equal(account.state?.authScheme, 'OAUTH2');
      assert.ok(/^.{4}[.]{3}$/.test(account.state?.val.access_token), account.state?.val.access_token);
      assert.ok(account.identity?.id);
    }));

  test('a wait ends at once with the reason when the person refuses', () =>
    withNobody(async (user) => {
      const request = await connectedAccounts.link(user, await configId('demo'));
      const waiting = failure(request.waitForConnection({ timeout: 20_000, interval: 50 }));
      await visit(request.redirectUrl ?? '', 'deny');
      const error = await waiting;
      assert.deepEqual(
        [error.name, error.code, error.connectedAccountId, error.accountStatus],
        ['ConnectionRequestFailedError', 'TS-SDK::CONNECTION_REQUEST_FAILED', request.id, 'FAILED'],
      );
      assert.ok(error.statusReason && error.message.includes(error.statusReason), error.message);
    }));

  test('a working account is refreshed at once', () =>
    withConsent(async (_user, { id, updatedAt }) => {
      assert.deepEqual(await connectedAccounts.refresh(id), {
        id,
        status: 'ACTIVE',
        redirect_url: null,
        redirectUrl: null,
      });
      assert.ok((await connectedAccounts.get(id)).updatedAt > updatedAt);
      assert.equal((await connectedAccounts.waitForConnection(id, 5000)).id, id);
    }));

  test('a revoked account has lost its credentials at the provider and is no longer active', () =>
    withConsent(async (_user, { id }) => {
      const { revokedTokens, connectedAccount } = await connectedAccounts.revoke(id);
      assert.ok(revokedTokens.length > 0);
      const { status, statusReason } = await connectedAccounts.get(id);
      assert.deepEqual([connectedAccount.id, connectedAccount.status], [id, status]);
      assert.ok(['REVOKED', 'EXPIRED'].includes(status), status);
      assert.ok(statusReason);
    }));

  test('what happened to an account is told, newest first', () =>
    withConsent(async (_user, { id }) => {
      await connectedAccounts.updateStatus(id, { enabled: false });
      const events = [];
      for await (const { event, at } of connectedAccounts.activity(id, { limit: 2 })) {
        assert.ok(Date.parse(at) > 0);
        events.push(event);
      }
      assert.equal(events[0], 'disabled');
      assert.ok(events.indexOf('connected') < events.indexOf('created'), String(events));
    }));

  test('a toolkit is authorized with its first auth config', () =>
    withNobody(async (user) => {
      const request = await toolkits.authorize(user, 'demo');
      const account = await connectedAccounts.get(request.id);
      assert.deepEqual([account.userId, account.toolkit.slug], [user, 'demo']);
      assert.ok(request.redirectUrl);
    }));
}
