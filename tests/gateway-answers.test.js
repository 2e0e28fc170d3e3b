// What an API answers that puts secrets where they do not belong, or shows what was not asked for: nothing of it gets through.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { KEY, startGateway } from './support/gateway.js';
import { account, HostileUpstream, says } from './support/hostile-upstream.js';

const upstream = await new HostileUpstream().open();
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
const ID = 'ca_000000000001';
const operations = [
  'connected_accounts.list',
  'connected_accounts.get',
  'connected_accounts.create',
  'connected_accounts.link',
  'auth_configs.get',
  'auth_configs.list',
  'tools.execute',
  'toolkits.get',
];
const user = (userId = 'ada', more = {}) => ({ session: { userId, operations, ...more } });
const post = (/** @type {object} */ body) => ({ method: 'POST', body: JSON.stringify(body) });
const ada = (more = {}) => ({ ...account(ID, 'ada', new Set()), ...more });

before(async () => {
  gateway = await startGateway(upstream.origin, { operations, audit: false });
});
after(async () => {
  await gateway?.close();
  await upstream.close();
});

test('a secret is masked wherever it stands in an account or an auth config', async () => {
  const places = {
    access_token: 'TOPSECRET-1',
    client_secret: 'TOPSECRET-2',
    connection_params: { password: 'TOPSECRET-3' },
    connectionParams: { api_key: 'TOPSECRET-4' },
    state: { authScheme: 'OAUTH2', access_token: 'TOPSECRET-5', odd: ['TOPSECRET-6'] },
    connectionData: { odd: 'TOPSECRET-7' },
    state_val: { token: 'TOPSECRET-8' },
    auth_config: { id: 'ac_1', client_secret: 'TOPSECRET-9', is_disabled: false },
    previous: { val: { access_token: 'TOPSECRET-10' } },
  };
  upstream.behave(says(ada(places)));
  const one = await gateway.ask(`/connected_accounts/${ID}`, user());
  assert.equal(one.status, 200);
  assert.doesNotMatch(one.text, /TOPSECRET/);
  assert.deepEqual([one.body.id, one.body.user_id, one.body.auth_config.id], [ID, 'ada', 'ac_1']);
  assert.equal(one.body.state.authScheme, 'OAUTH2');
  upstream.behave(says({ items: [ada(places)] }));
  const list = await gateway.ask('/connected_accounts', user());
  assert.equal(list.status, 200);
  assert.doesNotMatch(list.text, /TOPSECRET/);
  upstream.behave(
    says({
      id: 'ac_1',
      toolkit: { slug: 'gmail' },
      proxy_config: { proxy_url: 'http://u:TOPSECRET-1@proxy', proxy_auth_key: 'TOPSECRET-2' },
      proxyConfig: { proxyUrl: 'http://u:TOPSECRET-3@proxy' },
      webhook_secret: 'TOPSECRET-4',
      auth_config: { credentials: { odd: 'TOPSECRET-5' } },
    }),
  );
  const config = await gateway.ask('/auth_configs/ac_1', user());
  assert.deepEqual([config.status, config.body.id], [200, 'ac_1']);
  assert.doesNotMatch(config.text, /TOPSECRET/);
  upstream.behave(says({ link_token: 'lk_0123456789', redirect_url: 'https://a.example/link/lk_0123456789' }));
  const link = await gateway.ask('/connected_accounts/link', {
    ...user(),
    ...post({ auth_config_id: 'ac_1', user_id: 'ada' }),
  });
  assert.equal(link.status, 200, link.text);
  assert.equal(link.body.link_token, 'lk_0123456789', 'made for the browser');
});

test("the gateway's key comes back in no answer, in errors not even a part of it", async () => {
  const odd = { debug: { headers: { 'x-api-key': KEY }, again: btoa(KEY) } };
  for (const [path, body, who] of /** @type {const} */ ([
    [`/connected_accounts/${ID}`, ada(odd), user()],
    ['/connected_accounts', { items: [], ...odd }, user()],
    ['/toolkits/gmail', { slug: 'gmail', ...odd }, user()],
    ['/connected_accounts', { items: [ada({ alias: 'x'.repeat(2 << 20), ...odd })] }, { session: { allUsers: true } }],
  ])) {
    upstream.behave(says(body));
    const { status, text } = await gateway.ask(path, who);
    assert.equal(status, 200, path);
    assert.ok(text.includes('REDACTED') && !text.includes(KEY) && !text.includes(btoa(KEY).slice(0, 12)), path);
  }
  for (const part of [KEY, KEY.slice(0, 30), KEY.slice(0, 9), KEY.slice(5), `${KEY.slice(0, 12)}...`]) {
    upstream.behave((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `bad ${part}`, code: 10400, errors: [`key ${part}`] } }));
    });
    const { status, text } = await gateway.ask('/connected_accounts', user());
    assert.equal(status, 400);
    assert.ok(text.includes('bad REDACTED') && !text.includes(part.slice(0, 8)), text);
  }
});

test('a list with an item of somebody else is of no use, and nothing asks for one', async () => {
  for (const [items, status] of /** @type {const} */ ([
    [[ada()], 200],
    [[ada(), account('ca_000000000002', 'eve', new Set())], 502],
  ])) {
    upstream.behave(says({ items }));
    assert.equal((await gateway.ask('/connected_accounts', user())).status, status);
  }
  upstream.behave(says({ items: [] }));
  assert.equal((await gateway.ask('/connected_accounts?account_type=SHARED', user())).status, 403);
  assert.equal((await gateway.ask('/connected_accounts', user('ada,eve'))).status, 403);
  assert.deepEqual(upstream.seen, []);
});

test('a credential of the caller names no address to return to and no user', async () => {
  upstream.behave(says({ id: ID }));
  const val = { callback_url: 'https://evil.example/', user_id: 'eve' };
  for (const name of Object.keys(val)) {
    const state = { authScheme: 'OAUTH2', val: { status: 'INITIATED', [name]: 'x' } };
    const body = { auth_config: { id: 'ac_1' }, connection: { state } };
    assert.equal((await gateway.ask('/connected_accounts', { ...user(), ...post(body) })).status, 403, name);
  }
  assert.deepEqual(upstream.seen, []);
});

test('the toolkit of a tool is what the API says it is', async () => {
  for (const [toolkit, status] of /** @type {const} */ ([
    ['zoho_mail', 403],
    ['zoho', 200],
  ])) {
    const tool = { slug: 'ZOHO_MAIL_SEND', toolkit: { slug: toolkit } };
    upstream.behave((seen, response) => says(seen.method === 'GET' ? tool : { data: {} })(seen, response));
    const { session } = user('ada', { toolkits: ['zoho'] });
    const answer = await gateway.ask('/tools/execute/ZOHO_MAIL_SEND', { session, ...post({ arguments: {} }) });
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(
      upstream.seen.map(({ method }) => method),
      status === 200 ? ['GET', 'POST'] : ['GET'],
    );
  }
});
