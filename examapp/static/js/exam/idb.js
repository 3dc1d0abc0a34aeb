// IndexedDB as promises. A write is over when its transaction is durable, not when the request succeeded.

export function openDatabase(name, version, upgrade) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("database is held by another page"));
  });
}

/** Run `deed(stores)` in one strict read-write transaction and wait until it is on disk. */
export function write(database, names, deed) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onerror = (event) => reject(event.target.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    deed(...names.map((name) => transaction.objectStore(name)));
  });
}

export function read(database, name, deed) {
  return new Promise((resolve, reject) => {
    const request = deed(database.transaction(name).objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function deleteDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    // Another page still holds it; its versionchange handler lets go, then success follows.
    request.onblocked = () => {};
  });
}
