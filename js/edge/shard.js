/** One shard of accounts: reading, sealing and writing them. The operations are in the files beside this one. */

import { Activity, revealed } from './activity.js';
import { hashHex } from './bytes.js';
import { Closings } from './closings.js';
import { Directory } from './directory.js';
import { Flows } from './flows.js';
import { harmlessOf } from './harmless.js';
import { Locks } from './locks.js';
import { nameOf } from './objects.js';
import { Store } from './store.js';
import { TokenUses } from './user-token-uses.js';
import { Used } from './uses.js';
import { UnreadableError } from './vault.js';
import { Held } from './verifier.js';
import { bindingOf, emptyView, fromText, makeView, toText } from './views.js';

/** @typedef {import('./store.js').Row} Row */
/** @typedef {import('../core/reply.js').Reply} Reply */
/** @typedef {import('./activity.js').By} By */
/** @typedef {{ token: string, url: string, expires_at: number }} Link */

/**
 * @typedef {object} Sight what a caller sees of credentials
 * @property {'masked' | 'plain'} credentials
 * @property {number} style
 * @property {boolean} fingerprints whether the project wants them beside the masks
 * @property {boolean} links whether it sees the links by which accounts are connected
 * @property {By} by who looks, for the account's log
 */

/**
 * @typedef {object} Written what is written together with an account
 * @property {string} [credential] the new credential, where it is not the reply's second document
 * @property {Link | null} [link]
 * @property {Sight} [sight] by which the view of a new credential is made; without it, as the last one was
 * @property {string} [config] record of the auth config, where it is at hand: then the project is not asked for it
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
    this.activity = new Activity(storage, settings.core.catalog);
    this.closings = new Closings(storage);
    this.held = new Held(storage);
    this.tokens = new TokenUses(storage);
    this.used = new Used(this);
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
   * The account's own key. One that an older master key wraps is wrapped anew on the way.
   * @param {Row} row
   * @param {import('./vault.js').Wrapped} wrapped
   * @returns {Promise<CryptoKey>}
   * @throws {UnreadableError}
   */
  async #key(row, wrapped) {
    const { vault } = this.settings;
    const binding = this.#binding(row, 'key');
    const key = await vault.openKey(binding, wrapped);
    if (vault.isCurrent(wrapped)) return key;
    row.key = await vault.rewrap(binding, wrapped);
    this.store.putKey(row.id, wrapped, row.key);
    return key;
  }

  /** The sweep after a rotation. Call it inside the user's lock. @param {Row} row @throws {UnreadableError} */
  async rewrap(row) {
    if (row.key) await this.#key(row, row.key);
  }

  /**
   * @param {Row} row
   * @returns {Promise<string>} JSON text; `null` where the account has no credential
   * @throws {UnreadableError}
   */
  async credential(row) {
    if (!row.credential || !row.key) return 'null';
    const { vault } = this.settings;
    const key = await this.#key(row, row.key);
    return vault.open(key, this.#binding(row, 'credential', row.generation), row.credential);
  }

  /**
   * What a caller sees: the masked view is sealed by itself, so the credential stays closed while masking is on.
   * @param {Row} row
   * @param {Sight} sight
   * @param {string} [config] record of the auth config, where it is at hand
   * @returns {Promise<import('./views.js').View>}
   */
  async seen(row, sight, config) {
    if (!row.credential || !row.key) return emptyView(sight);
    if (sight.credentials === 'plain') return revealed(this, row, sight);
    const { style, fingerprints } = sight;
    const printer = fingerprints ? await this.directory.fingerprintKey() : null;
    const isCurrent = row.view && row.style === style && row.prints === (printer?.number ?? 0);
    const opened = isCurrent ? this.store.recent.viewOf(row) : null;
    if (opened !== null) return fromText(opened, row);
    const key = await this.#key(row, row.key);
    if (row.view && isCurrent) {
      const text = await this.settings.vault.open(key, this.#viewBinding(row), row.view);
      this.store.recent.putView(row, text);
      return fromText(text, row);
    }
    // The project changed its settings since the view was made.
    const view = await this.#view(row, key, await this.credential(row), { style, printer, config });
    this.store.putView(row);
    return view;
  }

  /** @param {Row} row */
  #viewBinding(row) {
    return this.#binding(row, 'view', row.generation, ...bindingOf(row));
  }

  /**
   * Make the view and put it into the row, sealed.
   * @param {Row} row
   * @param {CryptoKey} key the account's
   * @param {string} credential
   * @param {{ style: number, printer: import('./fingerprints.js').FingerprintKey | null, config?: string }} how
   */
  async #view(row, key, credential, { style, printer, config }) {
    const harmless = await harmlessOf(this, row, config);
    const view = await makeView(this.settings, credential, { style, key: printer, harmless });
    Object.assign(row, { style, prints: printer?.number ?? 0 });
    row.view = await this.settings.vault.seal(key, this.#viewBinding(row), toText(view));
    return view;
  }

  /**
   * @param {Row} row with key and generation of the new credential
   * @param {string} credential
   * @param {{ style: number, fingerprints: boolean }} how
   * @param {string} [config] record of the auth config
   */
  async #seal(row, credential, { style, fingerprints }, config) {
    const { vault } = this.settings;
    const key = (await this.#knownKey(row)) ?? (await this.#newKey(row));
    row.credential = await vault.seal(key, this.#binding(row, 'credential', row.generation), credential);
    try {
      const printer = fingerprints ? await this.directory.fingerprintKey() : null;
      return await this.#view(row, key, credential, { style, printer, config });
    } catch (error) {
      // A token that was granted a moment ago is not lost for its view: the next look makes one.
      console.error(JSON.stringify({ account: row.id, view: 'put off', error: nameOf(error) }));
      row.view = null;
      return null;
    }
  }

  /** @param {Row} row @returns {Promise<CryptoKey | null>} null: there is none, or it is lost with its master key */
  async #knownKey(row) {
    try {
      return row.key && (await this.#key(row, row.key));
    } catch (error) {
      if (error instanceof UnreadableError) return null;
      throw error;
    }
  }

  /** @param {Row} row @returns {Promise<CryptoKey>} */
  async #newKey(row) {
    const { key, wrapped } = await this.settings.vault.newKey(this.#binding(row, 'key'));
    row.key = wrapped;
    return key;
  }

  /** May the consent that is under way still end in a connection? @param {Row} row @param {By} [by] @param {string} [known] record of the auth config @returns {Promise<Reply>} */
  async mayConnect(row, by, known) {
    const config = known ?? (await this.directory.configRecord(row.config)) ?? 'null';
    const siblings = this.store.records(row.user, row.toolkit);
    return this.core.change('open', Date.now(), this.core.head({ by }, { record: row.record, config, siblings }));
  }

  /**
   * Write what the core made of an account, in one transaction with its link. Call it inside the user's lock.
   * @param {Row | null} old
   * @param {Reply} reply of core.change
   * @param {Written} [written]
   * @returns {Promise<Row>}
   */
  async write(old, reply, { credential = reply.second, link = null, sight, config: known, also } = {}) {
    const { record, row: index, effects } = reply.value;
    const { id, user, config, toolkit, identity, due } = this.store.keys;
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
      style: old?.style ?? 0,
      prints: old?.prints ?? 0,
      generation: old?.generation ?? 0,
      identity: index[identity] ?? null,
      due: index[due] ?? null,
    };
    if (effects.includes('forget')) Object.assign(row, { key: null, credential: null, view: null });
    /** @type {import('./views.js').View | null} */
    let view = null;
    if (credential !== '') {
      row.generation += 1;
      view = await this.#seal(row, credential, sight ?? { style: row.style, fingerprints: row.prints > 0 }, known);
    }
    const hash = link && (await hashHex(link.token));
    // Disabled, lapsed, connected by another way: who is still at the provider comes back in vain.
    // Where nobody can say it now, the callback asks again.
    const over =
      this.flows.isOpen(row.id) && (await this.mayConnect(row, undefined, known).catch(() => null))?.ok === false;
    const { vault } = this.settings;
    this.store.together(() => {
      // A look at the account may have wrapped its key anew meanwhile: the old wrapping must not come back.
      if (row.key && row.key === old?.key && !vault.isCurrent(row.key)) row.key = this.store.get(row.id)?.key ?? null;
      this.store.put(row, index);
      this.activity.note(row.id, reply);
      if (over) this.flows.end(row.id, Date.now());
      if (!effects.includes('held')) this.held.end(row.id, Date.now());
      if (link && hash) this.flows.putLink(hash, row.id, link.expires_at);
      also?.();
    });
    this.store.recent.put({ ...row }); // mostly the answer shows it
    if (view) this.store.recent.putView(row, toText(view));
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
    if (!row || row.due === null || row.due > Date.now()) return row;
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
    const times = [this.store.nextDue(), this.flows.nextRevocation(), this.held.next()].filter((at) => at !== null);
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
    return { status, text };
  }

  /** @param {string} name of a host fault @param {string} request_id @param {string} [detail] @returns {import('./objects.js').Answer} */
  fault(name, request_id, detail) {
    const { status, text } = this.core.fault(name, { request_id, detail });
    return { status, text };
  }
}
