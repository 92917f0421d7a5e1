// screen: the terminal (xterm.js), its colours by day and night, and the row of keys that a
// phone's keyboard lacks.
//
//     const screen = await openScreen({ keys(text) {…}, size(rows, columns) {…} }, remembered);
//     screen.write(bytes); screen.clear(); screen.focus();
//     screen.reader(true);              // its rows are read aloud
//     keyRow(press, waiting);           // the row, in the page's language
import { library } from './core.js';
import { button } from './notices.js';
import { say } from './texts.js';

const day = {
  background: '#fcfbf8', foreground: '#22252a', cursor: '#2f5f9e', cursorAccent: '#fcfbf8',
  selectionBackground: '#c9d8ea', selectionInactiveBackground: '#dcdcd6',
  scrollbarSliderBackground: '#22252a22', scrollbarSliderHoverBackground: '#22252a44',
  black: '#22252a', red: '#ae2f2a', green: '#2f7136', yellow: '#866000',
  blue: '#2f5f9e', magenta: '#8b3d88', cyan: '#1b6f78', white: '#d8d6cf',
  brightBlack: '#6b6e74', brightRed: '#ae2f2a', brightGreen: '#2f7136', brightYellow: '#866000',
  brightBlue: '#2f5f9e', brightMagenta: '#8b3d88', brightCyan: '#1b6f78', brightWhite: '#fcfbf8',
};
const night = {
  background: '#17191d', foreground: '#dddbd4', cursor: '#8db4e2', cursorAccent: '#17191d',
  selectionBackground: '#36506e', selectionInactiveBackground: '#3a3d42',
  scrollbarSliderBackground: '#dddbd422', scrollbarSliderHoverBackground: '#dddbd444',
  black: '#17191d', red: '#ec8a80', green: '#93c88f', yellow: '#d9b76a',
  blue: '#8db4e2', magenta: '#d39bd0', cyan: '#7fc4cb', white: '#dddbd4',
  brightBlack: '#94979c', brightRed: '#ec8a80', brightGreen: '#93c88f', brightYellow: '#d9b76a',
  brightBlue: '#8db4e2', brightMagenta: '#d39bd0', brightCyan: '#7fc4cb', brightWhite: '#ffffff',
};
// Latin first: fonts made for Hangul draw ─, · and × two columns wide.
const FONT = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Roboto Mono", '
  + 'Hangul, "D2Coding", "Noto Sans Mono CJK KR", monospace'; // Hangul: page.css

export const CLEAR = '\x05\x15'; // the line being typed: to its end, and all of it gone

// What a key of the row types. A word is a line of its own, where a line is waited for.
const row = [
  ['keys.enter', '⏎', () => '\r'],
  ['keys.hint', null, (waits) => (waits === 'line' ? `${CLEAR}${say('keys.hint')}\r` : '')],
  ['keys.up', '↑', () => '\x1b[A'],
  ['keys.tab', 'Tab', () => '\t'],
  [null, '^', () => '^'],
  [null, '*', () => '*'],
];

// Letters by themselves: in a talk as large as leaves room for a line, at the least; whoever
// asks for others gets those, in talks and out of them.
const LEAST = 10, MOST = 60, TALK = { least: 16, columns: 66, rows: 20 };
const talks = /^#present\b/.test(location.hash);

// A finger moves the rows, as a wheel does.
function scrollByFinger(place, term) {
  let from = null; // where the finger is, less what has been scrolled
  place.addEventListener('touchstart', ({ touches }) => {
    from = touches.length === 1 ? touches[0].clientY : null;
  }, { passive: true });
  place.addEventListener('touchmove', ({ touches }) => {
    if (from === null || touches.length > 1) return;
    const row = place.clientHeight / term.rows;
    const lines = Math.trunc((from - touches[0].clientY) / row);
    if (!lines) return;
    term.scrollLines(lines);
    from -= lines * row;
  }, { passive: true });
}

