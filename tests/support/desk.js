// The server beside the contract suite: lets a person follow the links of a case, and for pages hands out the suite and
// the installed package, passes API calls on to the service and takes the outcomes.
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { PassThrough } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { Visitor } from './visitor.js';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {Awaited<ReturnType<typeof import('./service.js').startService>>} Service */
/** @typedef {import('../contract/cases.js').Outcome} Outcome */

const SILENCE = 60_000;
/** @type {Record<string, string>} */
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.map': 'application/json' };

/** @typedef {{ folder: string, files: Record<string, string>, script: string, importMap?: object }} Pages */

/**
 * A page that loads one script, under a policy as strict as one can be with a module of WebAssembly.
 * @param {Pages} pages
 */
function document({ script, importMap }) {
  const map = importMap ? JSON.stringify(importMap) : undefined;
  const hash = map === undefined ? '' : ` 'sha256-${createHash('sha256').update(map).digest('base64')}'`;
  const policy = `default-src 'none'; img-src data:; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'${hash}`;
  const html = [
    '<!doctype html><meta charset="utf-8"><title>Contract</title><link rel="icon" href="data:,">',
    map === undefined ? '' : `<script type="importmap">${map}</script>`,
    `<script type="module" src="${script}"></script>`,
  ].join('\n');
  return { html, policy };
}

/**
 * @param {Service} service
 * @param {Pages} [pages] what is handed out: files below `folder`, and `files`, addresses of single ones
 */
export async function openDesk(service, pages) {
  const outcomes = new PassThrough({ objectMode: true });
  const silent = () => outcomes.destroy(new Error(`the page said nothing for ${SILENCE} ms`));
  const timer = setTimeout(silent, SILENCE);
  if (!pages) clearTimeout(timer);
  const end = () => {
    clearTimeout(timer);
    outcomes.end();
  };

  /** @type {Record<string, (from: IncomingMessage, to: ServerResponse) => Promise<unknown>>} */
  const desk = {
    async '/visit'(from, to) {
      const { link, decision } = /** @type {any} */ (await json(from));
      await new Visitor(service).connect(link, `person-${randomUUID()}`, decision);
      to.end();
    },
    async '/settings'(_from, to) {
      to.setHeader('content-type', 'application/json');
      to.end(JSON.stringify({ apiKey: service.apiKey, connectOrigin: service.origin }));
    },
    async '/report'(from, to) {
      const said = JSON.parse(await text(from));
      to.end();
      timer.refresh();
      if (!('end' in said)) outcomes.write(said);
      else if (said.error === undefined) end();
      else outcomes.destroy(new Error(said.error));
    },
    async '/'(_from, to) {
      const { html, policy } = document(/** @type {Pages} */ (pages));
      to.setHeader('content-type', 'text/html; charset=utf-8').setHeader('content-security-policy', policy);
      to.end(html);
    },
  };

  /** @param {IncomingMessage} from @param {ServerResponse} to */
  function pass(from, to) {
    // To the service the page is one of its own, which it tells by the Origin.
    const { host, origin, ...others } = from.headers;
    const headers = origin === `http://${host}` ? { ...others, origin: service.origin } : others;
    const onward = request(service.origin + from.url, { method: from.method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  }

  /** @param {string} path @param {ServerResponse} to */
  async function hand(path, to) {
    const file = pages?.files[path] ?? join(pages?.folder ?? '', normalize(path));
    const bytes = pages && TYPES[extname(file)] ? await readFile(file).catch(() => undefined) : undefined;
    if (bytes === undefined) to.writeHead(404).end();
    else to.writeHead(200, { 'content-type': TYPES[extname(file)] }).end(bytes);
  }

  const server = createServer((from, to) => {
    const { pathname } = new URL(from.url ?? '', 'http://desk');
    if (pathname.startsWith('/api/')) return pass(from, to);
    const work = Object.hasOwn(desk, pathname) ? desk[pathname](from, to) : hand(pathname, to);
    work.catch((/** @type {Error} */ error) => to.writeHead(500).end(error.stack));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    /** What the page reports, until its end. */
    outcomes: /** @type {AsyncIterable<Outcome>} */ (outcomes),
    /** Ends the reports with an error, when the page cannot give any more. @param {Error} error */
    fail: (error) => void outcomes.destroy(error),
    close() {
      clearTimeout(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}
