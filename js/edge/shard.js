/** One shard of accounts: reading, sealing and writing them. The operations are in the files beside this one. */

import { hashHex } from './bytes.js';
import { Directory } from './directory.js';
import { Flows } from './flows.js';
import { Locks } from './locks.js';
import { Store } from './store.js';

/** @typedef {import('./store.js').Row} Row */
/** @typedef {import('../core/reply.js').Reply} Reply */
/** @typedef {{ token: string, url: string, expires_at: number }} Link */

/**
 * @typedef {object} Sight what a caller sees of credentials
 * @property {'masked' | 'plain'} credentials
 * @property {number} style
 */

/**
 * @typedef {object} Written what is written together with an account
 * @property {string} [credential] the new credential, where it is not the reply's second document
 * @property {Link | null} [link]
 * @property {number} [style] of the masked view
 * @property {() => void} [also] what else belongs into the same transaction
 */

/** Milliseconds between now and the next alarm, at least: whatever stands in the rows, the object must not spin. */
const LEAST_PAUSE = 1000;

export class Shard {
  #locks = new Locks();
  /** @type {number | null} */ #armed = null;

  /**
   * @param {import('./settings.js').Settings} settings
   * @param {import('./store.js').Storage} storage
   */
  constructor(settings, storage) {
    this.settings = settings;
    this.core = settings.core;
    this.storage = storage;
    this.directory = new Directory(settings);
    this.store = new Store(storage, settings.core.catalog);
    this.flows = new Flows(storage);
  }

  /**
   * Changes of one user's accounts come one after the other. Nothing waits for a provider inside a lock.
   * @template T
   * @param {string} user
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  lock(user, work) {
    return this.#locks.run(user, work);
  }

  /** @param {Row} row @param {string} field @param {...(string | number)} more */
  #binding(row, field, ...more) {
    return ['project', row.user, row.id, field, ...more.map(String)];
  }

  /**
   * @param {Row} row
   * @returns {Promise<string>} JSON text; `null` where the account has no credential
   * @throws {import('./vault.js').UnreadableError}
   */
  async credential(row) {
    if (!row.credential || !row.key) return 'null';
    const { vault } = this.settings;
    const key = await vault.openKey(this.#binding(row, 'key'), row.key);
    return vault.open(key, this.#binding(row, 'credential', row.generation), row.credential);
  }

  /**
   * What a caller sees: the masked view is sealed by itself, so the credential stays closed while masking is on.
   * @param {Row} row
   * @param {Sight} sight
   * @returns {Promise<string>} JSON text
   */
  async seen(row, { credentials, style }) {
    if (!row.credential || !row.key) return 'null';
    if (credentials === 'plain') return this.credential(row);
    const { vault } = this.settings;
    const key = await vault.openKey(this.#binding(row, 'key'), row.key);
    if (row.view && row.style === style)
      return vault.open(key, this.#binding(row, 'view', row.generation, style), row.view);
    // The project changed its style since the view was made.
    const view = await this.#mask(row, await this.credential(row), style);
    const sealed = await vault.seal(key, this.#binding(row, 'view', row.generation, style), view);
    this.store.putView(row.id, sealed, style, row.generation);
    return view;
  }

  /** @param {Row} row @param {string} credential @param {number} style @returns {Promise<string>} */
  async #mask({ toolkit, config }, credential, style) {
    const definition = this.settings.toolkits.definitions.get(toolkit);
    const record = (await this.directory.config(config))?.record;
    let names = [];
    if (definition && record) {
      const asked = this.core.grant(
        'harmless',
        Date.now(),
        this.core.head({}, { toolkit: definition, config: record }),
      );
      if (asked.ok) names = asked.value.names.split('\n').filter(Boolean);
    }
    return this.core.mask(credential, this.core.catalog.mask.whole, style, names);
  }

  /** @param {Row} row with key and generation of the new credential @param {string} credential */
  async #seal(row, credential) {
    const { vault } = this.settings;
    const binding = this.#binding(row, 'key');
    const { key, wrapped } = row.key
      ? { key: await vault.openKey(binding, row.key), wrapped: row.key }
      : await vault.newKey(binding);
    row.key = wrapped;
    row.credential = await vault.seal(key, this.#binding(row, 'credential', row.generation), credential);
    const view = await this.#mask(row, credential, row.style);
    row.view = await vault.seal(key, this.#binding(row, 'view', row.generation, row.style), view);
  }

  /**
   * Write what the core made of an account, in one transaction with its link. Call it inside the user's lock.
   * @param {Row | null} old
   * @param {Reply} reply of core.change
   * @param {Written} [written]
   * @returns {Promise<Row>}
   */
  async write(old, reply, { credential = reply.second, link = null, style = old?.style ?? 0, also } = {}) {
    const { record, row: index, effects } = reply.value;
    const { id, user, config, toolkit } = this.store.keys;
    /** @type {Row} */
    const row = {
      id: index[id],
      user: index[user],
      config: index[config],
      toolkit: index[toolkit],
      record: JSON.stringify(record),
      key: old?.key ?? null,
      credential: old?.credential ?? null,
      view: old?.view ?? null,
      style,
      generation: old?.generation ?? 0,
    };
    if (effects.includes('forget')) Object.assign(row, { key: null, credential: null, view: null });
    if (credential !== '') {
      row.generation += 1;
      await this.#seal(row, credential);
    } else {
      row.style = old?.style ?? style; // the view is the old one
    }
    const hash = link && (await hashHex(link.token));
    this.storage.transactionSync(() => {
      this.store.put(row, index);
      if (link && hash) this.flows.putLink(hash, row.id, link.expires_at);
      also?.();
    });
    await this.arm();
    return row;
  }

  /**
   * An account as it is now: what ran out since it was written is over.
   * @param {string} id
   * @returns {Promise<Row | null>}
   */
  async load(id) {
    const row = this.store.get(id);
    if (!row || !this.store.isDue(row.id, Date.now())) return row;
    return this.lock(row.user, () => this.lapse(id));
  }

  /** Inside the user's lock. @param {string} id @returns {Promise<Row | null>} */
  async lapse(id) {
    const row = this.store.get(id);
    if (!row) return null;
    const reply = this.core.change('lapse', Date.now(), this.core.head({}, { record: row.record }));
    if (!reply.ok || JSON.stringify(reply.value.record) === row.record) return row;
    return this.write(row, reply);
  }

  /** See to it that the alarm comes when the next thing is due. */
  async arm() {
    const times = [this.store.nextDue(), this.flows.nextRevocation()].filter((at) => at !== null);
    if (times.length === 0) return;
    const at = Math.max(Math.min(...times), Date.now() + LEAST_PAUSE);
    if (this.#armed !== null && this.#armed <= at && this.#armed > Date.now()) return;
    this.#armed = at;
    await this.storage.setAlarm(at);
  }

  /** The alarm came. */
  disarm() {
    this.#armed = null;
  }

  /**
   * The body of an error, ready to be sent.
   * @param {Reply} reply with status >= 400
   * @param {string} request_id
   * @returns {import('./objects.js').Answer}
   */
  refusal(reply, request_id) {
    const { status, text } = this.core.fault('error', this.core.head({ request_id }, { error: reply.text }));
    return fault(status, text);
  }

  /** @param {string} name of a host fault @param {string} request_id @param {string} [detail] */
  fault(name, request_id, detail) {
    const { status, text } = this.core.fault(name, { request_id, detail });
    return fault(status, text);
  }
}

/** @param {number} status @param {string} text @returns {import('./objects.js').Answer} */
const fault = (status, text) => ({ status, text });
