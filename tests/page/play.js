// The page as a student uses it: node play.js [--quick] FOLDER, which holds learn.html and
// site/. In chromium and Firefox, from a file and from a server; prints a line a test. Ends
// with 69 where a browser could not be had.
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { deflateRawSync } = require('zlib');
const { launch, found } = require('./browsers.js');
const { serve } = require('../../src/page/serve.js');
const { sit, sleep, until } = require('./student.js');

const only = process.argv.find((word) => word.startsWith('--only='))?.slice(7); // a part of a name
const quick = process.argv.includes('--quick');
const folder = path.resolve(process.argv.at(-1));
const top = path.join(__dirname, '../..');
const stick = `file://${path.join(folder, 'learn.html')}`;
let bad = 0;
let skipped = false;

function same(what, got, wanted) {
  if (got !== wanted) throw new Error(`${what}: ${got}, not ${wanted}`);
}

function skip(why) {
  skipped = true;
  console.log(`skipped: ${why}`);
}

async function check(name, test) {
  if (only && !name.includes(only)) return;
  const begun = Date.now();
  try {
    const said = await test();
    console.log(`ok ${name} (${said ? `${said}, ` : ''}${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (fault) {
    bad = 1;
    console.log(`FAILED ${name}: ${fault.message}`);
  }
}

// What is typed in a lesson, and at which prompt: by the student who knows.
function answers(lesson, lang) {
  const text = fs.readFileSync(path.join(top, `tests/lessons/${lesson}.${lang}.out`), 'utf8');
  return [...text.matchAll(/^(learn \d+\.\d+>) ?(.*)$/gm)].map(([, prompt, line]) => ({ prompt, line }));
}

// Where the lesson lets one try things out before it goes on, Enter goes on.
async function goTo(student, prompt) {
  while (!(await student.rows()).endsWith(prompt)) await student.line('');
}

async function solve(student, lines) {
  for (const { prompt, line } of lines) {
    await goTo(student, prompt);
    await student.line(line);
  }
}

// The same files packed by another program, with a large one and a student's number, and
// what would leave the folder if it could.
function repacked(zip) {
  const program = `import sys, zipfile
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[1] + "2", "w", zipfile.ZIP_DEFLATED)
assert old.testzip() is None
for name in old.namelist(): new.writestr(name, old.read(name))
for name in "../evil", "work/../../evil", "/etc/evil", "work/": new.writestr(name, b"evil")
for name in "student-id", "progress.lock": new.writestr(".local/state/learn/" + name, b"20251234")
new.writestr("work/big.csv", b"1,2\\n" * 2250000, zipfile.ZIP_STORED)
new.close()`;
  execFileSync('python3', ['-c', program, zip]);
  return fs.readFileSync(`${zip}2`);
}

const inside = (zip) => execFileSync('python3', ['-m', 'zipfile', '-l', zip], { encoding: 'utf8' });

const lastOf = async (student) => (await student.rows()).split('\n').at(-1);

// Nothing but the page's own parts was asked for, and nothing in it failed.
function quiet(page, home) {
  const own = (url) => url.startsWith(home) || /^(blob|data|about):/.test(url) || url === 'file:///favicon.ico';
  same('asked elsewhere', page.asked.filter((url) => !own(url)).join(' '), '');
  same('faults', page.faults.join(' '), '');
}

// A talk, and its notes in a window that a press opens.
const talks = (page) => page.waitForFunction(() => /Lesson 3/.test(document.querySelector('.xterm-rows')?.textContent));
async function notesAt(page, press) {
  const opens = page.waitForEvent('popup');
  await press();
  const notes = await opens;
  await notes.waitForFunction(() => /^\S.*\s+0 \/ \d+/.test(document.body.innerText));
  return notes;
}

const tests = {
  async lesson(room, url, lang) {
    const page = await room.page();
    const student = await sit(page, `${url}?lang=${lang}#lesson+3`);
    await solve(student, answers('03-gradient-descent', lang));
    await goTo(student, 'learn 3>');
    const { alt, svg } = (await student.pictures()).at(-1);
    const curve = Math.max(...[...svg.matchAll(/ d='([^']*)'/g)].map(([, d]) => d.split('L').length));
    if (curve < 50 || !/\bE\b/.test(alt)) throw new Error(`no curve: ${curve} points, ${alt}`);
    quiet(page, url);
    await page.close();
    return `a curve of ${curve} points`;
  },

  async stop(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}#prompt`);
    await student.line('param w = 3');
    await student.line('E = (w - 1)^2');
    const took = [];
    for (const press of [() => page.keyboard.down('Control').then(() => page.keyboard.press('c'))
      .then(() => page.keyboard.up('Control')), () => student.press('Stop')]) {
      await page.keyboard.type('descend E rate 1e-9 steps 50000000 every 10000000');
      await page.keyboard.press('Enter');
      await until('the descent', student.busy);
      const begun = Date.now();
      await press();
      await until('a prompt', async () => !(await student.busy()), 5000);
      took.push(Date.now() - begun);
    }
    await student.line('w > 2.9'); // goes on
    await page.close();
    return `Ctrl-C ${took[0]} ms, the button ${took[1]} ms`;
  },

  async reload(room, url) {
    const page = await room.page();
    let student = await sit(page, `${url}#lesson+3`);
    await solve(student, answers('03-gradient-descent', 'en').slice(0, 3));
    const place = await lastOf(student);
    await sleep(300);
    await page.reload();
    student = await sit(page, `${url}#lesson+3`);
    same('the place', await lastOf(student), place);
    await page.keyboard.press('ArrowUp'); // the history, too
    await until('the last line', async () => /2\.001$/.test(await student.rows()));
    await page.close();
    return place;
  },

  async table(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}#prompt`);
    const marks = Array.from({ length: 60 }, (_, i) => `${i / 60},${2 * i / 60 + 1}`).join('\n');
    await student.drop('내 점수.csv', `hours,mark\n${marks}\n`);
    await student.notice(/use "내 점수.csv" x 1 y 2/);
    await page.keyboard.type('1+1'); // goes, on both sides of the cursor
    await page.keyboard.press('ArrowLeft');
    await student.press('Type it');
    await until('the line', async () => (await student.rows()).endsWith('> use "내 점수.csv" x 1 y 2'));
    await student.line('');
    await student.line('param a = 0; param b = 0');
    await student.line('h = a*X + b');
    await student.line('E = l2(h, y)');
    await student.line('train E epochs 200 batch 10 rate 0.1');
    const rows = await student.line('round(a*10)');
    if (!/\b(19|20)\b/.test(rows.split('\n').slice(-3).join())) throw new Error(rows);
    await page.close();
  },

  async hostile(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}#prompt`);
    const away = 'http://127.0.0.1:9/away';
    const evil = `<img src=x onerror="window.hacked=1"><svg onload="fetch('${away}')"><script src="${away}"></script>`
      + `\u001b]8;;${away}\u0007link\u001b]8;;\u0007\u001b]52;c;aGk=\u0007`;
    const both = { en: evil, ko: evil };
    await student.drop('<img src=x onerror=hacked=1>.json', JSON.stringify({
      format: 1, lesson: 99, id: 'evil', title: both, minutes: 1, goals: [both],
      setup: ['param w = 1', 'E = w^2'],
      steps: [{ say: both }, { run: 'plot E vs w from -3 to 5' }, { say: both }],
    }));
    await student.notice(/is here/);
    const before = await student.rows();
    await student.press('Type it');
    await student.rest(before);
    await student.line(''); // to its plot
    await until('its plot', async () => (await student.pictures()).length > 0);
    if (!/<img src=x/.test(await student.rows())) throw new Error(await student.rows());
    same('hacked', await page.evaluate(() => window.hacked), undefined);
    quiet(page, url);
    await page.close();
  },

  async odd(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}#prompt`);
    await student.drop('huge.csv', 'x'.repeat(1e7), 20);
    await student.notice(/huge\.csv has 200 MB.*nothing has changed/);
    await student.drop('learn.zip', 'PK no zip');
    await student.notice(/damaged/);
    await student.drop('x.constructor', 'x');
    await student.notice(/x\.constructor is here\.$/m);
    await student.drop('one.csv', 'mark\n1\n');
    await student.notice(/one\.csv is here\.$/m);
    await student.drop('progress.json', '{"lessons": "x"}');
    await student.notice(/progress\.json is no file.*damaged/);
    await student.drop('marks.xlsx', 'PK');
    await student.notice(/Save its sheet as CSV/);
    await student.drop('names.csv', '"a, b",c\n1,2\n');
    await student.notice(/use "names.csv" x 1 y 2/);
    for (const [asked, said] of [['nonsense', /asks for “nonsense”/], ['lesson+3+--type+solutions', /asks for “lesson/]]) {
      await page.goto('about:blank');
      await sit(page, `${url}#${asked}`);
      await student.notice(said);
    }
    await page.goto('about:blank');
    await page.goto(`${url}#lesson+99`);
    await student.notice(/could not do what was asked/, 30000);
    await page.close();
  },

  async tabs(room, url) {
    const [first, second] = [await room.page(), await room.page()];
    const one = await sit(first, `${url}#lesson+3`);
    let two = await sit(second, `${url}#prompt`); // does nothing, and stops nobody
    await first.bringToFront();
    await one.line('1');
    same('said of a tab that did nothing', await first.locator('#notices').innerText(), '');
    await second.bringToFront();
    await second.goto('about:blank');
    two = await sit(second, `${url}#lesson+3`);
    const [, at] = (await two.rows()).match(/(learn 3\.\d+>)$/);
    await two.line('1');
    await first.bringToFront();
    await one.line('1');
    await one.notice(/another tab/);
    await one.drop('progress.json', '{"lessons": {}}'); // nothing can be put back here
    await one.notice(/in place of/);
    await one.press('Replace');
    await sleep(500);
    same('said', /Back again/.test(await one.notice(/another tab/)), false);
    await first.close();
    await second.bringToFront();
    await second.reload();
    const rows = await two.rest('');
    same('kept what the second did', rows.endsWith(at), false);
    await second.close();
  },

  // Taken home, and brought to another browser.
  async home(room, url, browser) {
    const page = await room.page();
    const student = await sit(page, `${url}#lesson+3`);
    await student.line('1');
    const place = await lastOf(student);
    const coming = page.waitForEvent('download');
    await student.press('Everything as one file');
    const zip = repacked(await (await coming).path());
    const elsewhere = await browser.room();
    const other = await elsewhere.page();
    const there = await sit(other, `${url}#prompt`);
    await there.drop('mine.csv', '1,2\n');
    await there.notice(/mine\.csv is here/);
    await other.setInputFiles('#bring-file', { name: 'learn.zip', mimeType: 'application/zip', buffer: zip });
    await there.notice(/in place of/);
    await there.press('Replace');
    await there.notice(/Back again/);
    await until('the place', async () => (await there.rows()).endsWith(place));
    await other.click('#open-menu');
    same('what came', (await other.locator('#home-list button').allInnerTexts()).join(), 'progress,big.csv,×');
    other.once('dialog', (asked) => asked.accept());
    await other.click('#home-list [aria-label="Remove big.csv"]');
    same('what stays', (await other.locator('#home-list button').allInnerTexts()).join(), 'progress');
    const again = other.waitForEvent('download');
    await there.press('Everything as one file');
    const names = inside(await (await again).path());
    same('the number', names.includes('student-id'), true);
    same('the lock', names.includes('lock'), false);
    await elsewhere.close();
    await page.close();
    return place;
  },

  // What a browser may lack.
  async lacks(room, url) {
    const without = async (what, match) => {
      const page = await room.page();
      await page.addInitScript(what);
      await page.goto(url);
      await until(`a sentence ${match}`, async () => match.test(await page.evaluate(() => document.body.innerText)));
      await page.close();
    };
    await without(() => { delete window.WebAssembly; }, /no WebAssembly[^]*웹어셈블리/);
    await without(() => { delete WebAssembly.Suspending; }, /cannot let a program wait[^]*기다릴 수 없어요/);
    await without(() => { IDBFactory.prototype.open = () => { throw new Error('no'); }; }, /keeps nothing/);
    await without(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function full(...of) {
        if (of[0].path) throw new DOMException('full', 'QuotaExceededError');
        return put.apply(this, of);
      };
    }, /no room left/);
    await without(() => { IDBObjectStore.prototype.getAll = () => { throw new Error('no files'); }; }, /did not come \(no files\)/);
    await without(() => {
      window.Worker = class {
        constructor() { setTimeout(() => this.onmessage({ data: { kind: 'fails', why: 'wasm', text: 'Odd: at 7' } })); }

        postMessage() {}
      };
    }, /cannot go on in this browser \(Odd: at 7\)/);
  },

  // A picture is kept as a slide wants it; rows can be read aloud.
  async pictures(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}#prompt`);
    await student.line('param w = 3; E = w^2');
    await student.line('animate E vs w rate 0.1 steps 5');
    await student.line('plot E vs w');
    same('pictures', (await student.pictures()).length, 2);
    for (const [kind, begin] of [['PNG', '\x89PNG'], ['SVG', '<?xml']]) {
      const coming = page.waitForEvent('download');
      await student.press(kind);
      const file = await coming;
      const bytes = fs.readFileSync(await file.path());
      same(kind, bytes.subarray(0, begin.length).toString('latin1'), begin);
      if (!file.suggestedFilename().endsWith(`.${kind.toLowerCase()}`)) throw new Error(file.suggestedFilename());
    }
    await page.keyboard.type('animate E vs w rate 0.01 steps 60');
    const before = await student.rows();
    await page.keyboard.press('Enter');
    await until('the animation', async () => (await student.pictures()).length === 3);
    await page.click('#gallery figure:first-child button:last-child'); // put away while it moves
    await student.rest(before);
    same('pictures left', (await student.pictures()).length, 2);
    await page.click('#column');
    same('the column', await page.isVisible('#pictures'), false);
    await page.click('#open-menu');
    await page.click('#reader');
    await page.waitForFunction(() => /Lesson 0/.test(document.querySelector('.xterm-accessibility-tree')?.textContent));
    await page.close();
  },

  // A lesson that stands beside the page; one that doesn't.
  async beside(room, url) {
    const page = await room.page();
    const lesson = fs.readFileSync(path.join(top, 'lessons/03-gradient-descent.json'));
    await page.route('**/cafe.json', (route) => route.fulfill({ body: lesson }));
    const student = await sit(page, `${url}#prompt`);
    await student.drop('cafe.json', '{"mine": 1}');
    await student.notice(/cafe\.json is here/);
    await page.goto('about:blank');
    await page.goto(`${url}#cafe.json`);
    await student.notice(/already, and it is not the same/, 30000);
    await student.press('Replace');
    await until('the lesson', async () => (await lastOf(student)) === 'learn 3.2>');
    await page.goto('about:blank');
    await sit(page, `${url}#cafe.json`);
    same('the lesson', await lastOf(student), 'learn 3.2>');
    for (const [address, said] of [['http://127.0.0.1:9/a.json', /another server/], ['none.json', /not there beside/]]) {
      await page.goto('about:blank');
      await sit(page, `${url}#${address}`);
      await student.notice(said);
    }
    quiet(page, url);
    await page.close();
  },

  // Hangul as a Korean keyboard writes it: letter by letter, in the place of the letter before.
  async hangul(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}?lang=ko#lesson+3`);
    const keyboard = await page.context().newCDPSession(page);
    for (const word of [['ㅎ', '히', '힌'], ['ㅌ', '트']]) {
      for (const text of word) {
        await keyboard.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 });
      }
      await keyboard.send('Input.insertText', { text: word.at(-1) });
    }
    const rows = await student.until('힌트, written,', async () => {
      const now = await student.rows();
      return now.endsWith('힌트') && now;
    });
    await page.keyboard.press('Enter');
    await student.rest(rows);
    await page.close();
  },

  // A talk, and what the speaker alone sees of it; its keys turn the talk's pages.
  async talk(room, url) {
    const page = await room.page();
    await page.goto(`${url}#present+3`);
    await talks(page);
    await page.click('#open-menu');
    const notes = await notesAt(page, () => page.click('#open-notes'));
    await notes.keyboard.press('Space');
    await notes.waitForFunction(() => /Answer\s+1\s/.test(document.body.innerText));
    await page.waitForFunction(() => ( // and no answer yet
      /What is the error E\?\s*$/.test(document.querySelector('.xterm-rows').innerText)));
    await page.close();
  },

  // Loaded anew, a talk offers its notes anew: from a file, the old window is nobody's.
  async again(room, url) {
    const page = await room.page();
    await page.goto(`${url}#present+3`);
    await talks(page);
    const old = await notesAt(page, () => page.evaluate(() => document.getElementById('open-notes').click()));
    await page.reload();
    await talks(page);
    await page.waitForSelector('#notices button');
    same('the old window closed', old.isClosed(), true);
    await notesAt(page, () => page.click('#notices button'));
    same('faults', page.faults.join(' '), '');
    await page.close();
  },

  // More than a call can have arguments.
  async paste(room, url) {
    const page = await room.page();
    const student = await sit(page, `${url}#prompt`);
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', `# ${'x'.repeat(100000)}`);
      document.querySelector('.xterm-helper-textarea')
        .dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await until('the paste', async () => /x{20}$/.test(await student.rows()));
    await page.keyboard.press('Enter');
    await until('an answer', async () => /\n>$/.test(await student.rows()));
    await student.line('1 + 1');
    await page.close();
  },

  async axe(browser, url) {
    const axe = require('axe-core');
    for (const [width, height] of [[1280, 800], [390, 844]]) {
      for (const dark of quick ? [width < 500] : [false, true]) {
        const room = await browser.room({ lang: 'ko', width, height, dark });
        const page = await room.page();
        const student = await sit(page, `${url}#lesson+3`);
        await student.line('1');
        for (const menu of [false, true]) {
          if (menu) await page.click('#open-menu');
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate(() => window.axe.run());
          const faults = violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 100)}`);
          same(`${width} ${dark ? 'dark' : 'light'} ${menu ? 'menu' : 'page'}`, faults.join('; '), '');
        }
        const outside = await page.evaluate(() => [...document.querySelectorAll('header > *, main > *, #keys > *')]
          .filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.id || e.textContent));
        same('outside', outside.join(), '');
        await room.close();
      }
    }
  },

  // Printed, not judged: the machine may be busy.
  async times(browser, url) {
    const room = await browser.room();
    const page = await room.page();
    const begun = Date.now();
    const student = await sit(page, `${url}#prompt`);
    const prompt = Date.now() - begun;
    await student.line('use digits');
    await student.line('C1 = relu(conv(X, 16, size=3, pad=1)); P1 = maxpool(C1, 2)');
    await student.line('C2 = relu(conv(P1, 32, size=3, pad=1)); P2 = maxpool(C2, 2)');
    await student.line('O = dense(flatten(P2), 10); E = cross_entropy(O, y)');
    const train = Date.now();
    await student.line('train E epochs 8 batch 32 rate 0.02 with momentum 0.9', 120000);
    const trained = Date.now() - train;
    await room.close();
    return `first prompt ${prompt} ms, digits' CNN 8 epochs ${trained} ms`;
  },
};

