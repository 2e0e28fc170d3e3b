// Which addresses of this machine can be listened on.
import { createServer } from 'node:net';

/** @param {string} host @param {number} port @returns {Promise<{ code: string, port: number }>} code '' when it can */
function probe(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      resolve({ code: error.code ?? 'ERROR', port }),
    );
    server.listen({ host, port, exclusive: true }, () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve({ code: '', port: address.port }));
    });
  });
}

/** Whether `localhost` may mean ::1 here; then the service listens there too. */
export const hasIpv6 = async () => (await probe('::1', 0)).code === '';

/** @param {number} port @returns {Promise<boolean>} */
export async function isFree(port) {
  const [four, six] = [await probe('127.0.0.1', port), await probe('::1', port)];
  return four.code === '' && six.code !== 'EADDRINUSE' && six.code !== 'EACCES';
}

/** A port that is free on both loopback addresses now. @returns {Promise<number>} */
export async function freePort() {
  for (;;) {
    const { port } = await probe('127.0.0.1', 0);
    if (await isFree(port)) return port;
  }
}

/**
 * @param {string} name of the setting, for the message
 * @param {string | undefined} text
 * @returns {number | undefined}
 */
export function readPort(name, text) {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw new Error(`${name} must be a port from 1 to 65535`);
  return port;
}