// The keyboard is the terminal's: a press of the mouse leaves it there, F6 leads out and back.
function keepKeyboard(place, term) {
  const menu = document.getElementById('open-menu');
  addEventListener('mousedown', (e) => {
    if (e.target.closest('button') && !e.target.closest('dialog')) e.preventDefault();
  });
  const coarse = matchMedia('(pointer: coarse)');
  addEventListener('click', (e) => { // what was pressed by a key may have gone
    const byFinger = e.detail > 0 && coarse.matches; // whose keyboard may be away, too
    if (!byFinger && e.target.closest('button') && document.activeElement === document.body) term.focus();
  });
  addEventListener('keydown', (e) => {
    if (e.key !== 'F6' || e.ctrlKey || e.altKey || e.shiftKey || e.metaKey) return;
    e.preventDefault();
    e.stopPropagation();
    if (place.contains(document.activeElement)) menu.focus();
    else term.focus();
  }, true);
}

export async function openScreen(hears, remembered) {
  const [{ Terminal }, { FitAddon }] = await Promise.all(['xterm.mjs', 'fit.mjs'].map(library));
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const narrow = matchMedia('(max-width: 40rem)');
  const place = document.getElementById('terminal');
  const term = new Terminal({
    convertEol: true, cursorBlink: false, scrollback: 5000, fontFamily: FONT,
    minimumContrastRatio: 4.5, linkHandler: { activate() {} }, // an address is text, no link
  });
  const fit = new FitAddon();
  const setting = talks ? 'letters.talk' : 'letters';
  const letters = () => {
    const asked = Number(remembered.get(setting));
    if (asked) return Math.min(MOST, Math.max(LEAST, asked));
    if (!talks) return narrow.matches ? 13 : 15;
    const { clientWidth, clientHeight } = place; // a letter is 0.6 wide, a row 1.2 high
    const room = Math.min(clientWidth / TALK.columns / 0.6, clientHeight / TALK.rows / 1.2);
    return Math.max(narrow.matches ? 13 : TALK.least, Math.floor(room));
  };
  const dress = () => {
    term.options.theme = dark.matches ? night : day;
    term.options.fontSize = letters();
    fit.fit();
  };
  const change = (by) => () => {
    remembered.set(setting, Math.min(MOST, Math.max(LEAST, Math.round(letters() * by))));
    dress();
  };
  document.getElementById('smaller').onclick = change(1 / 1.15);
  document.getElementById('larger').onclick = change(1.15);
  term.loadAddon(fit);
  term.open(place);
  dress();
  dark.onchange = narrow.onchange = dress;
  new ResizeObserver(dress).observe(place);
  scrollByFinger(place, term);
  keepKeyboard(place, term);
  // Where a phone's keyboard covers the page, the page is what is left above it.
  visualViewport?.addEventListener('resize', () => {
    document.body.style.height = `${visualViewport.height}px`;
  });

  // Ctrl-V and, where something is marked, Ctrl-C are the browser's: paste and copy; so are
  // Ctrl-+ and Ctrl--, which make the whole page larger and smaller.
  term.attachCustomKeyEventHandler((e) => {
    const letter = (e.ctrlKey || e.metaKey) && !e.altKey ? e.key.toLowerCase() : '';
    return !('+-=0v'.includes(letter || ' ') || (letter === 'c' && (e.shiftKey || term.hasSelection())));
  });
  term.onData(hears.keys);
  term.onBinary(hears.keys);
  term.onResize(({ rows, cols }) => hears.size(rows, cols));

  return {
    write: (bytes) => term.write(bytes),
    clear: () => term.reset(),
    focus: () => term.focus(),
    reader: (on) => { term.options.screenReaderMode = on; },
    size: () => ({ rows: term.rows, columns: term.cols }),
  };
}

export function keyRow(press, waiting) {
  document.getElementById('keys').replaceChildren(...row.map(([key, face, types]) => {
    const b = button(face ?? say(key), () => press(types(waiting())));
    if (key) b.setAttribute('aria-label', say(key));
    b.onpointerdown = (e) => e.preventDefault(); // the keyboard stays where it is
    return b;
  }));
}
