// The service's own Worker script, with opening and sealing that take a moment: whatever else is under way comes in
// between. Copied beside js/edge/worker.js for a run, see simulated.js.
const { prototype } = SubtleCrypto;
for (const name of /** @type {const} */ (['encrypt', 'decrypt'])) {
  const real = prototype[name];
  /** @type {typeof real} */
  prototype[name] = async function slow(...args) {
    await new Promise((resolve) => setTimeout(resolve, 8 * Math.random()));
    return real.apply(this, args);
  };
}

// @ts-expect-error: beside it only once it is copied
export { Accounts, default, Project } from './worker.js';
