// core: the program itself, which runs in a worker of its own.
//
//     const core = openCore(await parts(), hears);   // hears: a function for each kind of
//     core.start({ args, env, files, kept, rows, columns });  // message that the worker sends
//     core.keys('w = 2\r'); core.stop(); core.size(24, 80); core.put(path, bytes);
//     core.end();
//
// The program's parts stand in the page itself, packed (learn.html), or beside it (site/).

async function part(name) {
  const inside = document.getElementById(`part-${name}`);
  if (!inside) {
    const answer = await fetch(name);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.arrayBuffer();
  }
  const packed = Uint8Array.from(atob(inside.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

const script = (bytes) => URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));

export const text = async (name) => new TextDecoder().decode(await part(name));
export const library = async (name) => import(script(await part(name)));

export async function parts() {
  const names = ['worker.js', 'learn.wasm', 'gnuplot.wasm', 'learn.data'];
  const [worker, learn, gnuplot, data] = await Promise.all(names.map(part));
  return { worker, learn, gnuplot, data };
}

export function openCore({ worker, ...rest }, hears) {
  const url = script(worker);
  const utf8 = new TextEncoder();
  let program = null;
  const post = (kind, fields) => program?.postMessage({ kind, ...fields });

  const end = () => {
    program?.terminate();
    program = null;
  };
  return {
    start(fields) {
      end();
      program = new Worker(url);
      program.onmessage = ({ data }) => hears[data.kind]?.(data);
      program.onerror = (e) => hears.fails({ why: 'wasm', text: e.message });
      post('start', { ...fields, parts: rest });
    },
    end,
    keys: (typed) => post('keys', { bytes: utf8.encode(typed) }),
    stop: () => post('stop'),
    size: (rows, columns) => post('size', { rows, columns }),
    put: (path, bytes) => post('put', { path, bytes }),
  };
}
