// What a browser may do for its user, and what proves that the user came by their own link.

/** @param {Uint8Array} bytes */
const toBase64Url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** @param {import('./context.js').Context} context */
export function tokenCases({ client, open, connectOrigin, failure, test, assert, ...context }) {
  const { connectedAccounts, userTokens } = client;
  const { configId, visit, withNobody, withUser } = context;

  test('a user token sees and changes the accounts of its user alone, until it is revoked', () =>
    withUser(1, (user, [id]) =>
      withUser(1, async (other, [otherId]) => {
        const { token, userId, expiresAt } = await userTokens.create({ userId: user, origins: [connectOrigin] });
        assert.equal(userId, user);
        assert.ok(Date.parse(expiresAt) > 0);
        const { connectedAccounts: own } = open({ apiKey: undefined, userToken: token });
        const { items } = await own.list();
        assert.deepEqual(
          items.map((account) => account.id),
          [id],
        );
        assert.equal((await failure(own.list({ userIds: [other] }))).name, 'PermissionDeniedError');
        assert.equal((await failure(own.get(otherId))).name, 'NotFoundError');
        assert.deepEqual(await own.disable(id), { success: true });
        assert.deepEqual(await own.enable(id), { success: true });
        await userTokens.revoke(user);
        const error = await failure(own.list());
        assert.deepEqual([error.name, error.status], ['AuthenticationError', 401]);
        assert.ok(!JSON.stringify(error).includes(token));
      }),
    ));

  test('a link with a verifier connects nothing until the verifier is there', () =>
    withNobody(async (user) => {
      const verifier = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
      const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
      const choices = { verifierHash: toBase64Url(new Uint8Array(hash)) };
      const { id, redirectUrl } = await connectedAccounts.link(user, await configId('demo'), choices);
      await visit(redirectUrl ?? '', 'allow');
      assert.equal((await connectedAccounts.get(id)).status, 'INITIATED');
      const error = await failure(connectedAccounts.completeAuth(id, verifier.split('').reverse().join('')));
      assert.ok(error.status >= 400 && error.status < 500, String(error));
      assert.equal((await connectedAccounts.completeAuth(id, verifier)).status, 'ACTIVE');
      assert.equal((await connectedAccounts.get(id)).status, 'ACTIVE');
    }));
}
