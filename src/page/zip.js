// zip: several files as one, which every system opens by a double click.
//
//     const bytes = zip([{path, bytes}]);        // stored, not packed
//     const files = await unzip(bytes, most);    // throws where it is damaged, or where
//                                                // more than that would come out of it
//
// A zip file: of each file a head and its bytes; then the same heads again as a table of
// contents, and where that begins. What was packed anew elsewhere (deflate) is read too.

const LOCAL = 0x04034b50, ENTRY = 0x02014b50, END = 0x06054b50;

const crcs = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = ~0;
  for (const b of bytes) crc = crcs[(crc ^ b) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

// Numbers of two and four bytes, the small end first.
function row(...fields) {
  const out = [];
  for (const [size, value] of fields) {
    for (let i = 0; i < size; i++) out.push((value >>> (8 * i)) & 255);
  }
  return Uint8Array.from(out);
}

export function zip(files) {
  const parts = [], table = [];
  let at = 0;
  for (const { path, bytes } of files) {
    const name = new TextEncoder().encode(path);
    const about = [[2, 20], [2, 0x800], [2, 0], [4, 0x210000], // version, UTF-8, stored, 1980
      [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]];
    const head = row([4, LOCAL], ...about);
    parts.push(head, name, bytes);
    table.push(row([4, ENTRY], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name);
    at += head.length + name.length + bytes.length;
  }
  const size = table.reduce((sum, piece) => sum + piece.length, 0);
  const n = files.length;
  const end = row([4, END], [4, 0], [2, n], [2, n], [4, size], [4, at], [2, 0]);
  return joined([...parts, ...table, end]);
}

export async function unzip(bytes, most) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const two = (at) => view.getUint16(at, true), four = (at) => view.getUint32(at, true);
  let end = bytes.length - 22;
  while (four(end) !== END) end--; // a comment may follow; before the beginning it throws
  const files = [];
  let at = four(end + 16), room = most;
  for (let n = two(end + 10); n > 0; n--) {
    if (four(at) !== ENTRY) throw new RangeError('no entry');
    const [method, crc, packed] = [two(at + 10), four(at + 16), four(at + 20)];
    const [length, extra, comment] = [two(at + 28), two(at + 30), two(at + 32)];
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    const local = four(at + 42);
    const from = local + 30 + two(local + 26) + two(local + 28);
    const piece = bytes.slice(from, from + packed);
    const whole = method === 0 ? piece : await inflated(piece, room);
    room -= whole.length;
    if (room < 0 || crc32(whole) !== crc) throw new RangeError(path);
    if (!path.endsWith('/')) files.push({ path, bytes: whole });
    at += 46 + length + extra + comment;
  }
  return files;
}

async function inflated(bytes, most) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const pieces = [];
  let size = 0;
  for (const reader = stream.getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) return joined(pieces);
    pieces.push(value);
    size += value.length;
    if (size > most) throw new RangeError('too large');
  }
}

function joined(pieces) {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
