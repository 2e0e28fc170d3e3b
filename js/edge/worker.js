/** The Worker script: what `npm start` runs in workerd and `wrangler deploy` uploads. */

import { createHandler } from './index.js';

export { Accounts, Project } from './index.js';

export default createHandler();
