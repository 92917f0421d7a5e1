// notes: what only the speaker sees of a talk, in a window of its own.
//
//     openNotes(type);       // from the menu; what is pressed there is typed here
//     showNotes(page);       // what the talk says of itself (present/notes.h); null: it is over
//
// The window is this page's own child: nothing but the two of them hears what is said.
import { element, notice } from './notices.js';
import { say, spoken } from './texts.js';

const keys = {
  Enter: '\r', Tab: '\t', Escape: '\x1b', Backspace: '\x7f', PageUp: '\x1b[5~', PageDown: '\x1b[6~',
  ArrowUp: '\x1b[A', ArrowDown: '\x1b[B', ArrowRight: '\x1b[C', ArrowLeft: '\x1b[D',
};
let view = null; // the window
let page = null, came = 0; // of the talk, and when

const isOpen = () => view && !view.closed;

function clock() {
  if (!isOpen()) return;
  const at = page.elapsed + (page.running ? (Date.now() - came) / 1000 : 0);
  const time = `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, '0')}`;
  view.document.getElementById('clock').textContent = page.minutes ? `${time} / ${page.minutes}:00` : time;
}

const part = (key, texts) => (texts.length
  ? [element('h2', say(key)), ...texts.map((text) => element('p', text))] : []);

function draw() {
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

export function openNotes(type) {
  view = window.open('', 'learn-notes', 'popup,width=760,height=620');
  if (!view) {
    notice(say('notes.blocked'));
    return;
  }
  const { head, body } = view.document;
  head.replaceChildren(document.querySelector('style').cloneNode(true));
  body.id = 'notes';
  view.onkeydown = (e) => {
    const typed = keys[e.key] ?? (e.key.length === 1 && !e.ctrlKey && !e.metaKey ? e.key : null);
    if (typed === null) return;
    e.preventDefault();
    type(typed);
  };
  draw();
}

export function showNotes(told) {
  page = told;
  came = Date.now();
  if (isOpen()) draw();
}

setInterval(() => { if (page?.running) clock(); }, 1000);
