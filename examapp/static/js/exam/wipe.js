// After the result was seen nothing of the attempt stays on this machine.

import { DATABASE } from "./store.js";
import { deleteDatabase } from "./idb.js";
import { within } from "./pause.js";

/** A step that takes longer is held up by another page; a technician is called then. */
const STEP_MS = 15000;

/** Delete every storage of the origin. True when all of it is gone. */
export async function wipeOrigin(store) {
  const steps = [
    () => store.destroy(),
    async () => {
      const databases = (await indexedDB.databases?.()) ?? [{ name: DATABASE }];
      await Promise.all(databases.map(({ name }) => deleteDatabase(name)));
    },
    async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))),
    async () => {
      const workers = await navigator.serviceWorker.getRegistrations();
      await Promise.all(workers.map((worker) => worker.unregister()));
    },
    () => localStorage.clear(),
    () => sessionStorage.clear(),
  ];
  let clean = true;
  for (const step of steps) {
    try {
      await within(STEP_MS, step());
    } catch {
      clean = false;
    }
  }
  return clean;
}
