/** The Durable Object of the project: its configuration, API keys, sessions and auth configs. */

import { audit, changedMembers } from './audit.js';
import { changeConfig, createConfig, getConfig, listConfigs, make } from './configs.js';
import { deleteConfig, finishDeletions } from './deletion.js';
import { fingerprintKey } from './fingerprints.js';
import { configHealth } from './health.js';
import { createKey, deleteKey, ensureFirstKey, findKey, findSession, listKeys, signIn, signOut } from './keys.js';
import { Locks } from './locks.js';
import { Answering, once } from './objects.js';
import { beginRotation, rotate } from './rotation.js';
import { openSettings } from './settings.js';
import { Tables } from './tables.js';
import { tokenKey } from './user-token-service.js';

/** @typedef {import('./objects.js').Answer} Answer */
/** @typedef {import('../core/reply.js').Reply} Reply */

const SHARDS = 16;
const MOST_SHARDS = 256; // an account's id has two hex digits for it

/** What the questions to the project work with. */
export class Office {
  #locks = new Locks();

  /**
   * @param {import('./settings.js').Settings} settings
   * @param {Tables} tables
   */
  constructor({ core, vault, toolkits, env }, tables) {
    this.core = core;
    this.vault = vault;
    this.toolkits = toolkits;
    this.env = env;
    this.tables = tables;
  }

  /**
   * Changes of one auth config (or of the key of the fingerprints) come one after the other.
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  lock(name, work) {
    return this.#locks.run(name, work);
  }

  /** How many account shards there are: fixed when the project was created, since ids and users lead to them. */
  get shards() {
    return Number(this.tables.fact('shards'));
  }

  /** The project's configuration, JSON text. */
  get record() {
    return this.tables.fact('project') ?? '{}';
  }

  /** @param {Reply} reply @param {string} request_id @returns {Answer} */
  refusal(reply, request_id) {
    const { status, text } = this.core.fault('error', this.core.head({ request_id }, { error: reply.text }));
    return { status, text };
  }

  /** @param {string} name @param {string} request_id @returns {Answer} */
  fault(name, request_id) {
    const { status, text } = this.core.fault(name, { request_id });
    return { status, text };
  }
}

/** @type {Record<string, (office: Office, message: any) => any>} */
const questions = {
  project: ({ record, shards }) => ({ record, shards }),
  key: findKey,
  session: findSession,
  signIn,
  signOut,
  createKey,
  listKeys,
  deleteKey,
  createConfig,
  getConfig,
  listConfigs,
  changeConfig,
  deleteConfig,
  config: ({ tables }, { id }) => tables.config(id),
  fingerprintKey,
  tokenKey,
  configHealth,

  updateProject(office, message) {
    const { core, tables } = office;
    const { op, api, body, query, caller, request_id } = message;
    const before = office.record;
    const head = core.head({ request_id, query, caller }, { record: before });
    const reply = core.change('project_update', Date.now(), head, body);
    if (!reply.ok) return office.refusal(reply, request_id);
    tables.putFact('project', JSON.stringify(reply.value.record));
    // Who changes what everybody sees of credentials leaves a trace.
    audit(message, { changed: changedMembers(JSON.parse(before), reply.value.record) });
    const { status, text } = core.answer(op, Date.now(), { api, record: reply.value.record });
    return { status, text };
  },
};

/** What must be there before the first question. @param {Office} office */
const found = async (office) => {
  const { core, tables, env, toolkits } = office;
  const isNew = tables.fact('shards') === null;
  if (isNew) {
    const wanted = Number(env.DEVCASTER_SHARDS ?? SHARDS);
    const shards = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST_SHARDS ? wanted : SHARDS;
    tables.together(() => {
      tables.putFact('project', JSON.stringify(core.change('project_open', Date.now(), {}).value.record));
      tables.putFact('shards', String(shards));
    });
  }
  await ensureFirstKey(office, env.DEVCASTER_API_KEY);
  // Once for each toolkit: whoever deleted such a config does not want it back at the next start.
  for (const toolkit of toolkits.managed.keys()) {
    if (tables.fact(`managed ${toolkit}`) !== null) continue;
    const { row } = await make(office, { toolkit, body: '', request_id: '', query: {} });
    if (row) tables.putFact(`managed ${toolkit}`, row.id);
  }
  await beginRotation(office, isNew);
  if (tables.deletingConfigs().length > 0) await tables.wake(Date.now());
};

/** @extends {Answering<Office>} */
export class Project extends Answering {
  #open;

  /**
   * @param {{ storage: import('./store.js').Storage }} ctx
   * @param {import('./settings.js').Env} env
   */
  constructor(ctx, env) {
    const open = once(async () => {
      const settings = await openSettings(env);
      const office = new Office(settings, new Tables(ctx.storage, settings.core.catalog));
      await found(office);
      return office;
    });
    super(ctx, env, questions, open);
    this.#open = open;
  }

  async alarm() {
    const office = await this.#open();
    await Promise.all([rotate(office), finishDeletions(office)]);
  }
}
