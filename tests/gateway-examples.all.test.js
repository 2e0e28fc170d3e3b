// The Worker of the examples as `wrangler` bundles it, with the package from its tarball, in the real workerd.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addExample, deploymentIn, runWorker } from './support/example-apps.js';
import { managesOwn, openAccounts } from './support/example-checks.js';
import { installPacked } from './support/packed.js';
import { dryRun } from './support/wrangler.js';

test('wrangler takes the Worker as it stands, and what it would upload runs', async (t) => {
  const packed = await installPacked();
  t.after(packed.remove);
  const folder = addExample(packed, 'worker');
  const bundle = join(packed.folder, 'bundle');
  const home = join(packed.folder, 'home');
  mkdirSync(home);
  const { status, text } = await dryRun(folder, bundle, home);
  assert.equal(status, 0, text);
  assert.match(text, /--dry-run: exiting now/);
  assert.doesNotMatch(text, /warning/i);

  const files = readdirSync(bundle).filter((name) => /\.(js|wasm)$/.test(name));
  assert.deepEqual(files.map((name) => name.split('.').pop()).sort(), ['js', 'wasm']); // one script, and the edge module
  const modules = files.sort().map((name) => {
    const file = JSON.stringify(join(bundle, name));
    return name.endsWith('.js')
      ? `(name = "${name}", esModule = embed ${file})`
      : `(name = "./${name}", wasm = embed ${file})`;
  });
  // The script is the first: it is what answers.
  const [script] = modules.filter((one) => one.includes('esModule'));
  const others = modules.filter((one) => one !== script);
  const accounts = await openAccounts();
  t.after(accounts.service.close);
  const app = await runWorker(packed.folder, [script, ...others].join(', '), deploymentIn(folder), accounts.service);
  t.after(app.stop);
  await managesOwn(accounts, app);
});
