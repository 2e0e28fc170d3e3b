// A fetch-style handler in a server of Node's: bodies are streamed both ways, and no faster than they are read.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {string} origin the server's own; what the request says of its host is not asked
 * @returns {Request}
 */
export const toRequest = (incoming, origin) => {
  const { method = 'GET', url = '', headersDistinct } = incoming;
  // Else `//elsewhere/...` and `http://elsewhere/...` would be addresses of another origin.
  const address = origin + (url.startsWith('/') ? url : '/');
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) => values.map((one) => [name, one]));
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const init = { method, headers, ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' }) };
  return new Request(address, /** @type {RequestInit} */ (init));
};

/** @param {Response} answer @param {import('node:http').ServerResponse} outgoing */
export const send = async ({ status, headers, body }, outgoing) => {
  outgoing.writeHead(status, Object.fromEntries(headers));
  // A fault in a body breaks the connection: it must not look like the end.
  if (body) await pipeline(Readable.fromWeb(/** @type {any} */ (body)), outgoing);
  else outgoing.end();
};
