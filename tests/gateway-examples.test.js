// The examples with a gateway, from the packed tarball, in front of a real service that shows its secrets to whoever has its
// key: a Worker in the real workerd, a Hono application, and a plain server of Node's.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from './support/build.js';
import { startHono, startNode, startWorker } from './support/example-apps.js';
import { managesOwn, openAccounts } from './support/example-checks.js';
import { raw } from './support/gateway.js';
import { installPacked } from './support/packed.js';

/** @type {Awaited<ReturnType<typeof installPacked>>} */
let packed;
/** @type {Awaited<ReturnType<typeof openAccounts>>} */
let accounts;

before(async () => {
  [accounts, packed] = await Promise.all([openAccounts(), installPacked()]);
});
after(async () => {
  await accounts?.service.close();
  packed?.remove();
});

test('a Worker: the signed-in user manages the own accounts, by session and by user token', async (t) => {
  const app = await startWorker(packed, accounts.service);
  t.after(app.stop);
  await managesOwn(accounts, app);
  const over = await app.signIn('ada', Date.now() - 1);
  const longer = over.replace(/\.(\d+)\./, (_, until) => `.${Number(until) + 60_000}.`);
  for (const cookie of [over, longer, (await app.signIn('ada')).replace('ada', 'eve')]) {
    const { status } = await fetch(`${app.origin}/api/v3/connected_accounts`, { headers: { cookie } });
    assert.equal(status, 401, cookie);
  }

  // The same by a token that the backend makes with the package.
  const edge = pathToFileURL(join(packed.home, 'js/edge/index.js')).href;
  const { createUserToken } = await import(edge);
  const { token } = await createUserToken(app.tokenSecret, { userId: 'ada' });
  const list = (/** @type {string} */ query) =>
    fetch(`${app.origin}/api/v3/connected_accounts${query}`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = await (await list('')).json();
  assert.deepEqual(
    items.map((/** @type {any} */ item) => item.id),
    [accounts.ids.ada],
  );
  assert.equal((await list('?user_ids=eve')).status, 403);
});

test("a Hono application: the gateway under a path, beside the application's own routes", async (t) => {
  const app = await startHono(packed, accounts.service);
  t.after(app.stop);
  await managesOwn(accounts, app);
  const me = async (/** @type {string} */ cookie) => (await fetch(`${app.origin}/me`, { headers: { cookie } })).json();
  assert.deepEqual(await me(await app.signIn('ada')), { userId: 'ada' });
  assert.equal(await me('session=ada.forged'), null);
  const outside = await fetch(`${app.origin}/api/v3/connected_accounts`, {
    headers: { cookie: await app.signIn('ada') },
  });
  assert.equal(outside.status, 404);

  // Its types are checked here, beside Hono's, and not with the repository's own.
  const words = '--noEmit --allowJs --checkJs --strict --skipLibCheck --target es2023 --module nodenext --types node';
  const { status, stdout } = spawnSync(
    join(root, 'node_modules/.bin/tsc'),
    [...words.split(' '), '--typeRoots', join(root, 'node_modules/@types'), 'app.js'],
    { cwd: join(packed.folder, 'hono'), encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});

test("a plain server of Node's, whose origin is not what a request says of it", async (t) => {
  const app = await startNode(packed, accounts.service);
  t.after(app.stop);
  await managesOwn(accounts, app);
  const cookie = await app.signIn('ada');
  const ask = async (/** @type {string} */ target, /** @type {string} */ host) => {
    const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, `Cookie: ${cookie}`, `Origin: http://${host}`];
    const { text } = await raw(app.origin, [...lines, 'Connection: close', '', ''].join('\r\n'));
    return /^HTTP\/1.1 (\d+)/.exec(text)?.[1];
  };
  const path = '/api/v3/connected_accounts';
  assert.equal(await ask(path, app.origin.slice('http://'.length)), '200');
  for (const target of [path, `//evil.example${path}`, `http://evil.example${path}`])
    assert.equal(await ask(target, 'evil.example'), '403', target);
});
