/** One way to fill a part of a view from the service: a sign of life, then the content, or the failure and a way on. */
import { h } from './dom.js';
import { loading, problem } from './notice.js';
import { isSignedOut } from './service.js';

/**
 * @template T
 * @param {HTMLElement} place what is there stays, dimmed, until the new content is ready
 * @param {() => Promise<T>} read
 * @param {(value: T) => (Node | string)[]} show
 * @param {{ signal: AbortSignal, ways?: HTMLElement[], title?: string }} options ways: further links that a failure offers;
 *   title: the heading of a failure, where the content would have brought its own
 * @returns {Promise<T | undefined>} undefined when it failed or the view is gone
 */
export async function load(place, read, show, { signal, ways = [], title }) {
  place.setAttribute('aria-busy', 'true');
  if (place.childElementCount === 0) place.append(loading());
  try {
    const value = await read();
    if (signal.aborted) return undefined;
    keepFocus(place, () => place.replaceChildren(...show(value)));
    return value;
  } catch (error) {
    if (signal.aborted) return undefined;
    signedOut(error);
    const again = h(
      'button',
      { type: 'button', onclick: () => load(place, read, show, { signal, ways, title }) },
      'Try again',
    );
    place.replaceChildren(...(title ? [h('h1', { tabindex: -1 }, title)] : []), problem(error, again, ...ways));
    return undefined;
  } finally {
    if (!signal.aborted) place.removeAttribute('aria-busy');
  }
}

/**
 * A control that was pressed is drawn anew with what it changed; the keyboard stays on its successor, known by its name.
 * @param {HTMLElement} place
 * @param {() => void} draw
 */
function keepFocus(place, draw) {
  const focused = document.activeElement;
  const name = focused && place.contains(focused) ? focused.getAttribute('name') : null;
  draw();
  if (!name) return;
  const next = place.querySelector(`[name="${CSS.escape(name)}"]`) ?? place.querySelector('h1');
  if (next instanceof HTMLElement) next.focus();
}

/** Tells the page when a failure means that the session is over. @param {unknown} error */
export function signedOut(error) {
  if (isSignedOut(error)) dispatchEvent(new Event('devcaster:signed-out'));
}
