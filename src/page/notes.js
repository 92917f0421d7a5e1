// notes: what only the speaker sees of a talk, in a window of its own.
//
//     openNotes(type);       // from the menu; what is pressed there is typed here
//     showNotes(page);       // what the talk says of itself (present/notes.h); null: it is over
//
// The window is this page's own child: nothing but the two of them hears what is said. It is
// closed with the page; opened anew in a talk, the page says so, and opens it at a press.
import { element, notice } from './notices.js';
import { say, spoken } from './texts.js';

const keys = {
  Enter: '\r', Tab: '\t', Escape: '\x1b', Backspace: '\x7f', PageUp: '\x1b[5~', PageDown: '\x1b[6~',
  ArrowUp: '\x1b[A', ArrowDown: '\x1b[B', ArrowRight: '\x1b[C', ArrowLeft: '\x1b[D',
};
let view = null, types = null; // the window, and who hears what is pressed in it
let page = null, came = 0; // of the talk, and when

// Is it there, and ours? Loaded anew by itself it may be nobody's.
function isOpen() {
  try {
    return Boolean(view && !view.closed && view.document.body);
  } catch {
    return false;
  }
}

function clock() {
  const at = page.elapsed + (page.running ? (Date.now() - came) / 1000 : 0);
  const time = `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, '0')}`;
  view.document.getElementById('clock').textContent = page.minutes ? `${time} / ${page.minutes}:00` : time;
}

const part = (key, texts) => (texts.length
  ? [element('h2', say(key)), ...texts.map((text) => element('p', text))] : []);

function draw() {
  if (!isOpen()) return;
  const { body, documentElement } = view.document;
  view.document.title = say('notes.title');
  documentElement.lang = page?.lang ?? spoken();
  if (!page) {
    body.replaceChildren(element('p', say('notes.none')));
    return;
  }
  const head = element('header', element('h1', page.title ?? 'learn'), element('span', `${page.step} / ${page.steps}`));
  const time = element('span');
  time.id = 'clock';
  head.append(time);
  const note = element('p', page.keys ?? page.note ?? '');
  note.id = 'note';
  const foot = element('footer', element('p', page.foot ?? ''));
  body.replaceChildren(head, ...(page.said ? [element('p', page.said)] : []),
    ...(page.line ? [element('pre', `> ${page.line}`)] : []), note,
    ...part('notes.answer', page.answer ? [page.answer] : []),
    ...part('notes.slips', page.slips), ...part('notes.next', page.next), foot);
  clock();
}

function dress() {
  const { head, body } = view.document;
  head.replaceChildren(document.querySelector('style').cloneNode(true));
  body.id = 'notes';
  view.onkeydown = (e) => {
    const again = e.key === 'F5' || ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'r');
    const typed = keys[e.key] ?? (e.key.length === 1 && !e.ctrlKey && !e.metaKey ? e.key : null);
    if (typed === null && !again) return;
    e.preventDefault();
    if (!again) types(typed);
  };
  draw();
}

export function openNotes(type) {
  if (isOpen()) return view.focus();
  view?.close();
  view = window.open('', '', 'popup,width=760,height=620');
  if (!view) {
    notice(say('notes.blocked'));
    return;
  }
  types = type;
  dress();
}

export function showNotes(told) {
  page = told;
  came = Date.now();
  draw();
  if (page && wereOpen.take()) sayClosed();
}

const sayClosed = () => notice(say('notes.closed'),
  { 'notes.open': () => document.getElementById('open-notes').click() }, 'notes');

// As long as this tab lives: was the window open when the page was closed?
const wereOpen = {
  put(yes) { try { sessionStorage.setItem('notes', yes ? 'yes' : ''); } catch { /* not known, then */ } },
  take() {
    try {
      const yes = sessionStorage.getItem('notes');
      sessionStorage.removeItem('notes');
      return Boolean(yes);
    } catch {
      return false;
    }
  },
};
addEventListener('pagehide', () => {
  wereOpen.put(page && isOpen());
  view?.close();
});

setInterval(() => {
  if (!view || view.closed) return;
  if (!isOpen()) {
    view.close();
    sayClosed();
  } else if (view.document.body.id !== 'notes') dress(); // loaded anew
  else if (page?.running) clock();
}, 1000);
