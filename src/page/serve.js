// A folder over http, to this machine alone: node serve.js FOLDER [PORT], or for tests
//
//     const { url, close } = await serve(folder);      // any port that is free
const fs = require('fs');
const http = require('http');
const path = require('path');

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript',
  '.json': 'application/json', '.txt': 'text/plain; charset=utf-8', '.wasm': 'application/wasm',
};

exports.serve = (folder, port = 0) => new Promise((yes, no) => {
  const server = http.createServer((request, answer) => {
    let name;
    try {
      name = path.posix.normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    } catch {
      name = '/no such';
    }
    const file = path.join(folder, name.endsWith('/') ? `${name}index.html` : name);
    fs.readFile(file, (fault, bytes) => {
      const type = types[path.extname(file)] || 'application/octet-stream';
      answer.writeHead(fault ? 404 : 200, { 'Content-Type': type });
      answer.end(bytes);
    });
  });
  server.on('error', no);
  server.listen(port, '127.0.0.1', () => {
    yes({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() });
  });
});

if (require.main === module) {
  const [folder, port = 8000] = process.argv.slice(2);
  exports.serve(folder, +port).then(({ url }) => console.log(`${url}   (Ctrl-C ends)`), (fault) => {
    console.error(fault.message);
    process.exit(1);
  });
}
