// What a browser and axe-core say of pages: node page.js FILE.html… For each, at 320 and
// 1000 pixels, light and dark: axe finds nothing, nothing is wider than the window, nothing
// is fetched, no error is logged. Prints a line a page, `ok …` or `FAILED …`.
const path = require('path');
const axe = require('axe-core');
const puppeteer = require('puppeteer-core');
const { found } = require('./browsers.js');

async function look(browser, file, width, scheme) {
  const page = await browser.newPage();
  const faults = [];
  page.on('request', (r) => {
    if (!/^(file|data):/.test(r.url())) faults.push(`asks for ${r.url()}`);
  });
  page.on('console', (m) => faults.push(`says ${m.text()}`));
  page.on('dialog', (d) => { faults.push(`asks ${d.message()}`); d.dismiss(); });
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto('file://' + path.resolve(file));
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => axe.run());
  for (const v of violations) {
    for (const n of v.nodes.slice(0, 3)) faults.push(`${v.id}: ${n.html.slice(0, 120)}`);
  }
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (wide !== inner) faults.push(`${wide} pixels wide in ${inner}`);
  if (!passes.length) faults.push('axe looked at nothing');
  await page.close();
  return faults;
}

// On paper no figure is cut by the end of a page: each would fit on one.
async function print(browser, file) {
  const page = await browser.newPage();
  await page.goto('file://' + path.resolve(file));
  await page.emulateMediaType('print');
  const faults = await page.evaluate(() => [...document.querySelectorAll('figure')].filter((f) =>
    getComputedStyle(f).breakInside !== 'avoid' || f.getBoundingClientRect().height > 900).map((f) => f.innerText));
  await page.close();
  return faults;
}

// It does find what is wrong: a picture without words, in letters that are hardly there.
async function sees(browser) {
  const page = await browser.newPage();
  await page.setContent('<html><body><main><img src="data:,"><p style="color:#ccc">pale</p>');
  await page.evaluate(axe.source);
  const ids = (await page.evaluate(() => axe.run())).violations.map((v) => v.id);
  await page.close();
  return ['image-alt', 'color-contrast'].filter((id) => !ids.includes(id));
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: found.chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const blind = await sees(browser);
  let bad = blind.length;
  console.log(`${bad ? 'FAILED' : 'ok'} axe sees what is wrong ${blind}`);
  for (const file of process.argv.slice(2)) {
    const faults = await print(browser, file);
    for (const width of [320, 1000]) {
      for (const scheme of ['light', 'dark']) {
        const more = await look(browser, file, width, scheme);
        faults.push(...more.map((f) => `${width} ${scheme}: ${f}`));
      }
    }
    console.log(`${faults.length ? 'FAILED' : 'ok'} ${path.basename(file)}`);
    faults.forEach((f) => console.log('   ' + f));
    bad |= faults.length > 0;
  }
  await browser.close();
  process.exit(bad);
})();
