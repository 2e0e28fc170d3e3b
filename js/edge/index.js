/** @devcaster/core/edge: the service as a Worker and its Durable Objects. */

export { Accounts } from './accounts.js';
export { createUserToken } from './gateway/tokens.js';
export { createHandler } from './handler.js';
export { Project } from './project.js';
export { bringToolkits } from './toolkits.js';
