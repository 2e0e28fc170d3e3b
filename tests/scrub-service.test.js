// The echo scrub where it counts: a provider that shows its caller's request headers, called with an account's token.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, startService } from './support/service.js';
import { Visitor } from './support/visitor.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
/** @type {string} */
let account;
/** @type {string} */
let token;

before(async () => {
  service = await startService();
  const { body: configs } = await call(service, 'GET', '/auth_configs?toolkit_slug=demo');
  const { body: link } = await call(service, 'POST', '/connected_accounts/link', {
    auth_config_id: configs.items[0].id,
    user_id: 'ada',
  });
  await new Visitor(service).connect(link.redirect_url, 'ada');
  account = link.connected_account_id;
  // Plain for a moment, so that the test knows what must not come back.
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: false });
  token = (await call(service, 'GET', `/connected_accounts/${account}`)).body.state.val.access_token;
  await call(service, 'PATCH', '/org/project/config', { mask_secret_keys_in_connected_account: true });
});
after(() => service?.close());

/** @param {string} endpoint @param {object[]} [parameters] */
const proxy = (endpoint, parameters = []) =>
  call(service, 'POST', '/tools/execute/proxy', { connected_account_id: account, endpoint, method: 'GET', parameters });

test('a token that the provider echoes does not come back, and the rest does', async () => {
  assert.ok(token.length >= 8 && !token.includes('...'));
  const { status, body } = await proxy('/api/echo?a=1', [{ name: 'x-own', value: 'kept', type: 'header' }]);
  assert.equal(status, 200, JSON.stringify(body));
  const { data } = body;
  assert.equal(data.headers.authorization, 'Bearer REDACTED');
  assert.equal(data.headers['x-own'], 'kept');
  assert.equal(data.path, '/api/echo');
  assert.ok(!JSON.stringify(body).includes(token));
});

test('nor does it in another form', async () => {
  const forms = [`x:${token}`, `xy:${token}`, `xyz:${token}`].map((text) => Buffer.from(text).toString('base64'));
  forms.push(Buffer.from(token).toString('hex'), encodeURIComponent(token), token);
  const parameters = forms.map((value, i) => ({ name: `x-form-${i}`, value, type: 'header' }));
  const { body } = await proxy(`/api/echo?q=${encodeURIComponent(forms[0])}`, parameters);
  const text = JSON.stringify(body);
  for (const [i, form] of forms.entries()) {
    assert.match(body.data.headers[`x-form-${i}`], /REDACTED/);
    assert.ok(!text.includes(form.slice(6, -4)), `form ${i}`);
  }
});

test('an answer without the token stays as it is', async () => {
  const { body } = await call(service, 'POST', '/tools/execute/DEMO_GET_PROFILE', {
    connected_account_id: account,
    user_id: 'ada',
    arguments: {},
  });
  assert.equal(body.successful, true, JSON.stringify(body));
  assert.ok(!JSON.stringify(body).includes('REDACTED'));
});
