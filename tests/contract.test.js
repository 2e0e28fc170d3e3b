// The contract suite where most programs run, each with the package from its tarball, against the real service.
import { contract } from './support/contract.js';
import { inChromium, inProgram, inWorkerd, modulePages } from './support/runtimes.js';

const runsIn = contract();
const { execPath, features, version } = process;

runsIn(`Node ${version} by import`, ({ installed, service }) => inProgram(installed, service, execPath, []));

// Node 20.19 and 22.12 are the first that can require() a module.
if ('require_module' in features) {
  runsIn(`Node ${version} by require()`, ({ installed, service }) =>
    inProgram(installed, service, execPath, ['--disable-warning=ExperimentalWarning'], 'required.cjs'),
  );
}

runsIn('workerd', ({ installed, service }) => inWorkerd(installed, service));

runsIn('Chromium', ({ installed, service }) => inChromium(service, modulePages(installed)));
