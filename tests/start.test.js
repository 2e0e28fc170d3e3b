// `npm start`: what it promises to a person on the first day and on every later one.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keyFileOf } from '../js/local/folder.js';
import { newApiKey } from '../js/local/keys.js';
import { freePort } from '../js/local/ports.js';
import { killPrograms, processesOf, program } from './support/program.js';
import { call } from './support/service.js';

const base = mkdtempSync(join(tmpdir(), 'devcaster-start-'));
after(() => {
  killPrograms();
  rmSync(base, { recursive: true, force: true });
});
let count = 0;

/** A port and a data folder that nobody has used. */
async function place() {
  const port = await freePort();
  count += 1;
  const dataDir = join(base, `data${count}`);
  return { dataDir, port, env: { PORT: String(port), DEVCASTER_DATA_DIR: dataDir } };
}

/** @param {string} text */
const keyIn = (text) => /shown only now: (ak_[\w-]{43})$/m.exec(text)?.[1] ?? '';

/** Every file below a folder. @param {string} folder */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** @param {{ origin: string, apiKey: string }} service */
async function createAccount(service) {
  const configs = await call(service, 'GET', '/auth_configs?toolkit_slug=demokey');
  const { status, body } = await call(service, 'POST', '/connected_accounts', {
    auth_config: { id: configs.body.items[0].id },
    connection: { user_id: 'ada', state: { authScheme: 'API_KEY', val: { api_key: 'demo_0123456789' } } },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

test('the first start shows the address, a sign-in link and the key; the next ones keep the data and the secret', async () => {
  const { env, dataDir, port } = await place();
  const first = program(env, { command: ['npm', 'start'] });
  const origin = await first.ready;
  assert.equal(origin, `http://localhost:${port}`);
  const apiKey = keyIn(first.text());
  assert.notEqual(apiKey, '');
  const token = /#sign_in=([\w-]{43})$/m.exec(first.text())?.[1] ?? '';
  assert.notEqual(token, '');
  for (const host of ['127.0.0.1', '[::1]']) assert.equal((await fetch(`http://${host}:${port}/health`)).status, 200);
  const page = await fetch(origin);
  assert.equal(page.headers.get('content-type')?.split(';')[0], 'text/html');
  assert.equal((await fetch(`${origin}/assets/sdk/wasm/core.wasm`)).headers.get('content-type'), 'application/wasm');
  const id = await createAccount({ origin, apiKey });
  assert.deepEqual(new Set((await first.stop()).text.match(/ak_[\w-]{20,}/g)), new Set([apiKey]));
  assert.deepEqual(processesOf(dataDir), []);

  const keyFile = keyFileOf(dataDir);
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  const key = readFileSync(keyFile, 'utf8').trim().split(':')[1];
  for (const file of filesIn(dataDir)) {
    const bytes = readFileSync(file);
    for (const secret of [apiKey, token, key, 'demo_0123456789']) {
      assert.ok(!bytes.includes(secret), `${file} holds a secret`);
    }
  }

  const second = program(env);
  await second.ready;
  assert.equal(second.text().includes('ak_'), false);
  const { status, body } = await call({ origin, apiKey }, 'GET', `/connected_accounts/${id}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.state.val.api_key, 'demo...');
  const { code } = await second.stop('SIGINT');
  assert.equal(code, 0);
  assert.deepEqual(processesOf(dataDir), []);

  rmSync(keyFile);
  const third = await program(env).ended;
  assert.equal(third.code, 1);
  assert.match(third.text, /key file .* is gone/);
  assert.ok(!existsSync(keyFile));
});

test('keys and ports come from the environment, and are not printed', async () => {
  const { env, dataDir } = await place();
  const demoPort = await freePort();
  const secret = Buffer.alloc(32, 7).toString('base64');
  const apiKey = newApiKey();
  const settings = {
    ...env,
    DEVCASTER_API_KEY: apiKey,
    DEVCASTER_ENCRYPTION_KEYS: `main:${secret}`,
    DEVCASTER_DEMO_PORT: String(demoPort),
  };
  const run = program(settings);
  const origin = await run.ready;
  assert.equal((await call({ origin, apiKey }, 'GET', '/auth_configs')).status, 200);
  assert.equal((await fetch(`http://127.0.0.1:${demoPort}/ledger`)).status, 200);
  assert.ok(!existsSync(keyFileOf(dataDir)));
  const { code, text } = await run.stop();
  assert.equal(code, 0);
  assert.ok(!text.includes(apiKey) && !text.includes(secret));
});

test('one folder serves one Devcaster, and a taken port has a clear message', async () => {
  const { env, dataDir, port } = await place();
  const run = program(env);
  await run.ready;
  const samePort = await program({ ...env, DEVCASTER_DATA_DIR: join(base, 'other') }).ended;
  assert.equal(samePort.code, 1);
  assert.match(samePort.text, new RegExp(`Port ${port} is already in use`));
  const sameData = await program({ ...env, PORT: String(await freePort()) }).ended;
  assert.equal(sameData.code, 1);
  assert.match(sameData.text, /Another Devcaster runs on the data/);
  const fresh = await program(env, { args: ['--fresh', '--yes'] }).ended;
  assert.match(fresh.text, /Another Devcaster runs on the data/);
  assert.ok(existsSync(join(dataDir, 'objects')));

  const workerd = processesOf(join(dataDir, 'workerd.capnp'));
  assert.equal(workerd.length, 1);
  process.kill(workerd[0], 'SIGKILL');
  const { code, text } = await run.ended;
  assert.equal(code, 1);
  assert.match(text, /workerd ended by itself \(SIGKILL\)/);
});

test('workerd does not outlive a program that was killed', async () => {
  const { env, dataDir } = await place();
  const run = program(env);
  await run.ready;
  assert.notDeepEqual(processesOf(dataDir), []);
  await run.stop('SIGKILL');
  for (let tries = 0; processesOf(dataDir).length > 0 && tries < 50; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(processesOf(dataDir), []);
});

test('a demo provider keeps its port, and says so when it cannot have it', async () => {
  const { env, port } = await place();
  const run = program(env);
  await run.ready;
  const demoPort = Number(/Demo provider: +http:\/\/127\.0\.0\.1:(\d+)$/m.exec(run.text())?.[1]);
  await run.stop();
  const squatter = createServer();
  await new Promise((resolve) => squatter.listen(demoPort, '127.0.0.1', () => resolve(undefined)));
  const refused = await program(env).ended;
  squatter.close();
  assert.equal(refused.code, 1);
  assert.match(refused.text, new RegExp(`Port ${demoPort}, which the demo provider of these data uses, is taken`));
  assert.notEqual(demoPort, port);
});

test('--fresh forgets all data after asking, and nothing else', async () => {
  const { env, dataDir } = await place();
  const first = program(env);
  await first.ready;
  const { text } = await first.stop();

  const unasked = await program(env, { args: ['--fresh'] }).ended;
  assert.equal(unasked.code, 1);
  assert.match(unasked.text, /--yes/);

  const terminal = ['script', '-qec', `${process.execPath} js/local/start.js --fresh`, '/dev/null'];
  const no = await program(env, { command: terminal, input: 'n\n' }).ended;
  assert.match(no.text, /\[y\/N\].*Nothing was deleted/s);
  assert.ok(existsSync(join(dataDir, 'objects')));

  const yes = program(env, { command: terminal, input: 'y\n' });
  await yes.ready;
  assert.notEqual(keyIn(yes.text().replaceAll('\r', '')), '');
  assert.notEqual(keyIn(yes.text().replaceAll('\r', '')), keyIn(text));
  await yes.stop();

  const foreign = join(base, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'precious.txt'), 'mine');
  const refused = await program({ ...env, DEVCASTER_DATA_DIR: foreign }, { args: ['--fresh', '--yes'] }).ended;
  assert.equal(refused.code, 1);
  assert.match(refused.text, /holds other files/);
  assert.deepEqual(readdirSync(foreign), ['precious.txt']);
});

test('a wrong setting is named, and a secret in it is not', async () => {
  const { env } = await place();
  const table = [
    [{ PORT: 'eight' }, /PORT must be a port/],
    [{ PORT: '70000' }, /PORT must be a port/],
    [{ DEVCASTER_DEMO_PORT: '-1' }, /DEVCASTER_DEMO_PORT must be a port/],
    [{ DEVCASTER_ENCRYPTION_KEYS: 'main:c2hvcnQ=' }, /DEVCASTER_ENCRYPTION_KEYS must be/],
    [{ DEVCASTER_ENCRYPTION_KEYS: 'c2hvcnQ=' }, /DEVCASTER_ENCRYPTION_KEYS must be/],
    [{ DEVCASTER_API_KEY: 'ak_c2hvcnQ' }, /128 random bits/],
  ];
  for (const [wrong, message] of /** @type {[Record<string, string>, RegExp][]} */ (table)) {
    const { code, text } = await program({ ...env, ...wrong }).ended;
    assert.equal(code, 1);
    assert.match(text, message);
    assert.ok(!text.includes('c2hvcnQ'));
  }
});
