// Killing the service at a moment of its choice.

/** @typedef {Awaited<ReturnType<typeof import('./hostile-service.js').startHostile>>} Hostile */

/**
 * SIGKILL when the provider is at a moment of a token request, then start again.
 * @param {Hostile} service
 * @param {import('./hostile-provider.js').Moment} moment
 * @param {() => Promise<unknown>} work what leads there
 * @param {number} [delayMs] later than that
 * @returns {Promise<boolean>} whether the work was answered all the same
 */
export async function crashDuring(service, moment, work, delayMs = 0) {
  if (moment === 'connected') await service.provider.hangUp();
  const killed = new Promise((resolve) => {
    service.provider.at = (now) => {
      if (now !== moment) return undefined;
      service.provider.at = () => {};
      if (delayMs > 0) setTimeout(() => resolve(service.kill()), delayMs);
      else resolve(service.kill());
      // What is under way waits, so that nothing happens between the moment and the death.
      return delayMs > 0 ? undefined : new Promise((go) => setTimeout(go, 50));
    };
  });
  const answered = work().then(
    () => true,
    () => false,
  );
  await killed;
  const result = await answered;
  await service.restart();
  return result;
}
