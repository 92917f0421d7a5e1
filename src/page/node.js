#!/usr/bin/env node
// The page's program under node, with the files that are there: a script from a pipe says
// what it says at home, so that the transcripts test it. Stands in build/page/node beside
// learn.js and learn.wasm; gnuplot.js stands behind this text.
'use strict';
const fs = require('fs');
const path = require('path');
const here = __dirname, parts = path.join(here, '../deps');
const Learn = require(path.join(here, 'learn.js'));
const Gnuplot = require(path.join(parts, 'gnuplot.js'));
const wasm = name => new WebAssembly.Module(fs.readFileSync(name));
let plots;

Learn({
    instantiateWasm(imports, got) {
        const instance = new WebAssembly.Instance(wasm(path.join(here, 'learn.wasm')), imports);
        got(instance);
        return instance.exports;
    },
    arguments: process.argv.slice(2),
    thisProgram: 'learn',
    preRun: [m => { Object.assign(m.ENV, process.env); }],
    terminal: fd => require('tty').isatty(fd),
    size: () => ({ rows: process.stdout.rows || 0, columns: process.stdout.columns || 0 }),
    wait: () => 1, // a read waits
    stopped: () => 0,
    forget: () => {},
    child(program, text) {
        if (program === 'fc-list') return Buffer.from('NanumGothic\n');
        if (program !== 'gnuplot') return null;
        plots ||= wasm(path.join(parts, 'gnuplot.wasm'));
        return gnuplot(plots, text);
    },
});
