// What the SDK and the service promise each other. The suite runs unchanged in every runtime: it uses nothing but what it
// is handed and what browsers, workers and Node have in common. It leaves nothing behind in the project.
import { accountCases } from './accounts.js';
import { catalogueCases } from './catalogue.js';
import { clientCases } from './client.js';
import { connectionCases } from './connections.js';
import { contextOf, methodsOf } from './context.js';
import { executionCases } from './execution.js';
import { maskingCases } from './masking.js';
import { tokenCases } from './tokens.js';
import { webhookCases } from './webhooks.js';

/** @param {import('./context.js').Suite} suite */
export function contractSuite(suite) {
  const context = contextOf(suite);
  catalogueCases(context);
  accountCases(context);
  connectionCases(context);
  executionCases(context);
  tokenCases(context);
  clientCases(context);
  maskingCases(context);
  webhookCases(context);

  const { client, called, test, assert } = context;
  test('every method of the client was called', async () => {
    const left = methodsOf(client).filter((name) => !called.has(name));
    assert.deepEqual(left, []);
  });
}
