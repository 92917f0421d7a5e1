// A student before the page: reads the rows of its terminal, types, waits.
//
//     const student = await sit(page, url);        // until there is a prompt
//     await student.line('w = 2');                 // typed, Enter, until it waits again
//     await student.rows()                         // what the terminal shows
const { setTimeout: sleep } = require('timers/promises');

const RESTS = /(^|\n)(learn \d+(\.\d+)?>|>)$|▼$|[Aa]ny key\S*$|아무 키\S*$/;

const rowsOf = () => [...document.querySelectorAll('.xterm-rows > div')]
  .map((row) => row.textContent.replace(/[\s\u00a0]+$/, '')).join('\n').trimEnd();

async function until(what, test, ms = 30000) {
  const end = Date.now() + ms;
  for (;;) {
    const got = await test();
    if (got) return got;
    if (Date.now() > end) throw new Error(`${what} did not come in ${ms / 1000} s`);
    await sleep(20);
  }
}

async function sit(page, url) {
  const student = {
    page,
    rows: () => page.evaluate(rowsOf),
    until: (what, test, ms) => until(what, test, ms),

    // Until the program waits, having said something since `before`; full pages are turned.
    async rest(before, ms) {
      for (;;) {
        const rows = await until(`a prompt after\n${before}\n`, async () => {
          const now = await student.rows();
          return now !== before && RESTS.test(now) ? now : '';
        }, ms);
        if (!rows.endsWith('▼')) return rows;
        await page.keyboard.press('Enter');
        before = rows;
      }
    },
    async line(text, ms) {
      if (text) await page.keyboard.type(text);
      const typed = await until(`${text}, typed,`, async () => {
        const now = await student.rows();
        return now.replace(/\s/g, '').endsWith(text.replace(/\s/g, '')) && now;
      });
      await page.keyboard.press('Enter');
      return student.rest(typed, ms);
    },
    // A file let fall on the page, as from a desktop.
    drop: (name, text, times = 1) => page.evaluate((file) => {
      const carried = new DataTransfer();
      carried.items.add(new File(Array(file.times).fill(file.text), file.name));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
    }, { name, text, times }),
    notice: (match, ms = 5000) => until(`a notice ${match}`, async () => {
      const said = await page.evaluate(() => document.getElementById('notices').innerText);
      return match.test(said) && said;
    }, ms),
    press: (label) => page.evaluate((wanted) => {
      const all = [...document.querySelectorAll('button')];
      all.find((b) => (b.textContent || '').trim() === wanted).click();
    }, label),
    pictures: () => page.evaluate(() => Promise.all([...document.querySelectorAll('#gallery img')]
      .map(async (img) => ({ alt: img.alt, svg: await (await fetch(img.src)).text() })))),
    busy: () => page.evaluate(() => !document.getElementById('stop').disabled),
  };
  await page.goto(url);
  await student.rest('');
  return student;
}

module.exports = { sit, until, sleep };
