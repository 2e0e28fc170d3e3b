/** Where a view stands: Settings → Project Settings → Project Configuration. */
import { h } from './dom.js';

/** @param {[string, string][]} above name and address, outermost first @param {string} here */
export function crumbs(above, here) {
  return h(
    'nav',
    { class: 'crumbs', 'aria-label': 'Breadcrumb' },
    h(
      'ol',
      {},
      ...above.map(([name, href]) => h('li', {}, h('a', { href }, name))),
      h('li', { 'aria-current': 'page' }, here),
    ),
  );
}
