/** The dialog that begins a connection: which auth config, for which user, under which alias. */

import { open } from './dialog.js';
import { busy, clone, h, part } from './dom.js';
import { accountName } from './format.js';
import { signedOut } from './load.js';
import { problem } from './notice.js';
import { go, link } from './router.js';
import { authConfigs, client } from './service.js';
import { toast } from './toast.js';
import { openTab, waitFor } from './waiting.js';

/**
 * @param {{ user?: string, signal: AbortSignal, done: () => void }} options done: called when the list may have changed
 */
export async function chooseAccount({ user = '', signal, done }) {
  const dialog = /** @type {HTMLDialogElement} */ (clone('connect'));
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
  const trouble = part(dialog, 'problem');
  /** @type {{ request: any, tab: Window | null, text: string } | null} */
  let begun = null;

  form.user.value = user;
  part(dialog, 'cancel').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble.replaceChildren();
    const tab = openTab();
    try {
      const request = await busy(part(dialog, 'submit'), () =>
        client.connectedAccounts.link(form.user.value.trim(), form.config.value, {
          alias: form.alias.value.trim() || undefined,
        }),
      );
      begun = {
        request,
        tab,
        text: `${form.config.selectedOptions[0].textContent} for user ${form.user.value.trim()}.`,
      };
      dialog.close('begun');
    } catch (error) {
      tab?.close();
      signedOut(error);
      trouble.replaceChildren(problem(error));
    }
  });
  fill(form, trouble);
  await open(dialog, signal);
  if (begun) await follow(begun, signal, done);
}

/** @param {HTMLFormElement} form @param {HTMLElement} trouble */
async function fill(form, trouble) {
  try {
    const configs = await authConfigs();
    form.config.append(...groups(configs));
    if (configs.length === 1) form.config.value = configs[0].id;
    if (configs.length === 0) {
      trouble.replaceChildren(
        h(
          'p',
          { class: 'notice' },
          'There is no auth config yet. ',
          h('a', { href: '#/auth-configs' }, 'Create one'),
          ' first.',
        ),
      );
    }
  } catch (error) {
    signedOut(error);
    trouble.replaceChildren(problem(error));
  }
}

/** Auth configs under their toolkits. @param {any[]} configs */
function groups(configs) {
  const by = Map.groupBy ? Map.groupBy(configs, (one) => one.toolkit.slug) : group(configs);
  return [...by].map(([slug, members]) =>
    h(
      'optgroup',
      { label: slug },
      ...members.map((one) => h('option', { value: one.id }, `${one.name || one.id} (${one.authScheme})`)),
    ),
  );
}

/** For browsers before Map.groupBy. @param {any[]} configs @returns {Map<string, any[]>} */
function group(configs) {
  const by = new Map();
  for (const one of configs) by.set(one.toolkit.slug, [...(by.get(one.toolkit.slug) ?? []), one]);
  return by;
}

/** @param {{ request: any, tab: Window | null, text: string }} begun @param {AbortSignal} signal @param {() => void} done */
async function follow({ request, tab, text }, signal, done) {
  const account = await waitFor(request, { tab, text, signal });
  if (signal.aborted) return;
  if (account) {
    toast(`${accountName(account)} is connected.`);
    go(link(`/accounts/${encodeURIComponent(account.id)}`));
  } else {
    done();
  }
}
