// One tab writes. A second one may take over; the first then stops at once.

const NAME = "khaothi-exam";

/** Hold the lock for the life of this page. Resolves to true when held; `lost` is called when another tab takes it. */
export function holdLock(lost, { steal = false } = {}) {
  return new Promise((resolve) => {
    const options = steal ? { steal: true } : { ifAvailable: true };
    const held = navigator.locks.request(NAME, options, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
    held.catch(() => lost());
  });
}
