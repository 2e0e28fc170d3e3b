// The service's own Worker script, with a clock that the test can set, and alarms that come when the test says so. What
// runs is the service; only Date.now is another one. Copied beside js/edge/worker.js for a run, see simulated.js.
// @ts-expect-error: beside it only once it is copied
import { createHandler, Accounts as Real } from './index.js';

// @ts-expect-error: as above
export { Project } from './index.js';

const real = Date.now.bind(Date);
let ahead = 0;
Date.now = () => real() + ahead;

/** @type {typeof import('../../js/edge/index.js').Accounts} */
const Service = Real;

export class Accounts extends Service {
  #storage;
  /** @type {any[]} cursors of what was asked */ #asked = [];

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = (/** @type {any[]} */ ...query) => {
      const cursor = exec(...query);
      this.#asked.push(cursor);
      return cursor;
    };
  }

  /** The rows of a query, and how many the service has read since the last one. @param {string} query */
  #table(query) {
    const read = this.#asked.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
    const rows = [...this.#storage.sql.exec(query)];
    this.#asked = [];
    return Response.json({ read, rows });
  }

  /** The service asks by calls of methods, so that this is nobody else's. @param {Request} request @returns {Promise<Response>} */
  async fetch(request) {
    if (request.method === 'POST') return this.#table(await request.text());
    const due = await this.#storage.getAlarm();
    if (due !== null && due <= Date.now()) {
      await this.#storage.deleteAlarm();
      await this.alarm();
    }
    return Response.json(await this.#storage.getAlarm());
  }
}

const handler = createHandler();

export default {
  /**
   * `GET /clock?ahead=ms`: the clock goes so much ahead; alarms that are due come; the answer is the next one.
   * `POST /clock`: an SQL query, to the first shard.
   * @param {Request} request @param {any} env
   */
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname !== '/clock') return handler.fetch(request, env);
    if (request.method === 'POST') return env.ACCOUNTS.get(env.ACCOUNTS.idFromName('s00')).fetch(request);
    ahead = Number(url.searchParams.get('ahead'));
    const names = Array.from({ length: Number(env.DEVCASTER_SHARDS) }, (_, i) => `s${String(i).padStart(2, '0')}`);
    const object = (/** @type {string} */ name) => env.ACCOUNTS.get(env.ACCOUNTS.idFromName(name));
    const next = names.map(async (name) => (await object(name).fetch('https://object/clock')).json());
    const times = (await Promise.all(next)).filter((at) => at !== null);
    return Response.json({ now: Date.now(), next: times.length ? Math.min(...times) : null });
  },
};
