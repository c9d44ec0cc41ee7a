// A page that shows a comment as GitHub does: node page.js TITLE CSS light|dark WIDTH < HTML.
// The HTML is what GitHub's own renderer, cmark-gfm, makes of the Markdown; a diff block
// gets the colours that GitHub gives it.
'use strict';
const fs = require('node:fs');
const [title, css, scheme, width] = process.argv.slice(2);
const colours = {
  light: { '+': '#116329;background:#dafbe1', '-': '#82071e;background:#ffebe9', '!': '#953800;background:#ffd8b5', box: '#d1d9e0', head: '#f6f8fa', page: '#ffffff' },
  dark: { '+': '#aff5b4;background:#033a16', '-': '#ffdcd7;background:#67060c', '!': '#ffdfb6;background:#5a1e02', box: '#3d444d', head: '#151b23', page: '#0d1117' },
}[scheme];

const html = fs.readFileSync(0, 'utf8').replace(/(<pre[^>]*><code[^>]*>)([\s\S]*?)<\/code>/g, (_, open, text) =>
  open + text.split('\n').map((line) => (colours[line[0]] ? `<span style="color:${colours[line[0]]}">${line}</span>` : line)).join('\n') + '</code>');
process.stdout.write(`<!doctype html><meta charset="utf-8"><style>${fs.readFileSync(css, 'utf8')}
body{margin:16px;background:${colours.page}}
.box{border:1px solid ${colours.box};border-radius:6px;width:${width}px}
.head{background:${colours.head};border-bottom:1px solid ${colours.box};padding:8px 16px;border-radius:6px 6px 0 0}
.markdown-body{padding:16px;border-radius:6px}
.head.markdown-body{padding:8px 16px;font-size:14px}
pre{overflow:hidden!important}</style>
<div class="box"><div class="head markdown-body"><b>${title}</b></div><article class="markdown-body">${html}</article></div>`);