// The browser, or nothing where it does not start or is too old for the page.
async function started(name) {
  let browser;
  try {
    browser = await launch(name);
    const room = await browser.room();
    const page = await room.page();
    const waits = await page.evaluate(() => !!WebAssembly.Suspending);
    await room.close();
    if (waits) return browser;
    skip(`${name} is too old: it has no WebAssembly.Suspending`);
  } catch (fault) {
    skip(`${name} does not start: ${fault.message.split('\n')[0]}`);
  }
  await browser?.close();
  return null;
}

async function play(name, places) {
  const browser = await started(name);
  if (!browser) return;
  const inRoom = (test, ...of) => async () => {
    const room = await browser.room();
    try {
      return await tests[test](room, ...of);
    } finally {
      await room.close();
    }
  };
  for (const [place, url] of places) {
    const at = (what) => `${what} (${name}, ${place})`;
    for (const lang of quick && place === 'http' ? ['ko'] : ['en', 'ko']) {
      await check(at(`lesson 3 to its end, ${lang}`), inRoom('lesson', url, lang));
    }
    await check(at('a long descent stopped'), inRoom('stop', url));
    await check(at('reload in the middle'), inRoom('reload', url));
    await check(at('a table let fall, and learned from'), inRoom('table', url));
    await check(at('a hostile lesson'), inRoom('hostile', url));
    await check(at('odd files and addresses'), inRoom('odd', url));
    if (!quick || name === 'chromium') await check(at('two tabs'), inRoom('tabs', url));
    if (name === 'chromium') {
      await check(at('taken home, brought elsewhere'), inRoom('home', url, browser));
      await check(at('what a browser lacks'), inRoom('lacks', url));
      await check(at('Hangul by its keyboard'), inRoom('hangul', url));
      await check(at('pictures'), inRoom('pictures', url));
      if (place === 'http') await check(at('a lesson beside the page'), inRoom('beside', url));
      await check(at('a talk and its notes'), inRoom('talk', url));
      await check(at('its notes after a reload'), inRoom('again', url));
      await check(at('a long paste'), inRoom('paste', url));
      await check(at('axe-core'), () => tests.axe(browser, url));
    }
    await check(at('times'), () => tests.times(browser, url));
  }
  await browser.close();
}

