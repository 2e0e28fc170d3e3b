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

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.#storage = ctx.storage;
  }

  /** The service asks by calls of methods, so that this is nobody else's. @returns {Promise<Response>} */
  async fetch() {
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
  /** `GET /clock?ahead=ms`: the clock goes so much ahead; alarms that are due come; the answer is the next one. @param {Request} request @param {any} env */
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname !== '/clock') return handler.fetch(request, env);
    ahead = Number(url.searchParams.get('ahead'));
    const names = Array.from({ length: Number(env.DEVCASTER_SHARDS) }, (_, i) => `s${String(i).padStart(2, '0')}`);
    const object = (/** @type {string} */ name) => env.ACCOUNTS.get(env.ACCOUNTS.idFromName(name));
    const next = names.map(async (name) => (await object(name).fetch('https://object/clock')).json());
    const times = (await Promise.all(next)).filter((at) => at !== null);
    return Response.json({ now: Date.now(), next: times.length ? Math.min(...times) : null });
  },
};
