/** The alias, edited where it is shown. */
import { busy, h } from './dom.js';
import { signedOut } from './load.js';
import { problem } from './notice.js';
import { client } from './service.js';
import { toast } from './toast.js';

/**
 * @param {any} account
 * @param {{ show: () => Promise<void> }} view
 */
export function aliasField(account, { show }) {
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      name: 'alias',
      'aria-label': 'Alias',
      autocomplete: 'off',
      placeholder: 'None',
      value: account.alias ?? '',
    })
  );
  const save = h('button', { type: 'submit' }, 'Save');
  const trouble = h('div');
  return h('form', { class: 'inline', onsubmit: submit }, input, save, trouble);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    trouble.replaceChildren();
    try {
      await busy(save, () => client.connectedAccounts.update(account.id, { alias: input.value.trim() }));
      toast('Alias saved.');
      await show();
    } catch (error) {
      signedOut(error);
      trouble.replaceChildren(problem(error));
    }
  }
}
