// The suite in a page: everything it talks to is its own origin, where the test's server passes calls on to the
// service. It posts each outcome back.
import * as sdk from '@devcaster/core';
import { runCases } from './cases.js';
import { visitBy } from './visit.js';

/** @param {object} message */
const post = (message) => fetch('/report', { method: 'POST', body: JSON.stringify(message) });

try {
  const settings = await (await fetch('/settings')).json();
  const wasm = () => WebAssembly.compileStreaming(fetch('/core.wasm'));
  const { origin } = location;
  await runCases({ ...settings, sdk, wasm, baseURL: origin, visit: visitBy(origin) }, post);
  await post({ end: navigator.userAgent });
} catch (error) {
  await post({ end: navigator.userAgent, error: String(error) });
}
