// shelf: the files that the program has written, and what is said when they can't be kept.
//
//     const shelf = await openShelf(takeHome);
//     shelf.all();                       // [{path, bytes}], as they are now
//     await shelf.keep(list);            // bytes null: gone
//     await shelf.behind();              // another tab has gone on: said, and nothing is kept
import { Behind, openStore } from './keep.js';
import { notice } from './notices.js';
import { say, spoken } from './texts.js';

export async function openShelf(takeHome) {
  const files = new Map(); // path → bytes
  const unwritten = new Map(); // what could not be written waits for the next time
  const store = await openStore();
  let behind = false;
  let turn = Promise.resolve(); // one write after the other

  const listed = (map) => [...map].map(([path, bytes]) => ({ path, bytes }));

  const fellBehind = () => {
    behind = true;
    notice(say('kept.behind'),
      { 'kept.reload': () => location.reload(), 'kept.take': takeHome }, 'kept');
  };
  let full = false;
  const noRoom = () => {
    if (full) return;
    full = true;
    const time = new Date().toLocaleTimeString(spoken(), { hour: '2-digit', minute: '2-digit' });
    notice(say('kept.full', { time }), { 'kept.take': takeHome }, 'kept');
  };

  const write = async () => {
    if (!store || behind) return;
    const now = new Map(unwritten);
    try {
      await store.write(listed(now));
      for (const [path, bytes] of now) if (unwritten.get(path) === bytes) unwritten.delete(path);
      full = false;
    } catch (fault) {
      if (fault instanceof Behind) fellBehind();
      else noRoom();
    }
  };

  if (store) for (const { path, bytes } of await store.read()) files.set(path, bytes);
  document.addEventListener('visibilitychange', async () => {
    if (!document.hidden && store && !behind && await store.behind()) fellBehind();
  });
  addEventListener('beforeunload', (e) => { if (unwritten.size && !behind) e.preventDefault(); });

  return {
    keepsNothing: !store,
    all: () => listed(files),
    get: (path) => files.get(path),
    async behind() {
      if (store && (behind || await store.behind())) fellBehind();
      return behind;
    },
    keep(list) {
      for (const { path, bytes } of list) {
        if (bytes) files.set(path, bytes);
        else files.delete(path);
        unwritten.set(path, bytes);
      }
      turn = turn.then(write);
      return turn;
    },
  };
}
