/** Dialogs: native ones, so that focus is held inside, Escape closes, and focus goes back to where it came from. */
import { busy, h } from './dom.js';
import { problem } from './notice.js';

let count = 0;

/**
 * Shows a dialog and resolves when it is gone.
 * @param {HTMLDialogElement} dialog
 * @param {AbortSignal} [signal] closes it too
 * @returns {Promise<string>} its return value; '' when it was cancelled
 */
export function open(dialog, signal) {
  if (signal?.aborted) return Promise.resolve('');
  document.body.append(dialog);
  dialog.showModal();
  const leave = () => dialog.close();
  signal?.addEventListener('abort', leave);
  return new Promise((resolve) =>
    dialog.addEventListener(
      'close',
      () => {
        signal?.removeEventListener('abort', leave);
        dialog.remove();
        resolve(dialog.returnValue);
      },
      { once: true },
    ),
  );
}

/**
 * Asks before something that matters. The work runs while the dialog is open, so that a failure is read where it was caused.
 * @param {object} question
 * @param {string} question.title
 * @param {(Node | string)[]} question.body paragraphs
 * @param {string} question.action the words on the button
 * @param {boolean} [question.danger]
 * @param {() => Promise<unknown>} question.run
 * @param {AbortSignal} [question.signal]
 * @returns {Promise<boolean>} whether it was done
 */
export async function ask({ title, body, action, danger = false, run, signal }) {
  const id = `question-${++count}`;
  const trouble = h('div');
  const cancel = h('button', { type: 'button', autofocus: danger }, 'Cancel');
  const yes = h('button', { type: 'submit', class: danger ? 'danger' : 'primary', autofocus: !danger }, action);
  const form = h(
    'form',
    {},
    h('h2', { id }, title),
    h('div', { id: `${id}-body` }, ...body.map((text) => (typeof text === 'string' ? h('p', {}, text) : text))),
    trouble,
    h('div', { class: 'actions' }, cancel, yes),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    h('dialog', { 'aria-labelledby': id, 'aria-describedby': `${id}-body`, role: danger ? 'alertdialog' : null }, form)
  );
  cancel.addEventListener('click', () => dialog.close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    trouble.replaceChildren();
    busy(yes, run).then(
      () => dialog.close('done'),
      (error) => trouble.replaceChildren(problem(error)),
    );
  });
  return (await open(dialog, signal)) === 'done';
}
