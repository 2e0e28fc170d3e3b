// What holds for every call of the SDK alike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, json, listOf, stage } from './support/plays.js';

/** @typedef {import('../js/index.js').Devcaster} Devcaster */

test('every list is walked over all of its pages', async () => {
  /** @type {[string, (client: Devcaster) => AsyncIterable<any>][]} */
  const lists = [
    ['connected_accounts', ({ connectedAccounts }) => connectedAccounts.list({ limit: 1 })],
    ['connected_accounts/ca_1/activity', ({ connectedAccounts }) => connectedAccounts.activity('ca_1', { limit: 1 })],
    ['auth_configs', ({ authConfigs }) => authConfigs.list({ limit: 1 })],
    ['toolkits', ({ toolkits }) => toolkits.list({ limit: 1 })],
    ['tools', ({ tools }) => tools.list({ limit: 1 })],
  ];
  for (const [path, list] of lists) {
    const { devcaster, heard } = await stage((response, _heard, number) =>
      json(response, 200, listOf([account({ id: `x_${number}` })], number < 3 ? `c${number}` : null, number)),
    );
    const ids = [];
    for await (const { id } of list(devcaster)) ids.push(id);
    assert.deepEqual(ids, ['x_1', 'x_2', 'x_3'], path);
    const sent = heard.map(({ url }) => new URL(url, 'http://host'));
    assert.ok(sent.every(({ pathname }) => pathname === `/api/v3/${path}`));
    const query = sent.map(({ searchParams }) => [searchParams.get('limit'), searchParams.get('cursor')]);
    assert.deepEqual(query, [
      ['1', null],
      ['1', 'c1'],
      ['1', 'c2'],
    ]);
  }
});

test('every call takes options of its own', async () => {
  const { devcaster, heard } = await stage(() => {});
  const { authConfigs, connectedAccounts, project, toolkits, tools, userTokens } = devcaster;
  const reason = new Error('enough');
  const options = { signal: AbortSignal.abort(reason) };
  const version = 'v';
  /** @type {(() => PromiseLike<any>)[]} */
  const calls = [
    () => connectedAccounts.list({}, options),
    () => connectedAccounts.get('ca_1', options),
    () => connectedAccounts.initiate('u', 'ac_1', {}, options),
    () => connectedAccounts.link('u', 'ac_1', {}, options),
    () => connectedAccounts.completeAuth('ca_1', 'verifier', options),
    () => connectedAccounts.refresh('ca_1', {}, options),
    () => connectedAccounts.enable('ca_1', options),
    () => connectedAccounts.disable('ca_1', options),
    () => connectedAccounts.updateStatus('ca_1', { enabled: true }, options),
    () => connectedAccounts.update('ca_1', { alias: 'a' }, options),
    () => connectedAccounts.revoke('ca_1', options),
    () => connectedAccounts.delete('ca_1', options),
    () => connectedAccounts.activity('ca_1', {}, options),
    () => connectedAccounts.waitForConnection('ca_1', options),
    () => authConfigs.list({}, options),
    () => authConfigs.get('ac_1', options),
    () => authConfigs.create('demo', {}, options),
    () => authConfigs.update('ac_1', { type: 'default' }, options),
    () => authConfigs.enable('ac_1', options),
    () => authConfigs.disable('ac_1', options),
    () => authConfigs.updateStatus('ac_1', { enabled: true }, options),
    () => authConfigs.delete('ac_1', {}, options),
    () => toolkits.list({}, options),
    () => toolkits.get('demo', {}, options),
    () => toolkits.categories(options),
    () => toolkits.authorize('u', 'demo', undefined, options),
    () => tools.list({}, options),
    () => tools.get('X_Y', {}, options),
    () => tools.execute('X_Y', { version }, options),
    () => tools.proxyExecute({ connectedAccountId: 'ca_1', endpoint: '/', method: 'GET' }, options),
    () => project.config.get(options),
    () => project.config.update({}, options),
    () => userTokens.create({ userId: 'u' }, options),
    () => userTokens.revoke('u', options),
  ];
  for (const call of calls) await assert.rejects(Promise.resolve(call()), reason, String(call));
  assert.equal(heard.length, 0);
  /** Nothing of the surface is missing above. @type {[string, object][]} */
  const parts = Object.entries({
    connectedAccounts,
    authConfigs,
    toolkits,
    tools,
    userTokens,
    'project.config': project.config,
  });
  const said = calls.join('\n');
  for (const [part, object] of parts) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(object))) {
      if (name !== 'constructor') assert.ok(said.includes(`${part}.${name}(`), `${part}.${name}`);
    }
  }
});
