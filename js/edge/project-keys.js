/**
 * Keys of the project's own: random, made by the project's object when they are first asked for, sealed with the master
 * key, and opened where they are used; nothing answers them.
 */

import { fromBase64Url, randomName } from './bytes.js';
import { UnreadableError } from './vault.js';

/** @typedef {import('./project.js').Office} Office */

/**
 * @typedef {object} ProjectKey
 * @property {number} number 1, 2, ...: what was made with one key says with which
 * @property {string} sealed
 */

/**
 * @typedef {object} Kind
 * @property {string} fact where the project keeps it
 * @property {string} purpose for the vault
 * @property {string[]} binding
 */

const BYTES = 32;

/** @type {Kind} */
export const FINGERPRINTS = {
  fact: 'fingerprint key',
  purpose: 'fingerprint-key',
  binding: ['project', 'fingerprints'],
};

/** @type {Kind} */
export const USER_TOKENS = { fact: 'user token key', purpose: 'user-token-key', binding: ['project', 'user-tokens'] };

const KINDS = [FINGERPRINTS, USER_TOKENS];

/** @param {Office} office @param {Kind} kind @returns {ProjectKey | null} */
const kept = ({ tables }, { fact }) => JSON.parse(tables.fact(fact) ?? 'null');

/** @param {Office} office @param {Kind} kind @param {ProjectKey} key */
const keep = ({ tables }, { fact }, key) => tables.putFact(fact, JSON.stringify(key));

/** @param {import('./vault.js').Vault} vault @param {Kind} kind @param {string} sealed @returns {Promise<boolean>} */
const opens = async (vault, { purpose, binding }, sealed) => {
  try {
    await vault.openText(purpose, binding, sealed);
    return true;
  } catch (error) {
    if (error instanceof UnreadableError) return false;
    throw error;
  }
};

/**
 * The project's key. One that no configured master key opens is given up: the accounts are worth more than a comparison
 * with what somebody wrote down, or than tokens of half an hour.
 * @param {Office} office
 * @param {Kind} kind
 * @returns {Promise<ProjectKey>}
 */
export const projectKey = (office, kind) =>
  office.lock(kind.fact, async () => {
    const old = kept(office, kind);
    if (old && (await opens(office.vault, kind, old.sealed))) return old;
    const sealed = await office.vault.sealText(kind.purpose, kind.binding, randomName(BYTES));
    const key = { number: (old?.number ?? 0) + 1, sealed };
    keep(office, kind, key);
    if (old) console.error(JSON.stringify({ [kind.binding[1]]: 'the key was lost', number: key.number }));
    return key;
  });

/** After a rotation: the same key, sealed by the active master key. @param {Office} office @param {Kind} kind */
const reseal = (office, kind) =>
  office.lock(kind.fact, async () => {
    const old = kept(office, kind);
    if (!old || office.vault.isCurrent(old.sealed)) return false;
    keep(office, kind, { ...old, sealed: await office.vault.reseal(kind.purpose, kind.binding, old.sealed) });
    return true;
  });

/** For each key whether there was something to do; rejected where it does not open. @returns {(() => Promise<boolean>)[]} @param {Office} office */
export const resealings = (office) => KINDS.map((kind) => () => reseal(office, kind));

/**
 * @param {import('./vault.js').Vault} vault
 * @param {Kind} kind
 * @param {string} sealed
 * @returns {Promise<Uint8Array<ArrayBuffer>>} wipe it after use
 * @throws {UnreadableError}
 */
export const openProjectKey = async (vault, { purpose, binding }, sealed) =>
  fromBase64Url(await vault.openText(purpose, binding, sealed));
