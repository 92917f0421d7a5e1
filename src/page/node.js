#!/usr/bin/env node
// The page's program under node, with the files that are there: a script from a pipe says
// what it says at home, so that the transcripts test it. It stands in a folder of its own
// beside learn.js and learn.wasm; gnuplot's are in deps.
'use strict';
const fs = require('fs');
const path = require('path');
const here = __dirname, deps = path.join(here, '../deps');
const Learn = require(path.join(here, 'learn.js'));
const Gnuplot = require(path.join(deps, 'gnuplot.js'));
const wasm = name => new WebAssembly.Module(fs.readFileSync(name));
const load = compiled => (imports, got) => {
    const instance = new WebAssembly.Instance(compiled(), imports);
    got(instance);
    return instance.exports;
};

let gnuplot;
function child(program, text) {
    const said = [];
    let at = 0;
    if (program === 'fc-list') return Buffer.from('NanumGothic\n');
    if (program !== 'gnuplot') return null;
    if (!text.length) return said;
    Gnuplot({
        instantiateWasm: load(() => (gnuplot ||= wasm(path.join(deps, 'gnuplot.wasm')))),
        arguments: ['-d'],
        stdin: () => (at < text.length ? text[at++] : null),
        stdout: byte => byte === null || said.push(byte),
        stderr: () => {},
        quit: () => {},
    }).catch(() => {});
    return said;
}

Learn({
    instantiateWasm: load(() => wasm(path.join(here, 'learn.wasm'))),
    arguments: process.argv.slice(2),
    thisProgram: 'learn',
    preRun: [m => { Object.assign(m.ENV, process.env); }],
    terminal: fd => require('tty').isatty(fd),
    size: () => ({ rows: process.stdout.rows || 0, columns: process.stdout.columns || 0 }),
    wait: () => 1,
    stopped: () => 0,
    forget: () => {},
    child,
});
