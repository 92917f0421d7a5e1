// luggage: what a student takes home and brings in, as files.
//
//     takeHome(files, pictures)         // all as one zip
//     listHome(files, remove)           // the list in the menu; each saved by a press
//     const what = await unpack(file)   // a File that was chosen or dropped
//       { kind: 'put', path, bytes, line }     a table, a lesson, a script; the line uses it
//       { kind: 'restore', files, all }        progress, or all that was taken home
//       { kind: 'refused', text }              a sentence that says why
import { button, element } from './notices.js';
import { save } from './pictures.js';
import { say } from './texts.js';
import { unzip, zip } from './zip.js';

export const STATE = '.local/state/learn/';
export const WORK = 'work/';
const PROGRESS = `${STATE}progress.json`;
const ELSEWHERE = /(^|\/)\.{0,2}(\/|$)/; // a part of a path that is no name
export const MOST = 64e6; // of one file
export const KEPT = { folders: [WORK, STATE], most: MOST }; // what a page keeps
const ROOM = 512e6; // of all that was taken home, together

export const size = (bytes) => {
  const units = ['B', 'KB', 'MB', 'GB'];
  let n = bytes, unit = 0;
  for (; n >= 1000; n /= 1000) unit++;
  return `${n < 10 && unit ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
};

const isKept = ({ path }) => path !== `${STATE}progress.lock` && !ELSEWHERE.test(path)
  && KEPT.folders.some((folder) => path.startsWith(folder));

const today = () => new Date().toLocaleDateString('sv'); // 2026-11-28

const label = (path) => (path === PROGRESS ? say('home.progress') : path.slice(WORK.length));

export function takeHome(files, pictures) {
  const drawn = pictures.map(({ name, svg }, i) => (
    { path: `pictures/${i + 1}-${name}.svg`, bytes: new TextEncoder().encode(svg) }));
  const kept = files.filter(isKept);
  save(`learn-${today()}.zip`, zip([...kept, ...drawn]), 'application/zip');
}

export function listHome(files, remove) {
  const rows = files
    .filter(({ path }) => path === PROGRESS || path.startsWith(WORK))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, bytes }) => {
      const name = path.split('/').pop();
      const b = button(label(path), () => save(name, bytes, 'application/octet-stream'));
      b.className = 'link';
      const row = element('li', b, element('span', size(bytes.length)));
      if (path !== PROGRESS) {
        const away = button('×', () => confirm(say('home.remove', { name })) && remove(path));
        away.className = 'close';
        away.setAttribute('aria-label', say('home.away', { name }));
        row.append(away);
      }
      return row;
    });
  document.getElementById('home-list').replaceChildren(...rows);
}

// A name that the program can write between quotes, in its own folder.
export const plain = (name) => name.normalize('NFC').replace(/[\p{C}"'\\/:*?<>|$`]/gu, '_').replace(/^\.+/, '') || 'file';

const json = (bytes) => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
};

// Of a table the last column is the answer, at first; whoever knows better changes it.
function columns(bytes) {
  const [head] = new TextDecoder().decode(bytes.subarray(0, 4096)).split('\n');
  const bare = head.replace(/"[^"]*"/g, ''); // a name between quotes may hold a comma
  const n = Math.max(...[',', ';', '\t'].map((mark) => bare.split(mark).length));
  return n > 2 ? `x 1..${n - 1} y ${n}` : n === 2 ? 'x 1 y 2' : null;
}

// The line that uses a file; with its Enter where nothing in it is a guess.
const table = (name, bytes) => {
  const which = columns(bytes);
  return which && `use "${name}" ${which}`; // of one column nothing can be learned
};
const lines = {
  __proto__: null, // a file may be called x.constructor
  json: (name) => `lesson "${name}"\r`,
  csv: table,
  tsv: table,
  txt: (name) => `use "${name}" window 16`,
  learn: (name) => `run "${name}"\r`,
};

const sound = (progress) => Object.prototype.toString.call(progress?.lessons) === '[object Object]';

export async function unpack(file) {
  const { name } = file;
  const refused = (key, values) => ({ kind: 'refused', text: say(key, { name, ...values }) });
  let bytes, packed;
  try {
    packed = (await file.slice(0, 2).text()) === 'PK';
    const most = packed ? ROOM : MOST;
    if (file.size > most) return refused('large', { size: size(file.size), most: size(most) });
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return refused('unread');
  }
  if (/\.(xlsx?|ods|numbers)$/i.test(name)) return refused('sheet');
  if (packed) {
    let files;
    try {
      files = (await unzip(bytes, ROOM)).filter(isKept);
    } catch {
      return refused('no-archive', { why: say('archive.broken') });
    }
    const progress = files.find(({ path }) => path === PROGRESS);
    if (progress && !sound(json(progress.bytes))) return refused('no-archive', { why: say('archive.broken') });
    return files.length ? { kind: 'restore', files, all: true } : refused('no-archive', { why: say('archive.empty') });
  }
  const read = /\.json$/i.test(name) ? json(bytes) : null;
  if (/^progress.*\.json$/i.test(name) && !sound(read)) return refused('no-archive', { why: say('archive.broken') });
  if (sound(read) && !read.steps) return { kind: 'restore', files: [{ path: PROGRESS, bytes }] };
  const as = plain(name);
  const line = lines[as.split('.').pop().toLowerCase()]?.(as, bytes);
  return { kind: 'put', path: WORK + as, bytes, line };
}
