/** Short messages that need no answer. The region is there from the start, so that screen readers announce what enters it. */
import { h, icon } from './dom.js';

const LIFE = 6000;
const MOST = 3;

/** @param {string} text @param {'good' | 'bad'} [tone] */
export function toast(text, tone = 'good') {
  const region = /** @type {HTMLElement} */ (document.getElementById('toasts'));
  const node = h('p', { class: 'toast', 'data-tone': tone }, icon(tone === 'good' ? 'check' : 'warning'), text);
  while (region.childElementCount >= MOST) region.firstElementChild?.remove();
  region.append(node);
  setTimeout(() => node.remove(), LIFE);
}
