/** The page and its files, out of the ASSETS binding, with our own headers. */

import { siteHeaders } from './headers.js';

const PREFIX = '/assets';

/** @type {Record<string, string>} */
const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  wasm: 'application/wasm',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
};

/** @param {string} path @returns {string | null} the file's path, null where there can be none */
const fileOf = (path) => {
  if (path === '/') return '/index.html';
  const file = path.slice(PREFIX.length);
  // Names of our own files are plain; whatever is escaped, hidden or a folder is none of them.
  return /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(file) ? file : null;
};

/** @param {Request} request @param {string} path */
export const isStatic = ({ method }, path) =>
  (method === 'GET' || method === 'HEAD') && (path === '/' || path.startsWith(`${PREFIX}/`));

/**
 * @param {string} path
 * @param {import('./settings.js').Env} env
 * @returns {Promise<Response | null>} null: there is no such file
 */
export const serveStatic = async (path, env) => {
  const file = fileOf(path);
  const type = file && TYPES[file.slice(file.lastIndexOf('.') + 1)];
  if (!file || !type || !env.ASSETS) return null;
  let found = await env.ASSETS.fetch(`https://assets${file}`);
  // Cloudflare's assets know an index page by its folder.
  if (file === '/index.html' && found.status >= 300 && found.status < 400)
    found = await env.ASSETS.fetch('https://assets/');
  if (found.status !== 200) {
    await found.body?.cancel();
    return null;
  }
  const headers = new Headers({ ...siteHeaders, 'content-type': type });
  const length = found.headers.get('content-length');
  if (length) headers.set('content-length', length);
  return new Response(found.body, { headers });
};
