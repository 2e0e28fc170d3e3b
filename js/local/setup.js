// Everything between a fresh clone and a running program. Only Node's own modules: it runs before npm has installed any.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureTools, hasApt } from './apt.js';
import { fetchCjson } from './cjson.js';
import { exclusively } from './lock.js';
import { installPackages } from './packages.js';
import { assembleSite } from './site.js';
import { buildWasm, cjsonDir, root } from './wasm.js';

const NODE = 20;

/**
 * Install what is missing and build what is not up to date; says each thing that it does, and nothing when there is
 * nothing to do.
 * @param {{ browsers?: boolean, all?: boolean }} [options] `browsers`: what `npm test` needs as well;
 *   `all`: what `npm run test:all` needs
 */
export async function setup({ browsers = false, all = false } = {}) {
  if (Number(process.versions.node.split('.')[0]) < NODE) {
    throw new Error(`Node ${NODE} or newer is needed; this is ${process.versions.node}`);
  }
  await exclusively(join(root, 'build/setup.lock'), async () => {
    const source = !existsSync(join(cjsonDir, 'cJSON.c'));
    await ensureTools({ browsers: browsers || all, all, source });
    installPackages();
    if (source && hasApt()) {
      console.log('fetching the source of cJSON with apt-get source');
      fetchCjson(cjsonDir);
    }
    buildWasm();
    assembleSite(root, join(root, 'build/site')); // what `wrangler deploy` uploads beside the script
  });
}

/** The same for a program's first line: a failure is a message, not a stack. @param {Parameters<typeof setup>[0]} [options] */
export async function setupOrExit(options) {
  try {
    await setup(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await setupOrExit({ browsers: argv.includes('--browsers'), all: argv.includes('--all') });
  console.log('set-up is complete');
}
