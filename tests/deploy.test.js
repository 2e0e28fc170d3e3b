// `wrangler deploy --dry-run` takes wrangler.jsonc as it stands, and what it would upload runs in the real workerd.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { newApiKey } from '../js/local/keys.js';
import { edgeWasmPath, root } from './support/build.js';
import { runWorkerd } from './support/workerd.js';
import { dryRun } from './support/wrangler.js';

const folder = mkdtempSync(join(tmpdir(), 'devcaster-deploy-'));
const bundle = join(folder, 'bundle');
const apiKey = newApiKey();
/** Read as js/local/config.js reads it. */
const deployment = JSON.parse(readFileSync(join(root, 'wrangler.jsonc'), 'utf8').replace(/^\s*\/\/.*$/gm, ''));
/** @type {Awaited<ReturnType<typeof runWorkerd>> | undefined} */
let workerd;

before(async () => {
  const said = await dryRun(root, bundle, folder);
  assert.equal(said.status, 0, said.text);
  assert.match(said.text, /--dry-run: exiting now/);
  for (const name of ['env.PROJECT', 'env.ACCOUNTS', 'env.ASSETS']) assert.ok(said.text.includes(name), name);
  assert.doesNotMatch(said.text, /warning/i);
});

after(async () => {
  await workerd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Names of the bundle's modules. @param {string} end */
const modules = (end) => readdirSync(bundle).filter((name) => name.endsWith(end));

test('each migration makes the classes that the bindings name, with SQLite', () => {
  const { migrations, durable_objects: objects } = deployment;
  const made = migrations.flatMap((/** @type {any} */ one) => one.new_sqlite_classes ?? []);
  const bound = objects.bindings.map((/** @type {any} */ one) => one.class_name);
  assert.deepEqual(made.sort(), bound.sort());
});

test('the bundle is one script and the edge module, byte for byte', () => {
  assert.deepEqual(modules('.js'), ['worker.js']);
  const [wasm, ...more] = modules('.wasm');
  assert.deepEqual(more, []);
  assert.ok(readFileSync(join(bundle, wasm)).equals(readFileSync(edgeWasmPath)));
});

/** The bundle's configuration for a bare workerd, as Cloudflare's network would bind it. */
function configText() {
  const [wasm] = modules('.wasm');
  const file = (/** @type {string} */ path) => JSON.stringify(path);
  const classes = /** @type {{ name: string, class_name: string }[]} */ (deployment.durable_objects.bindings);
  const bindings = classes.map((one) => `(name = "${one.name}", durableObjectNamespace = "${one.class_name}")`);
  const namespaces = classes.map(
    (one) => `(className = "${one.class_name}", uniqueKey = "${one.class_name}", enableSql = true)`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [
        (name = "worker.js", esModule = embed ${file(join(bundle, 'worker.js'))}),
        (name = "./${basename(wasm)}", wasm = embed ${file(join(bundle, wasm))}),
      ],
      compatibilityDate = "${deployment.compatibility_date}",
      bindings = [
        ${bindings.join(',\n        ')},
        (name = "${deployment.assets.binding}", service = "site"),
        (name = "DEVCASTER_ENCRYPTION_KEYS", fromEnvironment = "DEVCASTER_ENCRYPTION_KEYS"),
        (name = "DEVCASTER_API_KEY", fromEnvironment = "DEVCASTER_API_KEY"),
      ],
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (localDisk = "objects"),
    )),
    (name = "objects", disk = (path = ${file(join(folder, 'objects'))}, writable = true)),
    (name = "site", disk = (path = ${file(join(root, deployment.assets.directory))})),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

test('the bundle runs in workerd: health, the page, an API call, and what it stores is there', async () => {
  mkdirSync(join(folder, 'objects'));
  const env = { DEVCASTER_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`, DEVCASTER_API_KEY: apiKey };
  workerd = await runWorkerd(folder, configText(), env);
  const { origin } = workerd;
  assert.equal((await fetch(`${origin}/health`)).status, 200);
  const page = await fetch(origin);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.match(await page.text(), /<title>/);
  const api = `${origin}/api/v3`;
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
  assert.equal((await fetch(`${api}/connected_accounts`)).status, 401);
  const list = await fetch(`${api}/connected_accounts`, { headers });
  assert.equal(list.status, 200);
  assert.deepEqual(await list.json(), {
    items: [],
    next_cursor: null,
    total_pages: 1,
    current_page: 1,
    total_items: 0,
  });
  const body = JSON.stringify({ name: 'second', scopes: ['read'] });
  const made = await fetch(`${api}/api_keys`, { method: 'POST', headers, body });
  assert.equal(made.status, 201);
  const { key } = await made.json();
  const seen = await fetch(`${api}/connected_accounts`, { headers: { 'x-api-key': key } });
  assert.equal(seen.status, 200);
});
