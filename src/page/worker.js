// The worker: learn.wasm and, as a child of it, gnuplot.wasm. Learn and Gnuplot (emcc's
// factories) stand before this text, gnuplot.js behind it. What goes between it and the page
// is in messages of one kind each: `take` at the end has those that come, post() sends.
'use strict';

const HOME = '/home/web_user';
const WRITE_MS = 30; // between two messages of output: keys must come through to the page
const BUSY_MS = 40; // of work, before it is said
const ABORTED = 134; // as a shell calls it; smaller ones are the program's own

const post = (kind, fields = {}) => self.postMessage({ kind, ...fields });

// ---- what comes: terminal.c knows these bits ----

const KEYS = 1, SIZE = 2, STOP = 4;
const WAITS = [null, 'key', 'line'];
const keys = [];
const size = { rows: 24, columns: 80 };
let resized = false, stopped = false;
let wake = null, resumed = 0; // of the wait in hand; when the last was over

function came(wanted) {
    const what = (wanted && keys.length ? KEYS : 0) | (resized ? SIZE : 0) | (stopped ? STOP : 0);
    if (what & SIZE) resized = false;
    if (what & STOP) stopped = false;
    return what;
}

// A turn of the event loop, in which messages come: sooner than any timer.
const turns = new MessageChannel();
const turn = () => new Promise(done => {
    turns.port1.onmessage = done;
    turns.port2.postMessage(null);
});

// For keys (wait: 1 or 2), or the time alone (0); ms < 0: for ever.
async function wait(ms, wait) {
    flush();
    let what = came(wait);
    if (what) return what;
    if (wait && ms) says(WAITS[wait]);
    if (ms === 0) await turn();
    else
        await new Promise(done => {
            wake = done;
            if (ms > 0) setTimeout(done, ms);
        });
    wake = null;
    resumed = performance.now();
    return came(wait);
}

// While it computes: has Stop been hit? Then what was typed before is nobody's.
async function look() {
    flush();
    if (performance.now() - resumed > BUSY_MS) says(null);
    await turn();
    if (!stopped) return 0;
    stopped = false;
    keys.length = 0;
    return STOP;
}

// ---- what the page is told ----

let waiting;
function says(now) {
    while (now && brought.length) bring(brought.shift());
    if (now) keep();
    if (now === waiting) return;
    waiting = now;
    post('asks', { waiting, busy: !now });
}

let wire = [], posted = 0;
function put(byte) {
    if (byte === null) return;
    wire.push(byte);
    if (byte === 10 && performance.now() - posted > WRITE_MS) flush();
}
function flush() {
    if (wire.length) post('write', { bytes: Uint8Array.from(wire) });
    wire = [];
    posted = performance.now();
}

// ---- files ----

let FS, seen = new Map();
let keeps; // whose files, and how large one may be; the program works in the first folder
const large = new Map(); // what is not kept, and was said to be so
const brought = []; // while it computes: not under its feet

function* files(folder) {
    for (const name of FS.readdir(folder)) {
        const path = folder + name;
        if (name === '.' || name === '..') continue;
        const { mode, size, mtime } = FS.stat(path);
        if (FS.isDir(mode)) yield* files(path + '/');
        else if (size <= keeps.most) yield [path, +mtime];
        else if (large.get(path) !== size) {
            large.set(path, size);
            post('large', { path: named(path), bytes: size });
        }
    }
}

const all = () => new Map(keeps.folders.flatMap(folder => [...files(`${HOME}/${folder}`)]));

// What changed since the last time: bytes null where it is gone.
function keep() {
    const now = all();
    const list = [];
    for (const [path, mtime] of now)
        if (seen.get(path) !== mtime) list.push({ path: named(path), mtime, bytes: FS.readFile(path) });
    for (const path of seen.keys()) if (!now.has(path)) list.push({ path: named(path), bytes: null });
    seen = now;
    if (list.length) post('files', { list });
}

