// What the service is measured against: a Worker and a Durable Object that keep a row and do nothing else with it.

/** @typedef {{ sql: { exec: (query: string, ...values: any[]) => Iterable<any> } }} Storage */

export class Rows {
  /** @type {Storage['sql']} */ #sql;

  /** @param {{ storage: Storage }} ctx */
  constructor({ storage }) {
    this.#sql = storage.sql;
    this.#sql.exec('CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY NOT NULL, content TEXT NOT NULL)');
  }

  /** @param {Request} request */
  async fetch(request) {
    if (request.method === 'POST') {
      const { id, content } = await request.json();
      this.#sql.exec('INSERT INTO rows (id, content) VALUES (?, ?)', id, content);
      return Response.json({ id }, { status: 201 });
    }
    const id = new URL(request.url).pathname.slice(1);
    const [row] = [...this.#sql.exec('SELECT content FROM rows WHERE id = ?', id)];
    return row ? new Response(row.content) : new Response(null, { status: 404 });
  }
}

export default {
  /** @param {Request} request @param {{ ROWS: any }} env */
  fetch(request, env) {
    // The first two characters of the path say which object, as an account's id says which shard.
    const shard = new URL(request.url).pathname.slice(1, 3);
    return env.ROWS.get(env.ROWS.idFromName(shard)).fetch(request);
  },
};
