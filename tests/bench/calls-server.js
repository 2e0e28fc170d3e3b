// A service on loopback, in a process of its own: every answer is ready before the first request comes.
import { createServer } from 'node:http';
import { account, list } from './documents.js';

/** What the family's client insists on. @param {any} wire */
function whole(wire) {
  const config = { ...wire.auth_config, is_composio_managed: wire.auth_config.is_devcaster_managed };
  return { ...wire, auth_config: config, test_request_endpoint: '' };
}
const page = list(100);
const answers = {
  list: Buffer.from(JSON.stringify({ ...page, items: page.items.map(whole) })),
  get: Buffer.from(JSON.stringify(whole(account(1)))),
};

const server = createServer((request, response) => {
  const path = (request.url ?? '').split('?')[0];
  const body = answers[/\/connected_accounts$/.test(path) ? 'list' : 'get'];
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(address?.port);
});
process.stdin.resume().on('end', () => process.exit()); // ends with whoever started it
