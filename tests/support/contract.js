// The contract suite's cases in another runtime, as tests of ours.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { casesOf } from '../contract/cases.js';
import { installPacked } from './packed.js';
import { addSuite } from './runtimes.js';
import { startService } from './service.js';

/** @typedef {{ installed: import('./runtimes.js').Installed, service: import('./desk.js').Service }} Setting */

/** The names of the cases. @param {Setting} setting */
async function casesIn({ installed, service }) {
  const sdk = await import(pathToFileURL(join(installed.home, 'js/index.js')).href);
  const { origin: baseURL, origin: connectOrigin, apiKey } = service;
  const none = async () => assert.fail('only the names of the cases are wanted here');
  return casesOf({ sdk, baseURL, connectOrigin, apiKey, visit: none, wasm: none }).map(({ name }) => name);
}

/**
 * One service and one installation for the runtimes of a test file.
 * @returns {(runtime: string, run: (setting: Setting) => AsyncIterable<import('./desk.js').Outcome>) => void}
 */
export function contract() {
  /** @type {Setting} */
  let setting;
  /** @type {string[]} */
  let wanted;
  before(async () => {
    const installed = await installPacked();
    setting = { installed, service: await startService() };
    addSuite(installed);
    wanted = await casesIn(setting);
    assert.equal(new Set(wanted).size, wanted.length);
  });
  after(async () => {
    setting?.installed.remove();
    await setting?.service.close();
  });

  return (runtime, run) =>
    test(runtime, async (t) => {
      const begin = Date.now();
      /** @type {string[]} */
      const seen = [];
      for await (const { name, error } of run(setting)) {
        seen.push(name);
        await t.test(name, () => {
          if (error !== undefined) throw Object.assign(new Error(error), { stack: error });
        });
      }
      // Not one case less than there are: a runtime that stops half-way is none that passed.
      assert.deepEqual(seen, wanted);
      t.diagnostic(`${runtime}: ${seen.length} cases in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    });
}
