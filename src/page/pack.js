// pack: the page from its parts: node src/page/pack.js PARTS NPM OUT
//
//     PARTS   learn.js learn.wasm learn.data gnuplot.js gnuplot.wasm worker.js licences/
//     NPM     a node_modules with @xterm/xterm and @xterm/addon-fit
//     OUT     site/ (for a server) and learn.html (one file, its parts packed into it)
//
// The page's modules become one script, since a page that is opened from a file may not load
// another file. Its policy names that script by its hash: nothing else runs.
const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const { gzipSync } = require('zlib');

const [parts, npm, out] = process.argv.slice(2);
const read = (...where) => fs.readFileSync(path.join(...where), 'utf8');

// import { a, b } from './c.js' becomes const { a, b } = $c, $c being what that module gives.
function bundle(name, seen = new Set()) {
  if (seen.has(name)) return '';
  seen.add(name);
  const source = read(__dirname, name);
  const imports = /^import (\{.*\}) from '\.\/(\w+)\.js';$/gm;
  const exports = /^export (?=(?:async )?(?:function|const|class) (\w+))/gm;
  const before = [...source.matchAll(imports)].map(([, , other]) => bundle(`${other}.js`, seen));
  const given = [...source.matchAll(exports)].map(([, given]) => given);
  const body = source.replace(imports, 'const $1 = $$$2;').replace(exports, '');
  return `${before.join('')}const $${path.parse(name).name} = (() => {\n${body}return { ${given} };\n})();\n`;
}

const style = read(npm, '@xterm/xterm/css/xterm.css') + read(__dirname, 'page.css');
const page = `(() => {\n'use strict';\n${bundle('main.js')}})();\n`;

const texts = [['learn', path.join(__dirname, '../../LICENSE')],
  ...fs.readdirSync(path.join(parts, 'licences')).map((name) => [name, path.join(parts, 'licences', name)])];
const licences = texts.map(([name, file]) => `==== ${name}\n\n${read(file)}\n`).join('\n');

// What the program is made of, by the names under which core.js asks for it.
const pieces = {
  'worker.js': Buffer.from(['learn.js', 'gnuplot.js', 'worker.js'].map((name) => read(parts, name)).join('\n')),
  'licences.txt': Buffer.from(licences),
};
for (const name of ['learn.wasm', 'gnuplot.wasm', 'learn.data']) {
  pieces[name] = fs.readFileSync(path.join(parts, name));
}
for (const [name, file] of [['xterm.mjs', 'xterm/lib/xterm.mjs'], ['fit.mjs', 'addon-fit/lib/addon-fit.mjs']]) {
  pieces[name] = Buffer.from(read(npm, '@xterm', file).replace(/\/\/# sourceMappingURL.*/, ''));
}

const policy = (script) => ["default-src 'none'", `script-src ${script} 'wasm-unsafe-eval' blob:`,
  "worker-src blob:", "style-src 'unsafe-inline'", "img-src blob: data:", "connect-src 'self' blob:",
  "base-uri 'none'", "form-action 'none'"].join('; ');

function html(allowed, scripts) {
  const values = { POLICY: policy(allowed), STYLE: style, SCRIPTS: scripts };
  return read(__dirname, 'page.html').replace(/\{(POLICY|STYLE|SCRIPTS)\}/g, (_, name) => values[name]);
}

// A script that stands in a page may not end it, nor begin a comment.
const inline = (source) => source.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
const hash = (source) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

const site = path.join(out, 'site');
fs.mkdirSync(site, { recursive: true });
for (const [name, bytes] of Object.entries(pieces)) fs.writeFileSync(path.join(site, name), bytes);
fs.writeFileSync(path.join(site, 'page.js'), page);
const early = Object.keys(pieces).filter((name) => name !== 'licences.txt')
  .map((name) => `<link rel="preload" href="${name}" as="fetch" crossorigin>`).join('\n');
fs.writeFileSync(path.join(site, 'index.html'), html("'self'", `${early}\n<script src="page.js"></script>`));

const packed = Object.entries(pieces).map(([name, bytes]) => (
  `<script type="text/plain" id="part-${name}">${gzipSync(bytes, { level: 9 }).toString('base64')}</script>`));
const script = inline(page);
const one = html(hash(script), [...packed, `<script>${script}</script>`].join('\n'));
fs.writeFileSync(path.join(out, 'learn.html'), one);

console.log(`${path.join(out, 'learn.html')}: ${Buffer.byteLength(one)} bytes`);