(async () => {
  const site = await serve(path.join(folder, 'site'));
  await check('learn.html is under 4 MB', () => {
    const { size } = fs.statSync(path.join(folder, 'learn.html'));
    if (size >= 4e6) throw new Error(`${size} bytes`);
    return `${size} bytes`;
  });
  await check('a zip comes back whole, but no more than is allowed', async () => {
    const source = fs.readFileSync(path.join(top, 'src/page/zip.js'));
    const { zip, unzip } = await import(`data:text/javascript;base64,${source.toString('base64')}`);
    const files = ['a', 'b'].map((name) => ({ path: name, bytes: new Uint8Array(1e6) }));
    same('back', (await unzip(zip(files), 2e6)).map(({ path: name, bytes }) => name + bytes.length).join(), 'a1000000,b1000000');
    const little = deflateRawSync(files[0].bytes);
    const bomb = zip([{ path: 'a', bytes: little }]);
    bomb[31 + little.length + 10] = 8; // packed, says the table of contents
    for (const large of [zip(files), bomb]) {
      const said = await unzip(large, 999999).catch((fault) => fault.name);
      same('too large', said, 'RangeError');
    }
  });
  const places = [['file', stick], ['http', site.url]];
  for (const name of ['chromium', 'firefox']) {
    if (!found[name]) skip(`${name} is not installed`);
    else await play(name, quick ? [places[+(name === 'firefox')]] : places);
  }
  site.close();
  process.exit(bad || (skipped ? 69 : 0));
})();
