// Reads the mutations. A *.txt file here is the rules of one subject and the C tests that have to notice when one of them
// is broken. A rule is a name, the file in src that keeps it, a text that stands there exactly once (lines with `-`) and
// what breaks the rule in its place (lines with `+`, none to take it out):
//
//     four characters are shown, not five
//     in mask.h
//     - DC_SHOWN = 4,
//     + DC_SHOWN = 5,
//
// A change that nobody could notice (an equivalent mutant) is no rule and does not stand there.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {{ rule: string, file: string, find: string, put: string, tests: string[] }} Mutation */

/** What the lines with this mark say together. @param {string[]} lines @param {string} mark */
function textOf(lines, mark) {
  return lines
    .filter((line) => line[0] === mark)
    .map((line) => line.slice(2))
    .join('\n');
}

/** @param {string} paragraph @param {string[]} tests @returns {Mutation} */
function readRule(paragraph, tests) {
  const [rule, place, ...lines] = paragraph.split('\n');
  const file = /^in (\S+)$/.exec(place ?? '')?.[1];
  const find = textOf(lines, '-');
  if (!file || !find || lines.some((line) => !/^[-+]( |$)/.test(line))) throw new Error(`no mutation:\n${paragraph}`);
  return { rule, file, find, put: textOf(lines, '+'), tests };
}

/** @param {string} text of a file @returns {Mutation[]} */
export function readTable(text) {
  const [head, ...paragraphs] = text.trimEnd().split(/\n{2,}/);
  const tests = /^tests (.+)$/m.exec(head)?.[1].split(' ');
  if (!tests) throw new Error(`no tests are named:\n${head}`);
  return paragraphs.map((paragraph) => readRule(paragraph, tests));
}

/** All mutations. */
export function readMutations() {
  const names = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.txt'));
  return names.flatMap((name) => readTable(readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')));
}

/**
 * Where a text stands in a source. It must stand there exactly once: a rule that was moved or written anew must not
 * pass for one that was broken.
 * @param {string} source @param {string} find
 */
export function placeOf(source, find) {
  const at = source.indexOf(find);
  if (at < 0) throw new Error('the text to be replaced is not there any more');
  if (source.includes(find, at + 1)) throw new Error('the text to be replaced is there several times');
  return at;
}
