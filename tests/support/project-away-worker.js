// The service's own Worker script, with a Project object that cannot be asked when the test says so: as while it is moved,
// deployed or overloaded. Copied beside js/edge/worker.js for a run, see simulated.js.
// @ts-expect-error: beside it only once it is copied
import { createHandler, Project as Real } from './index.js';

// @ts-expect-error: as above
export { Accounts } from './index.js';

let isAway = false;

/** @type {typeof import('../../js/edge/index.js').Project} */
const Service = Real;

export class Project extends Service {
  /** @override @param {string} question @param {any} message */
  async answer(question, message) {
    if (isAway) throw new Error('the object is being moved');
    return super.answer(question, message);
  }
}

const handler = createHandler();

export default {
  /** `GET /away?on=1` @param {Request} request @param {any} env */
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname !== '/away') return handler.fetch(request, env);
    isAway = url.searchParams.get('on') === '1';
    return new Response(null, { status: 204 });
  },
};
