// Tools: which account executes, which version, and what is refused before anything leaves.
import { TOOL, VERSION } from './context.js';

/** @param {import('./context.js').Context} context */
export function executionCases({ client, open, failure, withUser, withConsent, test, assert }) {
  const { connectedAccounts, tools } = client;

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

  test('the version is that of the call, of the client, or of the service where that is wished', () =>
    withUser(1, async (_user, [id]) => {
      const execution = { connectedAccountId: id, arguments: {} };
      const error = await failure(tools.execute(TOOL, execution));
      assert.deepEqual([error.name, error.code], ['ToolVersionRequiredError', 'TS-SDK::TOOL_VERSION_REQUIRED']);
      const chosen = open({ toolkitVersions: { demokey: VERSION } }).tools;
      assert.equal((await chosen.execute(TOOL, execution)).successful, true);
      assert.equal((await tools.execute(TOOL, { ...execution, dangerouslySkipVersionCheck: true })).successful, true);
      assert.equal((await failure(tools.execute(TOOL, { ...execution, version: '19990101_00' }))).status, 404);
    }));

  test('an account executes for its own user alone', () =>
    withUser(1, async (user, [id]) => {
      const execution = { connectedAccountId: id, version: VERSION, arguments: {} };
      assert.equal((await tools.execute(TOOL, { ...execution, userId: user })).successful, true);
      const error = await failure(tools.execute(TOOL, { ...execution, userId: 'somebody_else' }));
      assert.deepEqual([error.status, error.slug], [400, 'ActionExecute_ConnectedAccountEntityIdMismatch']);
    }));

  test('a request of your own goes to hosts of the toolkit, and nowhere else', () =>
    withConsent(async (_user, { id }) => {
      const call = /** @type {const} */ ({ connectedAccountId: id, endpoint: '/me', method: 'GET' });
      const { data, status } = await tools.proxyExecute(call);
      assert.equal(status, 200);
      assert.ok(data.sub, JSON.stringify(data));
      const stray = await failure(tools.proxyExecute({ ...call, endpoint: 'https://example.com/steal' }));
      assert.deepEqual([stray.name, stray.status], ['BadRequestError', 400]);
    }));
}
