/** How the handler and the Durable Objects talk: one remote call for each question, which costs half of a fetch. */

import { DurableObject } from '#object';

/** @typedef {{ status: number, text: string, [more: string]: any }} Answer an HTTP answer, and what only the handler sees */
/** @typedef {{ value: any } | { error: string }} Told error: its name */

/**
 * @typedef {object} Stub
 * @property {(question: string, message: object) => Promise<Told>} answer
 */

/**
 * @param {Stub} object
 * @param {string} question
 * @param {object} message plain data
 * @returns {Promise<any>}
 */
export const ask = async (object, question, message) => {
  let told;
  try {
    told = await object.answer(question, message);
  } catch (error) {
    throw new ObjectError(question, nameOf(error)); // the object itself is gone, or the way to it
  }
  if ('error' in told) throw new ObjectError(question, told.error);
  return told.value;
};

/** A question that a Durable Object could not answer: a defect or a broken disk, never the caller's mistake. */
export class ObjectError extends Error {
  /** @param {string} question @param {string} name of the error over there */
  constructor(question, name) {
    super(`${question} failed: ${name}`);
    this.name = 'ObjectError';
    this.cause = name;
  }
}

/** @type {new (ctx: any, env: any) => object} */
const Base = DurableObject;

/** A Durable Object that answers questions. @template Subject what they are about */
export class Answering extends Base {
  #questions;
  #open;
  #before;

  /**
   * @param {any} ctx
   * @param {import('./settings.js').Env} env
   * @param {Record<string, (subject: Subject, message: any) => any>} questions
   * @param {() => Promise<Subject>} open
   * @param {(subject: Subject, question: string, message: any) => Promise<void> | undefined} [before] what a question has to wait for
   */
  constructor(ctx, env, questions, open, before) {
    super(ctx, env);
    this.#questions = questions;
    this.#open = open;
    this.#before = before;
  }

  /**
   * @param {string} question
   * @param {any} message
   * @returns {Promise<Told>}
   */
  async answer(question, message) {
    try {
      if (!Object.hasOwn(this.#questions, question)) throw new TypeError(`no question ${question}`);
      const subject = await this.#open();
      const pending = this.#before?.(subject, question, message);
      if (pending) await pending;
      return { value: await this.#questions[question](subject, message) };
    } catch (error) {
      return { error: nameOf(error) }; // the name alone: a message may quote what it was about
    }
  }
}

/**
 * Open something once. What could not be opened is tried again by the next who asks.
 * @template T
 * @param {() => Promise<T>} open
 * @returns {() => Promise<T>}
 */
export const once = (open) => {
  /** @type {Promise<T> | undefined} */
  let opened;
  return () => {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
};

/** @param {unknown} error @returns {string} */
export const nameOf = (error) => (error instanceof Error ? error.name : 'Error');

/** @type {WeakMap<import('./settings.js').Namespace, Map<string, unknown>>} ids by name: making one is a digest */
const ids = new WeakMap();

/** @param {import('./settings.js').Namespace} namespace @param {string} name @returns {Stub} */
const objectOf = (namespace, name) => {
  const known = ids.get(namespace) ?? new Map();
  if (known.size === 0) ids.set(namespace, known);
  const id = known.get(name) ?? namespace.idFromName(name);
  known.set(name, id);
  return namespace.get(id);
};

/** @param {import('./settings.js').Env} env */
export const projectObject = (env) => objectOf(env.PROJECT, 'project');

/** @param {import('./settings.js').Env} env @param {number} shard */
export const shardObject = (env, shard) => objectOf(env.ACCOUNTS, shardName(shard));

/** @param {number} shard @returns {string} */
export const shardName = (shard) => `s${shard.toString().padStart(2, '0')}`;