// The page names files as from the person's own folder.
const named = path => path.slice(HOME.length + 1);

function bring({ path, bytes }) {
    const whole = HOME + '/' + path;
    if (!bytes) return FS.analyzePath(whole).exists && FS.unlink(whole);
    FS.mkdirTree(whole.slice(0, whole.lastIndexOf('/')));
    FS.writeFile(whole, bytes);
}

// ---- the program ----

async function start({ args, env, files, rows, columns, kept, parts }) {
    keeps = kept;
    Object.assign(size, { rows, columns });
    const [learn, plots] = await Promise.all([parts.learn, parts.gnuplot].map(b => WebAssembly.compile(b)));
    let main;
    const module = await new Promise((ready, failed) => Learn({
        instantiateWasm(imports, got) {
            (async () => {
                for (const name of ['page_wait', 'page_stopped'])
                    imports.env[name] = new WebAssembly.Suspending(imports.env[name]);
                const instance = await WebAssembly.instantiate(learn, imports);
                const { main: entry, __main_argc_argv: other } = instance.exports;
                main = WebAssembly.promising(entry || other); // as the compiler's age is
                got(instance);
            })().catch(failed);
            return {};
        },
        getPreloadedPackage: () => parts.data,
        noInitialRun: true,
        preRun: [m => {
            FS = m.FS;
            Object.assign(m.ENV, { TERM: 'xterm-256color', COLORTERM: 'truecolor', LEARN_PICTURES: 'off' }, env, { HOME, LEARN_HOME: '/learn' });
            for (const folder of kept.folders) FS.mkdirTree(`${HOME}/${folder}`);
            FS.chdir(`${HOME}/${kept.folders[0]}`);
            files.forEach(bring);
            seen = all();
        }],
        stdin: () => (keys.length ? keys.shift() : undefined),
        stdout: put,
        stderr: put,
        terminal: fd => fd < 3,
        size: () => size,
        wait,
        stopped: look,
        forget: () => { keys.length = 0; },
        child(program, text) {
            if (program === 'fc-list') return new TextEncoder().encode('sans-serif\n');
            return program === 'gnuplot' ? gnuplot(plots, text) : null;
        },
        picture(svg, title, text, frame) {
            flush();
            post('picture', { svg, title, text, frame });
        },
        notes: page => post('notes', { page: page && JSON.parse(page) }),
    }).then(ready, failed));
    const status = await run(module, main, ['learn', ...args]);
    flush();
    keep();
    post('over', { status });
}

async function run(module, main, words) {
    const text = new TextEncoder();
    const pointers = words.map(word => {
        const bytes = text.encode(word + '\0'), at = module._malloc(bytes.length);
        module.HEAPU8.set(bytes, at);
        return at;
    });
    const argv = module._malloc(4 * (words.length + 1));
    new Uint32Array(module.HEAPU8.buffer, argv, words.length + 1).set([...pointers, 0]);
    try {
        return await main(words.length, argv);
    } catch (e) {
        if (e.name === 'ExitStatus') return e.status;
        put(10);
        text.encode(`${e}\n${e.stack}\n`).forEach(put);
        return ABORTED;
    }
}

// ---- what the page says ----

const take = {
    start(how) {
        start(how).catch(e => {
            const why = e instanceof RangeError || /memory/i.test(e) ? 'memory' : 'wasm';
            post('fails', { why, text: `${e}` });
        });
    },
    keys({ bytes }) { for (const byte of bytes) keys.push(byte); }, // a paste may be long
    stop() {
        stopped = true;
        keys.length = 0;
    },
    size({ rows, columns }) {
        Object.assign(size, { rows, columns });
        resized = true;
    },
    put(file) {
        brought.push(file);
        if (waiting) says(waiting);
    },
};
self.onmessage = ({ data }) => {
    take[data.kind]?.(data);
    if (wake) wake();
};
