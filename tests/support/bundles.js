// The suite and the SDK in one file, made by each bundler the way its own first page of documentation shows.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { namesOf } from './packed.js';

/** @typedef {{ packages: NodeJS.Require, folder: string, entry: string, out: string }} Wish  `out`: a folder for the bundle */

/** @param {NodeJS.Require} packages @param {string} name @returns {Promise<any>} */
const load = (packages, name) => import(pathToFileURL(packages.resolve(name)).href);

/** @type {Record<string, (wish: Wish) => Promise<unknown>>} each answers what it warned of */
export const bundlers = {
  async esbuild({ packages, entry, out }) {
    const { build } = await load(packages, 'esbuild');
    const options = {
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      outdir: out,
      logLevel: 'silent',
    };
    return (await build(options)).warnings;
  },

  async webpack({ packages, folder, entry, out }) {
    const { default: webpack } = await load(packages, 'webpack');
    const options = { mode: 'production', context: folder, entry, output: { path: out } };
    const stats = await new Promise((resolve, reject) => {
      webpack(options, (/** @type {unknown} */ error, /** @type {any} */ made) =>
        error ? reject(error) : resolve(made),
      );
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    return [...errors, ...warnings];
  },

  async vite({ packages, folder, entry, out }) {
    const { build, createLogger } = await load(packages, 'vite');
    writeFileSync(join(folder, 'index.html'), `<script type="module" src="${entry.slice(folder.length)}"></script>`);
    /** @type {string[]} */
    const warnings = [];
    const customLogger = Object.assign(createLogger('silent'), {
      warn: (/** @type {string} */ text) => warnings.push(text),
      warnOnce: (/** @type {string} */ text) => warnings.push(text),
    });
    const options = { assetsDir: '.', outDir: out, emptyOutDir: true };
    await build({ root: folder, configFile: false, logLevel: 'warn', customLogger, build: options });
    return warnings;
  },

  async rollup({ packages, entry, out }) {
    const { rollup } = await load(packages, 'rollup');
    const { nodeResolve } = await load(packages, '@rollup/plugin-node-resolve');
    /** @type {string[]} */
    const warnings = [];
    const onwarn = (/** @type {{ message: string }} */ { message }) => warnings.push(message);
    const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })], onwarn });
    await bundle.write({ dir: out, format: 'es' });
    return warnings;
  },
};

/**
 * The pages with the suite bundled: one script, which brings its module of WebAssembly along.
 * @param {string} bundler
 * @param {NodeJS.Require} packages where the bundlers are
 * @param {import('./runtimes.js').Installed} installed
 * @returns {Promise<import('./desk.js').Pages>}
 */
export async function bundledPages(bundler, packages, { folder, home }) {
  const out = join(folder, `out-${bundler}`);
  const warnings = await bundlers[bundler]({ packages, folder, entry: join(folder, 'contract/page.js'), out });
  assert.deepEqual(warnings, []);
  const [script, ...more] = readdirSync(out).filter((name) => !name.endsWith('.html'));
  assert.deepEqual(more, [], 'the bundle is one file');
  const files = { '/core.wasm': join(home, namesOf(home, ['browser'])['@devcaster/core/core.wasm']) };
  return { folder: out, files, script: `/${script}` };
}
