// The part of GitHub's API that a comment of a pull request needs, over TLS, for the real
// gh, and that of GitLab's that a note needs: node api.js KEY CERT PORTFILE COMMENTS, where COMMENTS keeps what is said.
'use strict';
const fs = require('node:fs');
const https = require('node:https');
const [key, cert, portFile, store] = process.argv.slice(2);
const read = () => (fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, 'utf8')) : []);

function answer(method, path, sent) {
  const comments = read();
  const note = /\/merge_requests\/\d+\/notes(?:\/(\d+))?$/.exec(path);
  if (method === 'GET' && path.endsWith('/user')) return [200, { id: 5 }];
  if (method === 'GET' && note) return [200, comments];
  if (method === 'POST' && note) {
    comments.push({ id: 100 + comments.length, author: { id: 5 }, body: sent.body });
    fs.writeFileSync(store, JSON.stringify(comments));
    return [201, {}];
  }
  if (method === 'PUT' && note) {
    const at = comments.findIndex((c) => String(c.id) === note[1] && c.author.id === 5);
    if (at < 0) return [403, { message: 'Forbidden' }];
    comments[at] = { ...comments[at], body: sent.body };
    fs.writeFileSync(store, JSON.stringify(comments));
    return [200, {}];
  }
  const one = /\/issues\/comments\/(\d+)$/.exec(path);
  if (method === 'GET' && /\/issues\/\d+\/comments$/.test(path)) return [200, comments];
  if (method === 'POST' && /\/issues\/\d+\/comments$/.test(path)) {
    if (sent.body.length > 65536) return [422, { message: 'body is too long' }];
    comments.push({ id: 100 + comments.length, user: { login: 'github-actions[bot]' }, body: sent.body });
  } else if (method === 'PATCH' && one) {
    const at = comments.findIndex((c) => String(c.id) === one[1]);
    if (at < 0) return [404, { message: 'Not Found' }];
    comments[at] = { ...comments[at], body: sent.body, updates: (comments[at].updates || 0) + 1 };
  } else return [404, { message: `${method} ${path}` }];
  fs.writeFileSync(store, JSON.stringify(comments));
  return [200, {}];
}

function sent(req, text) {
  if (!text) return {};
  if (/urlencoded/.test(req.headers['content-type'] || '')) return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text);
}

const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (req, res) => {
  let text = '';
  req.on('data', (d) => { text += d; });
  req.on('end', () => {
    const [code, body] = answer(req.method, new URL(req.url, 'https://x').pathname, sent(req, text));
    res.writeHead(code, { 'content-type': 'application/json' });
    res.end(JSON.stringify(body));
  });
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync(portFile, String(server.address().port)));
