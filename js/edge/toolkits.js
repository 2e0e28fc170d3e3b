/** Which toolkits and tools this service has. Their definitions are data in the catalogue's format. */

import { demo, demoTools } from './toolkits/demo.js';
import { demokey, demokeyTools } from './toolkits/demokey.js';
import { gmail, gmailTools } from './toolkits/gmail.js';

/**
 * @typedef {object} Demo
 * @property {string} origin
 * @property {string} client_id
 * @property {string} client_secret
 * @property {object} [oauth2] members of the definition in which the provider there differs from the demo provider
 * @property {[{ slug: string, auth_schemes: object[] }, { slug: string }[]][]} [toolkits] more of that origin, each with its tools
 */

/**
 * @typedef {object} Toolkits
 * @property {Map<string, string>} definitions slug -> definition as JSON text, ready for the core
 * @property {Map<string, string>} tools slug -> definition as JSON text
 * @property {Map<string, string>} managed slug -> credentials that the host itself brings, as JSON text
 * @property {string | null} origin where requests of these toolkits may go although it is no public address
 */

/** @type {[{ slug: string, auth_schemes: object[] }, { slug: string }[]][]} */
const all = [
  [demo, demoTools],
  [demokey, demokeyTools],
  [gmail, gmailTools],
];

/**
 * @param {Demo | null} settings null: no demo provider, so none of its toolkits either
 * @returns {Toolkits}
 */
export const openToolkits = (settings) => {
  /** @type {Toolkits} */
  const found = {
    definitions: new Map(),
    tools: new Map(),
    managed: new Map(),
    origin: null,
  };
  if (!settings) return found;
  found.origin = settings.origin;
  const client = JSON.stringify({ client_id: settings.client_id, client_secret: settings.client_secret });
  // Split, not replaced: an origin must not be read as a replacement pattern.
  const oauth2 = (/** @type {object} */ scheme) => ('token_url' in scheme ? { ...scheme, ...settings.oauth2 } : scheme);
  const place = (/** @type {object} */ definition) => JSON.stringify(definition).split('{demo}').join(settings.origin);
  for (const [toolkit, tools] of [...all, ...(settings.toolkits ?? [])]) {
    const auth_schemes = toolkit.auth_schemes.map(oauth2);
    found.definitions.set(toolkit.slug, place({ ...toolkit, auth_schemes, tools_count: tools.length }));
    found.managed.set(toolkit.slug, client);
    for (const tool of tools) {
      found.tools.set(tool.slug, place(tool));
    }
  }
  return found;
};
