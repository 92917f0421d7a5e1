// A folder over http, from a port that is free: node serve.js FOLDER, or serve(folder).
const fs = require('fs');
const http = require('http');
const path = require('path');

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

exports.serve = (folder) => new Promise((yes) => {
  const server = http.createServer((request, answer) => {
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const file = path.join(folder, path.normalize(name.endsWith('/') ? `${name}index.html` : name));
    fs.readFile(file, (fault, bytes) => {
      answer.writeHead(fault ? 404 : 200, { 'Content-Type': types[path.extname(file)] || 'application/octet-stream' });
      answer.end(bytes);
    });
  });
  server.listen(0, '127.0.0.1', () => yes({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }));
});
