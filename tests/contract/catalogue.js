// Toolkits, tools, auth configs and the project.
import { TOOL, TOOLKIT, VERSION } from './context.js';

/** @param {import('./context.js').Context} context */
export function catalogueCases({ client, failure, test, assert }) {
  const { authConfigs, connectedAccounts, project, toolkits, tools } = client;

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

  test('the project configuration is read, and changed only where it is told to', async () => {
    const before = await project.config.get();
    assert.equal(before.maskSecretKeysInConnectedAccount, true);
    assert.deepEqual(await project.config.update({}), before);
  });

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

  test('toolkits are found by their categories and by words', async () => {
    const { items } = await toolkits.categories();
    assert.ok(items.some(({ id }) => id === 'email'));
    const found = await toolkits.list({ category: 'email' });
    assert.deepEqual(
      found.items.map(({ slug }) => slug),
      ['gmail'],
    );
    assert.equal((await toolkits.list({ search: 'nothing is called so' })).items.length, 0);
  });

  test('an auth config is made, found, changed, switched off and on, and deleted', async () => {
    const secret = `secret_${crypto.randomUUID()}`;
    const credentials = { client_id: 'contract', client_secret: secret };
    const wish = /** @type {const} */ ({ type: 'use_custom_auth', authScheme: 'OAUTH2', name: 'contract' });
    const { id, authScheme, isDevcasterManaged } = await authConfigs.create('demo', { ...wish, credentials });
    try {
      assert.deepEqual([authScheme, isDevcasterManaged], ['OAUTH2', false]);
      const made = await authConfigs.get(id);
      assert.deepEqual([made.id, made.name, made.status, made.toolkit.slug], [id, 'contract', 'ENABLED', 'demo']);
      assert.deepEqual([made.credentials.client_id, made.credentials.client_secret], ['contract', 'secr...']);
      const ids = [];
      for await (const one of authConfigs.list({ toolkitSlug: ['demo'], limit: 1 })) ids.push(one.id);
      assert.ok(ids.includes(id));
      assert.equal((await authConfigs.update(id, { type: 'custom', name: 'renamed' })).success, true);
      assert.equal((await authConfigs.get(id)).name, 'renamed');
      assert.equal((await authConfigs.disable(id)).success, true);
      assert.equal((await authConfigs.get(id)).status, 'DISABLED');
      assert.equal((await failure(connectedAccounts.link('somebody', id))).status, 400);
      assert.equal((await authConfigs.enable(id)).success, true);
      assert.equal((await authConfigs.updateStatus(id, { enabled: true })).success, true);
      assert.equal((await authConfigs.get(id)).status, 'ENABLED');
    } finally {
      assert.equal((await authConfigs.delete(id)).success, true);
    }
    const error = await failure(authConfigs.get(id));
    assert.deepEqual([error.name, error.slug], ['NotFoundError', 'AuthConfig_NotFound']);
  });
}
