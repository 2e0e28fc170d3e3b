/**
 * What callers see of a credential. A view is made when the credential is stored and sealed by itself, so that the
 * credential stays closed whenever somebody looks. What a view was made with is its version: once the project's
 * settings say something else, the next look makes a new one.
 */

import { fingerprintsOf } from './fingerprints.js';

/** @typedef {import('./store.js').Row} Row */
/** @typedef {import('./fingerprints.js').FingerprintKey} FingerprintKey */

/**
 * @typedef {object} View members of an account as the core's answers take it, JSON text on one line
 * @property {string} val the masked credential
 * @property {string} [fingerprints] where the project wants them
 */

/**
 * @typedef {object} Version
 * @property {number} style of masking
 * @property {number} prints number of the key of the fingerprints; 0: it has none
 */

/** What stands for a credential that is not there, or does not open. @param {import('./shard.js').Sight} sight @returns {View} */
export const emptyView = ({ credentials, fingerprints }) =>
  fingerprints && credentials !== 'plain' ? { val: 'null', fingerprints: '{}' } : { val: 'null' };

/** What the view's seal binds, behind the account and its generation. @param {Version} version @returns {(string | number)[]} */
export const bindingOf = ({ style, prints }) => (prints === 0 ? [style] : [style, 'fingerprints', prints]);

/** @param {View} view */
export const toText = ({ val, fingerprints }) => (fingerprints === undefined ? val : `${fingerprints}\n${val}`);

/** @param {string} text @param {Version} version @returns {View} */
export const fromText = (text, { prints }) => {
  if (prints === 0) return { val: text };
  const feed = text.indexOf('\n');
  return { fingerprints: text.slice(0, feed), val: text.slice(feed + 1) };
};

/**
 * @param {import('./settings.js').Settings} settings
 * @param {string} credential JSON text
 * @param {{ style: number, key: FingerprintKey | null, harmless: string[] }} how
 * @returns {Promise<View>}
 */
export const makeView = async (settings, credential, { style, key, harmless }) => {
  const { core } = settings;
  const val = core.mask(credential, core.catalog.mask.whole, style, harmless);
  return key ? { val, fingerprints: await fingerprintsOf(settings, key, credential, harmless) } : { val };
};
