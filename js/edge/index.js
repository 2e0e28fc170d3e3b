/** @devcaster/core/edge: the service as a Worker and its Durable Objects. */

export { Accounts } from './accounts.js';
export { createHandler } from './handler.js';
export { Project } from './project.js';
