/** Sign-in: by the link that `npm start` prints, or with an API key. Neither is kept: both become an HttpOnly cookie. */
import { busy, clone, part } from './dom.js';
import { problem } from './notice.js';
import { signIn } from './service.js';

const MARK = '#sign_in=';

/**
 * Takes the one-time token out of the address before anything else runs, so that it stays in no history entry.
 * @returns {string | null}
 */
export function takeToken() {
  if (!location.hash.startsWith(MARK)) return null;
  const token = location.hash.slice(MARK.length);
  history.replaceState(null, '', location.pathname);
  return token;
}

/** @param {string} token */
export const useToken = (token) => signIn({ signInToken: token });

/**
 * @param {HTMLElement} root
 * @param {{ error?: unknown, done: () => void }} options
 */
export function mountSignIn(root, { error, done }) {
  document.title = 'Sign in · Devcaster';
  const view = clone('sign-in');
  const trouble = part(view, 'problem');
  if (error) trouble.append(problem(error));
  const input = /** @type {HTMLInputElement} */ (view.querySelector('input'));
  view.querySelector('form')?.addEventListener('submit', async (event) => {
    event.preventDefault();
    trouble.replaceChildren();
    try {
      await busy(view.querySelector('button'), () => signIn({ apiKey: input.value.trim() }));
      input.value = '';
      done();
    } catch (failure) {
      trouble.replaceChildren(problem(failure));
      input.select();
    }
  });
  root.replaceChildren(view);
  input.focus();
}
