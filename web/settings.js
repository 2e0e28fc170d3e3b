/** Settings → Project Settings: the ways to what can be set. */
import { crumbs } from './crumbs.js';
import { h, icon } from './dom.js';
import { offers } from './service.js';

/** @param {import('./router.js').Place} place */
export async function mountSettings({ root, signal }) {
  const entries = [
    entry(
      '#/settings/project/configuration',
      'Project Configuration',
      'Masking of secrets, display name, account selection',
    ),
  ];
  if (await offers('api_keys.list'))
    entries.push(entry('#/settings/project/api-keys', 'API keys', 'Keys of your programs and what each may do'));
  if (signal.aborted) return;
  const project = location.hash.startsWith('#/settings/project');
  root.replaceChildren(
    h(
      'div',
      { class: 'view narrow' },
      project ? crumbs([['Settings', '#/settings']], 'Project Settings') : null,
      h('div', { class: 'heading' }, h('h1', { tabindex: -1 }, project ? 'Project Settings' : 'Settings')),
      h(
        'section',
        { class: 'card', 'aria-labelledby': 'project-settings' },
        h(
          'h2',
          { id: 'project-settings', class: project ? 'hidden' : null },
          project ? 'Project Settings' : h('a', { href: '#/settings/project' }, 'Project Settings'),
        ),
        h('ul', { class: 'ways' }, ...entries),
      ),
    ),
  );
}

/** @param {string} href @param {string} name @param {string} text */
function entry(href, name, text) {
  return h(
    'li',
    {},
    icon(href.endsWith('keys') ? 'key' : 'plug'),
    h('div', {}, h('a', { href }, name), h('p', { class: 'help' }, text)),
  );
}
