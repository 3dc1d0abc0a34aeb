// One tab writes. A second one may take over; the first then stops at once.

const NAME = "khaothi-exam";
/** After a reload the page that was here before may hold the lock for a moment longer. */
const RELOAD_MS = 1000;

let letGo = () => {};

/** Hold the lock until it is released. Resolves to true when held; `lost` is called when another tab takes it. */
export function holdLock(lost, { steal = false } = {}) {
  return new Promise((resolve) => {
    let mine = false;
    const options = steal ? { steal: true } : { signal: AbortSignal.timeout(RELOAD_MS) };
    const held = navigator.locks.request(NAME, options, () => {
      mine = true;
      resolve(true);
      return new Promise((done) => {
        letGo = done;
      });
    });
    held.catch(() => (mine ? lost() : resolve(false)));
  });
}

/** Nothing is left to write here: another tab may sit the next attempt. */
export function releaseLock() {
  letGo();
}
