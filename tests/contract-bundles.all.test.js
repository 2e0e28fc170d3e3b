// The contract suite bundled together with the SDK by each bundler, in Chromium.
import { bundledPages, bundlers } from './support/bundles.js';
import { contract } from './support/contract.js';
import { installed as installedIn } from './support/installed.js';
import { inChromium } from './support/runtimes.js';

const packages = await installedIn('runtimes');
const runsIn = contract();

for (const bundler of Object.keys(bundlers)) {
  runsIn(`${bundler} ${packages(`${bundler}/package.json`).version}`, async function* ({ installed, service }) {
    yield* inChromium(service, await bundledPages(bundler, packages, installed));
  });
}
