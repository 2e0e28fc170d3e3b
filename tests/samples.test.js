// Every JavaScript sample of the product page, run as it stands there against a real service and a real provider.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { giveConsent, openChromium } from './support/consent.js';
import { readPage, runSample, samplesOf } from './support/samples.js';
import { call, startService } from './support/service.js';

const page = readPage();
const samples = samplesOf(page);
const userId = 'ada';

/** The one sample with these words in it. @param {string} words */
function sample(words) {
  const found = samples.filter((text) => text.includes(words));
  assert.equal(found.length, 1, `${found.length} samples with ${words}`);
  return found[0];
}

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {string} */
let configId;
/** @type {string} the account that the samples are about */
let accountId;

/**
 * @param {string} text
 * @param {string} [show]
 * @param {(line: string) => void} [onLine]
 */
function run(text, show, onLine) {
  const ids = { apiKey: service.apiKey, userId, accountId, configId };
  return runSample(text, ids, { baseURL: service.origin, show, onLine });
}

/** Run the sample of several accounts; at each redirect URL that it prints, a person connects. @param {string[]} logins */
async function runMultiple(logins) {
  const waiting = [...logins];
  /** @type {Promise<unknown>[]} */
  const visits = [];
  const result = await run(sample('allowMultiple'), undefined, (line) => {
    const link = /redirect URL: (http\S+)$/.exec(line)?.[1];
    if (link) visits.push(giveConsent(browser, link, /** @type {string} */ (waiting.shift())));
  });
  await Promise.all(visits);
  return result;
}

before(async () => {
  assert.equal(samples.length, 8);
  service = await startService();
  browser = await openChromium();
  const { body } = await call(service, 'GET', '/auth_configs?toolkit_slug=gmail');
  configId = body.items[0].id;
});
after(async () => {
  await browser?.close();
  await service?.close();
});

test('multiple accounts: both are connected, the second because it says so', async () => {
  const { code, text } = await runMultiple(['ada@home', 'ada@work']);
  assert.equal(code, 0, text);
  assert.match(text, /^First account status: ACTIVE$/m);
  assert.match(text, /^Second account status: ACTIVE$/m);
  const { body } = await call(service, 'GET', `/connected_accounts?user_ids=${userId}`);
  assert.deepEqual(
    body.items.map((/** @type {any} */ one) => one.status),
    ['ACTIVE', 'ACTIVE'],
  );
  accountId = body.items.at(-1).id;
});

test('multiple accounts: without allowMultiple a further one is refused', async () => {
  const { code, text } = await runMultiple(['ada@club']);
  assert.equal(code, 0, text);
  assert.match(text, /^Error initiating first account: /m);
  assert.match(text, /^Second account status: ACTIVE$/m);
});

test('list: all accounts of the user, and the active ones', async () => {
  await call(service, 'PATCH', `/connected_accounts/${accountId}/status`, { enabled: false });
  const { code, text, shown } = await run(sample('Filter by status'), '{ accounts, activeAccounts }');
  await call(service, 'PATCH', `/connected_accounts/${accountId}/status`, { enabled: true });
  assert.equal(code, 0, text);
  assert.equal(shown.accounts.items.length, 3);
  assert.equal(shown.activeAccounts.items.length, 2);
  assert.ok(shown.accounts.items.every((/** @type {any} */ one) => one.userId === userId));
  assert.ok(!shown.activeAccounts.items.some((/** @type {any} */ one) => one.id === accountId));
});

test('get: status and toolkit', async () => {
  const { code, text } = await run(sample("console.log('Toolkit:'"));
  assert.deepEqual([code, text], [0, 'Status: ACTIVE\nToolkit: gmail\n']);
});

test('credentials: masked by default, whole once masking is switched off as the page says', async () => {
  const credentials = () => run(sample("console.log('Credentials:'"), 'account.state');
  const masked = await credentials();
  assert.equal(masked.code, 0, masked.text);
  assert.match(masked.text, /^Auth scheme: OAUTH2$/m);
  for (const name of ['access_token', 'refresh_token']) assert.match(masked.shown.val[name], /^.{4}\.\.\.$/);

  const [, method, path] = /curl -X (\w+) https:\/\/[^/]+\/api\/v3(\S+) /.exec(page) ?? [];
  const [, body] = /-d '(\{.*\})'/.exec(page) ?? [];
  const answer = await call(service, method, path, JSON.parse(body));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.mask_secret_keys_in_connected_account, false);
  const plain = await credentials();
  await call(service, method, path, { mask_secret_keys_in_connected_account: true });
  for (const name of ['access_token', 'refresh_token']) {
    const [whole, start] = [plain.shown.val[name], masked.shown.val[name].slice(0, 4)];
    assert.ok(whole.startsWith(start) && whole.length > 20 && !whole.endsWith('...'), name);
  }
});

test('refresh: the working token is exchanged at once, no consent is needed, waiting ends at once', async () => {
  const { code, text } = await run(sample('Failed to refresh tokens'));
  assert.deepEqual([code, text], [0, 'Redirect URL: null\n']);
  const { body } = await call(service, 'GET', `/connected_accounts/${accountId}`);
  assert.equal(body.status, 'ACTIVE');
  assert.notEqual(body.last_refreshed_at, null);
});

test('execute: the tool runs with the named account', async () => {
  const { code, text, shown } = await run(sample('GMAIL_GET_PROFILE'), 'result');
  assert.equal(code, 0, text);
  assert.equal(shown.successful, true, JSON.stringify(shown));
  assert.match(shown.data.emailAddress, /^ada/);
});

test('disable and enable: both succeed, and an INACTIVE account cannot execute', async () => {
  const { code, text } = await run(sample('Disable an account'));
  assert.deepEqual([code, text], [0, 'Account disabled status: true\nAccount enabled status: true\n']);
  const { body } = await call(service, 'GET', `/connected_accounts/${accountId}`);
  assert.equal(body.status, 'ACTIVE');

  await call(service, 'PATCH', `/connected_accounts/${accountId}/status`, { enabled: false });
  const ledger = async () => (await fetch(`${service.demoOrigin}/ledger`)).json();
  const { total } = await ledger();
  const refused = await run(sample('GMAIL_GET_PROFILE'));
  assert.notEqual(refused.code, 0);
  assert.doesNotMatch(refused.text, /Tool executed/);
  assert.equal((await ledger()).total.api, total.api);
  await call(service, 'PATCH', `/connected_accounts/${accountId}/status`, { enabled: true });
});

test('delete: the account is gone for good', async () => {
  const { code, text } = await run(sample('Account deleted successfully'));
  assert.deepEqual([code, text], [0, 'Account deleted successfully\n']);
  assert.equal((await call(service, 'GET', `/connected_accounts/${accountId}`)).status, 404);
  const again = await run(sample("console.log('Toolkit:'"));
  assert.notEqual(again.code, 0);
  assert.doesNotMatch(again.text, /Status:/);
});
