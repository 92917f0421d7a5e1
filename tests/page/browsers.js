// Two browsers by one handle: chromium is driven by playwright-core, Firefox by puppeteer-core
// (BiDi). Their pages are alike in what is used here.
//
//     const browser = await launch('firefox');
//     const room = await browser.room({ lang: 'ko', width: 390, height: 844, dark: true });
//     const page = await room.page();       // page.asked: every address that it asked for
//     await room.close(); await browser.close();
//     found.firefox                         // its program, where there is one
const path = require('path');

const onPath = (...names) => names.flatMap((name) => process.env.PATH.split(':').map((dir) => path.join(dir, name)))
  .find((file) => require('fs').existsSync(file));

const found = {
  chromium: process.env.CHROMIUM || onPath('chromium', 'google-chrome'),
  firefox: process.env.FIREFOX || onPath('firefox-esr', 'firefox'),
};

const seen = (page) => {
  page.asked = [];
  page.faults = [];
  page.on('request', (r) => page.asked.push(r.url()));
  page.on('pageerror', (e) => page.faults.push(String(e)));
  return page;
};

async function chromium() {
  const { chromium: driver } = require('playwright-core');
  const browser = await driver.launch({ executablePath: found.chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    name: 'chromium',
    async room({ lang = 'en', width = 1280, height = 800, dark = false } = {}) {
      const room = await browser.newContext({
        viewport: { width, height }, locale: lang, colorScheme: dark ? 'dark' : 'light', acceptDownloads: true,
      });
      return { page: async () => seen(await room.newPage()), close: () => room.close() };
    },
    close: () => browser.close(),
  };
}

async function firefox() {
  const driver = require('puppeteer-core');
  const browser = await driver.launch({ browser: 'firefox', executablePath: found.firefox, headless: true });
  return {
    name: 'firefox',
    async room({ width = 1280, height = 800 } = {}) {
      const room = await browser.createBrowserContext();
      return {
        async page() {
          const page = seen(await room.newPage());
          await page.setViewport({ width, height });
          return page;
        },
        close: () => room.close(),
      };
    },
    close: () => browser.close(),
  };
}

const drivers = { chromium, firefox };
exports.launch = (name) => drivers[name]();
exports.found = found;
