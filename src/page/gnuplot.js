// gnuplot, as page/child.c speaks to it: a new instance for each script, since it ends with
// its input. What it prints. Stands behind worker.js and node.js, which know Gnuplot (emcc's
// factory).
function gnuplot(compiled, text) {
    const said = [];
    let at = 0;
    if (!text.length) return said; // is it there?
    Gnuplot({
        instantiateWasm(imports, got) {
            const instance = new WebAssembly.Instance(compiled, imports);
            got(instance);
            return instance.exports;
        },
        arguments: ['-d'],
        stdin: () => (at < text.length ? text[at++] : null),
        stdout: byte => byte === null || said.push(byte),
        stderr: () => {},
        quit: () => {},
    }).catch(() => {});
    return said;
}
