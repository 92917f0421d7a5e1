// keep: what the program has written, in the browser's own storage (IndexedDB).
//
//     const store = await openStore();         // null: this browser keeps nothing
//     const files = await store.read();        // [{path, bytes}]
//     await store.write([{path, bytes}]);      // all of it or nothing; bytes null: gone
//     await store.behind();                    // has another tab written since?
//
// Tabs count their writes in one place. Who finds there another number than the one that
// was left writes nothing: another tab has gone on, and its progress stays.

export class Behind extends Error {}

const done = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});

const ended = (transaction) => new Promise((yes, no) => {
  transaction.oncomplete = yes;
  transaction.onabort = () => no(transaction.error);
});

export async function openStore() {
  let db;
  try {
    const request = indexedDB.open('learn', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('files', { keyPath: 'path' });
      request.result.createObjectStore('counts');
    };
    db = await done(request);
  } catch {
    return null;
  }
  let left = 0;

  const behind = async (counts) => ((await done(counts.get('writes'))) ?? 0) !== left;

  return {
    async read() {
      const both = db.transaction(['files', 'counts']);
      left = (await done(both.objectStore('counts').get('writes'))) ?? 0;
      return done(both.objectStore('files').getAll());
    },

    async write(files) {
      const both = db.transaction(['files', 'counts'], 'readwrite');
      const end = ended(both);
      const counts = both.objectStore('counts');
      if (await behind(counts)) {
        await end;
        throw new Behind();
      }
      const store = both.objectStore('files');
      try {
        for (const { path, bytes } of files) {
          if (bytes) store.put({ path, bytes });
          else store.delete(path);
        }
        counts.put(left + 1, 'writes');
      } catch (fault) {
        both.abort();
        await end.catch(() => {});
        throw fault;
      }
      await end;
      left += 1;
    },

    behind: () => behind(db.transaction('counts').objectStore('counts')),
  };
}
