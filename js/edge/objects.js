/** How the handler and the Durable Objects talk: one POST with JSON for each question. */

/** @typedef {{ status: number, text: string, [more: string]: any }} Answer an HTTP answer, and what only the handler sees */

/**
 * @param {import('./settings.js').Fetcher} object
 * @param {string} question
 * @param {object} message plain data
 * @returns {Promise<any>}
 */
export const ask = async (object, question, message) => {
  const response = await object.fetch(`https://object/${question}`, { method: 'POST', body: JSON.stringify(message) });
  if (response.status !== 200) throw new ObjectError(question, await response.text());
  return response.json();
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

/**
 * @param {Request} request
 * @param {(question: string, message: any) => Promise<any>} reply
 * @returns {Promise<Response>}
 */
export const replyTo = async (request, reply) => {
  const question = new URL(request.url).pathname.slice(1);
  try {
    return Response.json(await reply(question, await request.json()));
  } catch (error) {
    // The name alone: a message may quote what it was about.
    return new Response(nameOf(error), { status: 500 });
  }
};

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

/** @param {import('./settings.js').Env} env */
export const projectObject = (env) => env.PROJECT.get(env.PROJECT.idFromName('project'));

/** @param {import('./settings.js').Env} env @param {number} shard */
export const shardObject = (env, shard) => env.ACCOUNTS.get(env.ACCOUNTS.idFromName(shardName(shard)));

/** @param {number} shard @returns {string} */
export const shardName = (shard) => `s${shard.toString().padStart(2, '0')}`;
