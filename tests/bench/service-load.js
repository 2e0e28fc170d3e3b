// A lean HTTP client for measuring servers: what it costs itself should not hide how they differ.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** @typedef {{ method?: string, path: string, body?: string }} Call */
/** @typedef {{ status: number, body: string }} Answer */

const HEAD_END = '\r\n\r\n';

/** One kept connection, one request at a time. */
class Line {
  /** @type {import('node:net').Socket | undefined} */ #socket;
  #url;
  #headers;
  /** @type {Buffer[]} */ #parts = [];
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */ #waiting;

  /** @param {URL} url @param {string} headers */
  constructor(url, headers) {
    this.#url = url;
    this.#headers = `Host: ${url.host}\r\n${headers}`;
  }

  /** A server ends what nobody uses for some seconds, so a connection is made whenever there is none. */
  async open() {
    if (this.#socket && !this.#socket.destroyed && !this.#socket.readableEnded) return;
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true });
    this.#socket = socket;
    this.#parts = [];
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#socket === socket && this.#waiting?.reject(new Error('cut off')));
    await once(socket, 'connect');
  }

  close() {
    this.#waiting = undefined;
    this.#socket?.destroy();
  }

  /** On an open connection. @param {Call} call @returns {Promise<Answer>} */
  ask({ method = 'GET', path, body = '' }) {
    const size = body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket?.write(`${method} ${path} HTTP/1.1\r\n${this.#headers}${size}\r\n${body}`);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** @param {Buffer} bytes */
  #take(bytes) {
    this.#parts.push(bytes);
    const all = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    this.#parts = [all];
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head);
    const from = end + HEAD_END.length;
    if (!length) return this.#waiting?.reject(new Error(`an answer without a length: ${head}`));
    if (all.length < from + Number(length[1])) return;
    this.#parts = [];
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: all.toString('utf8', from) });
  }
}

/** Some connections to one server. */
export class Client {
  /** @type {Line[]} */ #lines;

  /** @param {string} origin @param {{ lines: number, apiKey?: string, authorization?: string }} options */
  constructor(origin, { lines, apiKey, authorization }) {
    const sent = Object.entries({ 'x-api-key': apiKey, authorization }).filter(([, value]) => value !== undefined);
    const headers = sent.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.#lines = Array.from({ length: lines }, () => new Line(new URL(origin), headers));
  }

  close() {
    for (const line of this.#lines) line.close();
  }

  /** @param {Call} call @param {number} [expected] status @returns {Promise<Answer>} */
  async ask(call, expected = 200, line = this.#lines[0]) {
    await line.open();
    const answer = await line.ask(call);
    if (answer.status !== expected)
      throw new Error(`${call.method ?? 'GET'} ${call.path}: ${answer.status} ${answer.body}`);
    return answer;
  }

  /**
   * So many calls over all connections at once.
   * @param {number} times
   * @param {(n: number) => Call} call
   * @param {{ expected?: number, seen?: (answer: Answer, n: number) => void }} [options]
   * @returns {Promise<number>} milliseconds for one, as the throughput says
   */
  async run(times, call, { expected = 200, seen } = {}) {
    let next = 0;
    const start = performance.now();
    const work = async (/** @type {Line} */ line) => {
      for (let n = next++; n < times; n = next++) {
        const answer = await this.ask(call(n), expected, line);
        seen?.(answer, n);
      }
    };
    await Promise.all(this.#lines.map(work));
    return (performance.now() - start) / times;
  }

  /** Milliseconds of each of so many calls, one after the other. @param {number} times @param {(n: number) => Call} call @param {number} [expected] */
  async each(times, call, expected) {
    const taken = [];
    for (let n = 0; n < times; n++) {
      const start = performance.now();
      await this.ask(call(n), expected);
      taken.push(performance.now() - start);
    }
    return taken;
  }
}

/** Processor time of a process so far in milliseconds; NaN where the system does not say. @param {number} pid */
export function processorTime(pid) {
  try {
    const [, rest] = /\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const [user, system] = rest.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10; // clock ticks of a hundredth of a second
  } catch {
    return Number.NaN;
  }
}
