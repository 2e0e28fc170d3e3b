// The suite where a request starts it and the answer tells its outcomes: a line of JSON for each case.
import { runCases } from './cases.js';
import { visitBy } from './visit.js';

/**
 * @param {Request} request with the settings
 * @param {import('./context.js').Suite['sdk']} sdk
 * @param {WebAssembly.Module} module
 * @returns {Promise<Response>}
 */
export async function answer(request, sdk, module) {
  const { desk, ...settings } = await request.json();
  const surroundings = { ...settings, sdk, wasm: async () => module, visit: visitBy(desk) };
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  /** @param {import('./cases.js').Outcome} outcome */
  const report = (outcome) => writer.write(encoder.encode(`${JSON.stringify(outcome)}\n`));
  runCases(surroundings, report).then(
    () => writer.close(),
    (error) => writer.abort(error),
  );
  return new Response(readable);
}
