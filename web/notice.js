/** Failures in words: what happened, what to do, and the number support asks for. */
import { h, icon } from './dom.js';

/**
 * @param {any} error a DevcasterError, or anything thrown
 * @param {...HTMLElement} actions what a person can do about it, such as a button that tries again
 */
export function problem(error, ...actions) {
  const details = Array.isArray(error?.errors)
    ? error.errors.filter((/** @type {unknown} */ text) => typeof text === 'string')
    : [];
  return h(
    'div',
    { class: 'notice error', role: 'alert' },
    h('p', {}, icon('warning'), h('strong', {}, error?.message || 'Something went wrong.')),
    details.length > 0 && h('ul', {}, ...details.map((/** @type {string} */ text) => h('li', {}, text))),
    error?.suggestedFix && h('p', {}, error.suggestedFix),
    error?.requestId && h('p', { class: 'small muted' }, 'Request ', h('code', {}, error.requestId)),
    actions.length > 0 && h('p', { class: 'actions start' }, ...actions),
  );
}

/** @param {string} text */
export function loading(text = 'Loading…') {
  return h(
    'p',
    { class: 'loading', role: 'status' },
    h('span', { class: 'spinner', 'aria-hidden': 'true' }),
    ' ',
    text,
  );
}
