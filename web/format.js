/** How values are shown. Words and dates only: what a value means is the core's business. */
import { h } from './dom.js';

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
/** @type {[Intl.RelativeTimeFormatUnit, number][]} seconds in a unit, widest first */
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/**
 * "3 minutes ago", "in 2 hours".
 * @param {number} at milliseconds
 * @param {number} now milliseconds
 */
export function distance(at, now = Date.now()) {
  const seconds = Math.round((at - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(0, 'second');
}

/**
 * A time a person reads, with the exact one behind it.
 * @param {string | null | undefined} iso
 * @param {'short' | 'long'} [form]
 */
export function time(iso, form = 'short') {
  const at = Date.parse(iso ?? '');
  if (Number.isNaN(at)) return h('span', { class: 'muted' }, '–');
  const exact = full.format(at);
  const text = form === 'long' ? `${exact} (${distance(at)})` : distance(at);
  return h('time', { datetime: iso, title: exact }, text);
}

/** `NOT_YET` → `Not yet`. @param {string} name */
export function words(name) {
  const text = name.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string} status a status of the core's catalogue; its colour is chosen in the style sheet */
export function pill(status) {
  return h('span', { class: 'pill', 'data-status': status }, words(status));
}

/**
 * What people call an account: its alias, who it is at the provider, or its ids.
 * @param {any} account
 * @returns {string}
 */
export function accountName(account) {
  return account.alias || account.identity?.label || account.wordId || account.id;
}

/** @param {number} count @param {string} one @param {string} many */
export function amount(count, one, many) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/**
 * A value of a credential or of a result as one readable line (or block).
 * @param {unknown} value
 */
export function plain(value) {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
