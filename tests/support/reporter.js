// A dot for each test that passes, the story of each that fails, and node's own closing lines.
import { relative } from 'node:path';
import { inspect } from 'node:util';

/**
 * @typedef {object} TestData
 * @property {string} [name]
 * @property {string} [file]
 * @property {number} [line]
 * @property {number} nesting
 * @property {string} [message]
 * @property {{ type?: string, error?: Error & { failureType?: string, cause?: unknown } }} [details]
 */

const SUMMARY = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

/** @param {TestData} data */
function failure({ name, file, line, details }) {
  const cause = details?.error?.cause ?? details?.error;
  const place = file ? ` (${relative(process.cwd(), file)}${line ? `:${line}` : ''})` : '';
  return `\nnot ok ${name}${place}\n${cause instanceof Error ? inspect(cause) : String(cause)}\n`;
}

/** @param {TestData} data */
function isOnlyAboutSubtests({ details }) {
  return details?.error?.failureType === 'subtestsFailed';
}

/** @param {AsyncIterable<{ type: string, data: TestData }>} source */
export default async function* reporter(source) {
  /** @type {Map<string | undefined, string>} */
  const output = new Map();
  for await (const { type, data } of source) {
    if (type === 'test:pass') yield '.';
    if (type === 'test:stdout' || type === 'test:stderr') {
      output.set(data.file, (output.get(data.file) ?? '') + data.message);
    }
    if (type === 'test:fail') {
      if (!isOnlyAboutSubtests(data)) yield failure(data);
      // What the file printed may tell more than the error does.
      yield output.get(data.file) ?? '';
      output.delete(data.file);
    }
    if (type === 'test:diagnostic') {
      if (data.nesting === 0 && SUMMARY.test(data.message ?? '')) {
        yield `${data.message?.startsWith('tests ') ? '\n' : ''}# ${data.message}\n`;
      } else if (process.env.DEVCASTER_TEST_ALL) yield `\n# ${data.message}\n`;
    }
  }
}
