/** Which addresses are ours. A request that came by another name is answered nothing: its page would be ours to it. */

import { pageHeaders } from './headers.js';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @param {string | undefined} given DEVCASTER_ORIGIN @returns {URL | null} @throws {TypeError} when it is no address */
export const readOrigin = (given) => {
  if (!given) return null;
  const url = new URL(given);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('DEVCASTER_ORIGIN is no web address');
  return url;
};

/** A proxy that ends https speaks http to us, so a port that is not named may be the one of either. @param {URL} url */
const portOf = ({ port, protocol: own }, protocol = own) => port || (protocol === 'https:' ? '443' : '80');

/**
 * Was the request sent to us by our name? This machine's own names always are: no name that somebody else can give
 * out in the DNS is one of them, and health checks and reverse proxies use them.
 * @param {URL} url of the request
 * @param {URL | null} own null: whatever name leads here is ours
 */
export const isOurs = (url, own) => {
  if (!own) return true;
  const samePort = portOf(url, url.protocol) === portOf(own, url.protocol) || portOf(url, own.protocol) === portOf(own);
  if (url.hostname === own.hostname) return samePort;
  return LOOPBACK.has(url.hostname) && (samePort || !LOOPBACK.has(own.hostname));
};

/** The answer to a request that was meant for somebody else. */
export const misdirected = () =>
  new Response('This service does not answer to that name.\n', {
    status: 421,
    headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' },
  });

/**
 * An address as a Location header takes it: percent-encoded, ASCII alone.
 * @param {string | null | undefined} url
 * @returns {string | null} null: it is no address
 */
export const toLocation = (url) => (url && URL.canParse(url) ? new URL(url).href : null);
