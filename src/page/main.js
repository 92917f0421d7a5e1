// main: the parts of the page joined. What the program says goes to the screen, the pictures
// and the shelf; what a person does goes to the program.
import { openCore, parts, text } from './core.js';
import { askedLanguage, follow } from './link.js';
import { KEPT, listHome, size, STATE, takeHome, unpack } from './luggage.js';
import { fatal, notice } from './notices.js';
import { openNotes, showNotes } from './notes.js';
import { openPictures, save } from './pictures.js';
import { CLEAR, keyRow, openScreen } from './screen.js';
import { openShelf } from './shelf.js';
import { say, speak, spoken } from './texts.js';

const byId = (id) => document.getElementById(id);
const menu = byId('menu'), stop = byId('stop'), reader = byId('reader');
const language = () => {
  const kept = shelf?.get(`${STATE}lang`);
  if (kept) return new TextDecoder().decode(kept).slice(0, 2);
  return navigator.language?.startsWith('ko') ? 'ko' : 'en';
};

let shelf = null, screen = null, core = null;
let waiting = null; // for a 'line' or a 'key', or null: the program is at work
let ended = false;

function speaks(lang) {
  speak(lang);
  keyRow(type, () => waiting);
  for (const radio of document.getElementsByName('language')) radio.checked = radio.value === lang;
}

function type(keys) {
  if (keys === '\x03') core.stop();
  else if (!ended) core.keys(keys);
  else if (keys === '\r') start(['lesson']);
}

function start(args) {
  const lang = askedLanguage();
  ended = false;
  screen.clear();
  screen.reader(reader.checked);
  screen.focus();
  core.start({
    args: lang ? ['--lang', lang, ...args] : args,
    env: {
      LANG: language() === 'ko' ? 'ko_KR.UTF-8' : 'en_US.UTF-8',
      ...(reader.checked && { ACCESSIBLE: '1' }),
    },
    files: shelf.all(),
    kept: KEPT,
    ...screen.size(),
  });
}

const pictures = openPictures();
const carry = () => takeHome(shelf.all(), pictures.all());

// What the program says, a function for each kind of message.
const hears = {
  write: ({ bytes }) => screen.write(bytes),
  picture: pictures.add,
  asks(now) {
    waiting = now.waiting;
    stop.disabled = !now.busy;
    document.title = now.busy ? '● learn' : 'learn';
  },
  files({ list }) {
    shelf.keep(list);
    if (list.some(({ path }) => path === `${STATE}lang`) && language() !== spoken()) speaks(language());
  },
  large({ path, bytes }) {
    notice(say('kept.large', { name: path.split('/').pop(), size: size(bytes), most: size(KEPT.most) }), {}, path);
  },
  notes: ({ page }) => showNotes(page),
  over({ status }) {
    ended = true;
    stop.disabled = true;
    const key = !status ? 'over' : status < 128 ? 'over.wrong' : 'over.failed';
    notice(say(key, { status }), { again: () => start(['lesson']) }, 'over');
  },
  fails: ({ why, text: said }) => fatal(why === 'memory' ? 'no-memory' : 'failed', { why: said }),
};

async function bring(file) {
  const got = await unpack(file);
  const { name } = file;
  if (got.kind === 'refused') {
    notice(got.text);
  } else if (got.kind === 'restore') {
    const replace = async () => {
      if (await shelf.behind()) return; // who goes on here first, can
      core.end();
      const gone = got.all ? shelf.all().map(({ path }) => ({ path, bytes: null })) : [];
      await shelf.keep([...gone, ...got.files]);
      start(['lesson']);
      speaks(language());
      notice(say('restored', { name }), {}, 'restored');
    };
    notice(say(got.all ? 'restore.all' : 'restore', { name }), { replace, leave() {} });
  } else {
    const put = () => {
      core.put(got.path, got.bytes);
      shelf.keep([{ path: got.path, bytes: got.bytes }]);
      const used = () => { type(CLEAR + got.line); screen.focus(); };
      if (got.line) notice(say('here.type', { name, line: got.line.trim() }), { type: used }, got.path);
      else notice(say('here', { name }), {}, got.path);
    };
    if (!asks({ ...got, name }, put)) put();
  }
}

// Nothing takes the place of another file of the same name unasked.
function asks({ name, path, bytes }, put) {
  const old = shelf.get(path);
  if (!old || same(old, bytes)) return false;
  notice(say('there', { name }), { replace: put, leave() {} }, path);
  return true;
}

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

function dropping() {
  const sign = byId('dropping');
  const files = (e) => e.dataTransfer?.types.includes('Files');
  addEventListener('dragover', (e) => {
    if (!files(e)) return;
    e.preventDefault();
    sign.hidden = false;
  });
  addEventListener('dragleave', (e) => { if (!e.relatedTarget) sign.hidden = true; });
  addEventListener('drop', (e) => {
    if (!files(e)) return;
    e.preventDefault();
    sign.hidden = true;
    [...e.dataTransfer.files].forEach(bring);
  });
}

// A setting of the page's own. Where nothing is kept, it holds until the page is closed.
const remembered = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* until then */ } },
};

function settings() {
  const list = () => listHome(shelf.all(), (path) => {
    core.put(path, null);
    shelf.keep([{ path, bytes: null }]);
    list();
  });
  byId('open-menu').onclick = () => {
    list();
    menu.showModal();
  };
  menu.onclick = (e) => { if (e.target === menu) menu.close(); };
  menu.onclose = () => screen.focus();
  byId('home-all').onclick = carry;
  byId('bring').onclick = () => byId('bring-file').click();
  byId('bring-file').onchange = (e) => {
    menu.close();
    [...e.target.files].forEach(bring);
    e.target.value = '';
  };
  for (const radio of document.getElementsByName('language')) {
    radio.onchange = () => {
      speaks(radio.value);
      if (waiting === 'line') type(`${CLEAR}lang ${radio.value}\r`);
    };
  }
  reader.checked = remembered.get('reader') === 'yes';
  reader.onchange = () => {
    remembered.set('reader', reader.checked ? 'yes' : 'no');
    start(['lesson']);
  };
  byId('open-notes').onclick = () => { menu.close(); openNotes(type); };
  byId('licences').onclick = async () => save('licences.txt', await text('licences.txt'), 'text/plain');
  stop.onclick = () => { core.stop(); screen.focus(); };
}

async function open() {
  speaks(askedLanguage() ?? language());
  if (typeof WebAssembly !== 'object') return fatal('no-wasm');
  if (!WebAssembly.Suspending) return fatal('no-wait');
  const coming = parts();
  shelf = await openShelf(carry);
  speaks(askedLanguage() ?? language());
  screen = await openScreen({ keys: type, size: (rows, columns) => core?.size(rows, columns) }, remembered);
  settings();
  core = openCore(await coming, hears);
  dropping();
  const { args, file, fault } = await follow();
  if (fault) notice(fault);
  if (shelf.keepsNothing) notice(say('kept.nowhere'));
  const put = () => {
    shelf.keep([file]);
    start(args);
  };
  if (!file || asks(file, put)) start(args); // meanwhile, with the file that is there
  else put();
  addEventListener('hashchange', () => location.reload());
}

open().catch((fault) => fatal('no-parts', { why: fault.message }));
