// notices: what the page itself has to say, above the terminal, until it is put away.
//
//     notice(say('here', { name }), { 'type': () => … })     // with a button a row
//     notice(text, {}, 'behind')      // of a topic: takes the place of the one before
//     fatal('no-wasm')                // in both languages, in place of the terminal
import { both, say } from './texts.js';

const place = document.getElementById('notices');

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

export function notice(text, actions = {}, topic = text) {
  for (const old of [...place.children]) if (old.dataset.topic === topic) old.remove();
  const row = element('p', element('span', text));
  row.dataset.topic = topic;
  for (const [key, press] of Object.entries(actions)) {
    row.append(button(say(key), () => { row.remove(); press(); }));
  }
  const away = button('×', () => row.remove());
  away.className = 'close';
  away.setAttribute('aria-label', say('close'));
  row.append(away);
  place.append(row);
  return row;
}

export function fatal(key, values) {
  const [en, ko] = both(key, values).map((text) => element('p', text));
  ko.lang = 'ko';
  en.className = ko.className = 'fatal';
  document.querySelector('main').replaceChildren(element('div', en, ko));
}
