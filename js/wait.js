// Waiting that can be aborted. No timer and no listener outlives it.

/** More than this, a timer fires at once instead of late. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} rejects with the signal's reason
 */
export function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(milliseconds, LONGEST_TIMER),
    );
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Do something that ends at the latest when the time is over or the caller aborts, also when the work itself
 * does not listen to its signal.
 *
 * @template T
 * @param {{ timeout: number, signal?: AbortSignal, late: () => Error }} limits  milliseconds, Infinity for none
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function within({ timeout, signal, late }, work) {
  if (signal?.aborted) throw signal.reason;
  const controller = new AbortController();
  /** @type {Promise<never>} */
  const ended = new Promise((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  ended.catch(() => {}); // somebody else hears of it
  const stop = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const timer = timeout <= LONGEST_TIMER ? setTimeout(() => controller.abort(late()), timeout) : undefined;
  try {
    return await Promise.race([work(controller.signal), ended]);
  } catch (error) {
    // Whatever the platform made of the abort, the reason is what the caller is told.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
