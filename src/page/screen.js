// screen: the terminal (xterm.js), its colours by day and night, and the row of keys that a
// phone's keyboard lacks.
//
//     const screen = await openScreen({ keys(text) {…}, size(rows, columns) {…} });
//     screen.write(bytes); screen.clear(); screen.focus();
//     screen.reader(true);              // its rows are read aloud
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

// What a key of the row types. A word is a line of its own.
const row = [
  ['keys.enter', '⏎', () => '\r'],
  ['keys.hint', null, () => say('keys.hint') + '\r'],
  ['keys.up', '↑', () => '\x1b[A'],
  ['keys.tab', 'Tab', () => '\t'],
  [null, '^', () => '^'],
  [null, '*', () => '*'],
];

export async function openScreen(hears) {
  const [{ Terminal }, { FitAddon }] = await Promise.all(['xterm.mjs', 'fit.mjs'].map(library));
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const narrow = matchMedia('(max-width: 60rem)');
  const place = document.getElementById('terminal');
  const term = new Terminal({
    convertEol: true, cursorBlink: false, scrollback: 5000, fontFamily: FONT,
    minimumContrastRatio: 4.5, linkHandler: { activate() {} }, // an address is text, no link
  });
  const fit = new FitAddon();
  const dress = () => {
    term.options.theme = dark.matches ? night : day;
    term.options.fontSize = narrow.matches ? 13 : 15;
    fit.fit();
  };
  term.loadAddon(fit);
  term.open(place);
  dress();
  dark.onchange = narrow.onchange = dress;
  new ResizeObserver(() => fit.fit()).observe(place);
  // Where a phone's keyboard covers the page, the page is what is left above it.
  visualViewport?.addEventListener('resize', () => {
    document.body.style.height = `${visualViewport.height}px`;
  });

  // Ctrl-V and, where something is marked, Ctrl-C are the browser's: paste and copy. Tab is
  // the program's, so that F6 is the way out for who has no mouse.
  term.attachCustomKeyEventHandler((e) => {
    if (e.key === 'F6') document.getElementById('open-menu').focus();
    const letter = (e.ctrlKey || e.metaKey) && !e.altKey ? e.key.toLowerCase() : '';
    return e.key !== 'F6' && !(letter === 'v' || (letter === 'c' && (e.shiftKey || term.hasSelection())));
  });
  term.onData(hears.keys);
  term.onBinary(hears.keys);
  term.onResize(({ rows, cols }) => hears.size(rows, cols));
  keyRow(hears.keys);

  return {
    write: (bytes) => term.write(bytes),
    clear: () => term.reset(),
    focus: () => term.focus(),
    reader: (on) => { term.options.screenReaderMode = on; },
    size: () => ({ rows: term.rows, columns: term.cols }),
  };
}

export function keyRow(press) {
  document.getElementById('keys').replaceChildren(...row.map(([key, face, types]) => {
    const b = button(face ?? say(key), () => press(types()));
    if (key) b.setAttribute('aria-label', say(key));
    b.onpointerdown = (e) => e.preventDefault(); // the keyboard stays where it is
    return b;
  }));
}
