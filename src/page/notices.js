// notices: what the page itself has to say, above the terminal, until it is put away.
//
//     notice(say('here', { name }), { 'type': () => … })     // with a button a row
//     notice(text, {}, 'behind')      // of a topic: takes the place of the one before
//                                     // (the newest few are seen, the rest counted)
//     fatal('no-wasm')                // in both languages, in place of the terminal
import { both, say } from './texts.js';

const place = document.getElementById('notices');
const SEEN = 3;

export function element(name, ...content) {
  const e = document.createElement(name);
  e.append(...content);
  return e;
}

export function button(label, press) {
  const b = element('button', label);
  b.type = 'button';
  b.onclick = press;
  return b;
}

// The newest are seen; how many more there are, and how to be rid of all.
function count() {
  place.querySelector('#more')?.remove();
  const rows = [...place.children];
  const n = Math.max(0, rows.length - SEEN);
  rows.forEach((row, i) => { row.hidden = i < n; });
  if (!n) return;
  const more = element('p', element('span', say('notices.more', { n })),
    button(say('notices.close'), () => place.replaceChildren()));
  more.id = 'more';
  place.append(more);
}

function away(row) {
  row.remove();
  count();
}

export function notice(text, actions = {}, topic = text) {
  for (const old of [...place.children]) if (old.dataset.topic === topic) old.remove();
  const row = element('p', element('span', text));
  row.dataset.topic = topic;
  for (const [key, press] of Object.entries(actions)) {
    row.append(button(say(key), () => { away(row); press(); }));
  }
  const close = button('×', () => away(row));
  close.className = 'close';
  close.setAttribute('aria-label', say('close'));
  row.append(close);
  place.append(row);
  count();
}

export function fatal(key, values) {
  const [en, ko] = both(key, values).map((text) => element('p', text));
  ko.lang = 'ko';
  en.className = ko.className = 'fatal';
  document.querySelector('main').replaceChildren(element('div', en, ko));
}
