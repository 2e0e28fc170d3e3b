// The contract suite in runtimes that fewer programs run in.
import { join } from 'node:path';
import { contract } from './support/contract.js';
import { installed as installedIn } from './support/installed.js';
import { inFirefox, inFunction, inProgram, modulePages } from './support/runtimes.js';

const packages = await installedIn('runtimes');

/**
 * The program itself: npm has chosen the package of this machine's kind, and no script of a package was run.
 * @param {string} name of the package that brings it @param {string} file
 * @returns {string}
 */
function programOf(name, file) {
  const { optionalDependencies } = packages(`${name}/package.json`);
  for (const one of Object.keys(optionalDependencies)) {
    try {
      return join(packages.resolve(`${one}/package.json`), '..', file);
    } catch {
      // of another kind of machine
    }
  }
  throw new Error(`${name} has no program for this machine`);
}

/** @param {string} name */
const versionOf = (name) => packages(`${name}/package.json`).version;

const runsIn = contract();

runsIn('Firefox', ({ installed, service }) => inFirefox(service, modulePages(installed)));

runsIn(`Bun ${versionOf('bun')}`, ({ installed, service }) =>
  inProgram(installed, service, programOf('bun', 'bin/bun'), ['run']),
);

// No more than its folder, the settings of the suite and this machine: what a program would grant that calls one service.
const may = ['--allow-read=.', '--allow-env=CONTRACT', '--allow-net=127.0.0.1,localhost', '--no-prompt'];

runsIn(`Deno ${versionOf('deno')}`, ({ installed, service }) =>
  inProgram(installed, service, programOf('deno', 'deno'), ['run', '--node-modules-dir=manual', ...may]),
);

const next = await installedIn('next');
runsIn(`an edge function of Next.js ${next('next/package.json').version}`, ({ installed, service }) =>
  inFunction(installed, service, next),
);
