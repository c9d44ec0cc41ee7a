// Measures and judges the page of codexform report, takes its pictures, and writes the
// figure: node check.js PAGE AXE PICTURES FIGURE. It ends with 1 where a bound is missed.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const { start, tab } = require('./browser.js');
const [page, axe, pictures, figure] = process.argv.slice(2);
const url = 'file://' + fs.realpathSync(page);
const failures = [];
// On a busy machine a clock tells of the others: then the work of the page alone decides.
const load = os.loadavg()[0], busy = load > 1.5 * os.cpus().length;
const expect = (ok, what) => { if (!ok) { failures.push(what); console.error('FAIL ' + what); } };
const ms = (n) => n.toFixed(0) + ' ms';
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

// until painted: what was done, drawn, in milliseconds.
const timed = (what) => `(async () => { const t = performance.now(); ${what}; document.body.offsetHeight; await new Promise(d => requestAnimationFrame(() => setTimeout(d, 0))); return performance.now() - t })()`;
const type = (id, value, event) => `{ const e = document.getElementById('${id}'); e.value = ${JSON.stringify(value)}; e.dispatchEvent(new Event('${event}')) }`;

async function speed(t) {
  await t.call('Performance.enable', { timeDomain: 'threadTicks' });
  const cpu = async () => (await t.call('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value * 1000;
  const measured = async (what) => {
    const all = [], work = [];
    for (let i = 0; i < 9; i++) {
      const before = await cpu();
      all.push(await what());
      work.push(await cpu() - before);
    }
    return { all, work };
  };
  const rows = [['loads, until rows are painted', await measured(() => t.open(url)), 2000]];
  for (const [name, what] of [
    ['search for one letter', type('q', 'a', 'input')], ['search for a machine', type('q', 'lap-09998', 'input')], ['search for three words', type('q', 'mac error gateway', 'input')],
    ['the search is emptied', type('q', '', 'input')], ['filter by state', type('state', 'error', 'change')], ['every state again', type('state', '', 'change')],
    ['filter by ring', type('ring', 'all', 'change')], ['every ring again', type('ring', '', 'change')],
    ['sort by machine', "document.querySelectorAll('#machines thead button')[0].click()"], ['sort by last run', "[...document.querySelectorAll('#machines thead button')].find(b => b.textContent === 'Last run').click()"],
  ]) {
    rows.push([name, await measured(() => t.run(timed(what))), 100]);
  }
  for (const [name, { all, work }, bound] of rows) {
    expect((busy || Math.min(...all) < bound) && median(work) < bound, `${name}: ${ms(Math.min(...all))}, CPU ${ms(median(work))}, wanted under ${ms(bound)}`);
  }
  return rows.map(([name, { all, work }, bound]) => `| ${name} | ${bound > 1000 ? 'a process of its own' : ms(median(work))} | ${ms(Math.min(...all))} | ${ms(median(all))} | ${ms(bound)} |`);
}

// everything that a keyboard reaches, in order, and what works without a mouse.
async function keyboard(t) {
  await t.open(url);
  const reached = [];
  const focus = () => t.run("(e => e.id || e.getAttribute('aria-label') || e.textContent.trim().slice(0, 30) || e.tagName)(document.activeElement)");
  for (let i = 0; i < 30; i++) {
    await t.key('Tab');
    const at = await focus();
    if (at === reached[0] || /^BODY$/.test(at)) break;
    reached.push(at);
    if (at === 'more') break;
  }
  for (const id of ['q', 'state', 'code', 'ring', 'look', 'Machine', 'State', 'more']) expect(reached.includes(id), `the keyboard does not reach ${id}: ${reached}`);
  await t.run("document.querySelectorAll('#machines thead button')[0].focus()");
  await t.key('Enter', 'Enter', '\r');
  expect(await t.run("document.querySelector('#machines thead th').getAttribute('aria-sort')") === 'ascending', 'Enter does not sort');
  await t.key(' ', 'Space', ' ');
  expect(await t.run("document.querySelector('#machines thead th').getAttribute('aria-sort')") === 'descending', 'Space does not sort the other way');
  await t.run("document.getElementById('q').focus()");
  for (const c of 'e401') await t.key(c, '', c);
  const said = await t.run("document.getElementById('found').textContent");
  expect(/^\d+ of 10000/.test(said) && !said.startsWith('10000'), `typing does not filter: ${said}`);
  const outline = await t.run("getComputedStyle(document.activeElement).outlineStyle");
  expect(outline !== 'none', 'the focus cannot be seen');
  return reached;
}

// what a screen reader is told.
async function tree(t) {
  await t.open(url);
  const { nodes } = await t.call('Accessibility.getFullAXTree');
  const named = (role) => nodes.filter((n) => !n.ignored && n.role?.value === role).map((n) => n.name?.value || '');
  const one = (role, name) => expect(named(role).includes(name), `no ${role} called ${JSON.stringify(name)}: ${named(role).slice(0, 12)}`);
  one('table', 'Every machine');
  one('search', 'Filter machines');
  one('searchbox', 'Search');
  for (const name of ['State', 'Code', 'Ring', 'Look at']) one('combobox', name);
  for (const name of ['Machine', 'State', 'Why']) one('columnheader', name);
  expect(named('main').length === 1 && named('status').length === 1, 'not one main part, or nothing that is said when it changes');
  expect(named('rowheader').length > 100, 'rows are not headed by their machine');
  expect(!nodes.some((n) => !n.ignored && ['button', 'textbox', 'combobox', 'searchbox'].includes(n.role?.value) && !n.name?.value), 'a control without a name');
  return `${named('columnheader').length} column headers, ${named('rowheader').length} row headers, ${named('heading').length} headings, ${named('combobox').length + named('searchbox').length} named fields, one live region`;
}

async function rules(t, scheme, width) {
  await t.call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  await t.call('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
  await t.open(url);
  expect(await t.run('document.documentElement.scrollWidth <= innerWidth'), `${scheme}, ${width} px: the page scrolls sideways`);
  await t.run(fs.readFileSync(axe, 'utf8') + ';0');
  const found = await t.run("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => ({bad: r.violations.map(v => v.id + ': ' + v.nodes.length + ' ' + v.nodes[0].html.slice(0, 120)), good: r.passes.length, unsure: r.incomplete.map(v => v.id)}))");
  for (const bad of found.bad) expect(false, `${scheme}, ${width} px: ${bad}`);
  return `| ${scheme}, ${width} px | ${found.good} | ${found.bad.length} | ${found.unsure.join(', ') || 'none'} |`;
}

async function picture(t, name, scheme, width, height, media = '') {
  await t.call('Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value: scheme }] });
  await t.call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
  await t.open(url);
  const { data } = await t.call('Page.captureScreenshot', { format: 'png', clip: { x: 0, y: 0, width, height, scale: 1 } });
  fs.writeFileSync(`${pictures}/report-${name}.png`, Buffer.from(data, 'base64'));
}

async function main() {
  const browser = start();
  try {
    const { product } = await browser.send('Browser.getVersion');
    const t = await tab(browser);
    const times = await speed(t), reached = await keyboard(t), told = await tree(t);
    const judged = [await rules(t, 'light', 1200), await rules(t, 'dark', 1200), await rules(t, 'light', 400), await rules(t, 'dark', 400)];
    await picture(t, 'light', 'light', 1200, 1700);
    await picture(t, 'dark', 'dark', 1200, 1700);
    await picture(t, 'narrow', 'light', 400, 1700);
    await t.call('Emulation.clearDeviceMetricsOverride');
    await t.call('Emulation.setEmulatedMedia', { media: '', features: [] });
    await t.open(url);
    const { data } = await t.call('Page.printToPDF', { preferCSSPageSize: true, paperWidth: 8.27, paperHeight: 11.69 });
    fs.writeFileSync(page + '.pdf', Buffer.from(data, 'base64'));
    expect(t.complaints().length === 0, 'the browser complains: ' + t.complaints().slice(0, 3));
    const kb = (fs.statSync(page).size / 1024).toFixed(0);
    if (!failures.length) fs.writeFileSync(figure, text(product, kb, times, judged, reached, told));
  } finally {
    browser.stop();
  }
  process.exit(failures.length ? 1 : 0);
}

const text = (product, kb, times, judged, reached, told) => `# The page of \`codexform report\`, in a browser

Written by \`make report-page\`, which fails where a bound is missed. ${product}, headless, on ${os.cpus().length} cores with a load of ${load.toFixed(0)} by others; 10,000 statuses as JSON lines
(\`.ci/report/statuses.js\`) come to one page of ${kb} kB. Nine times each; a time ends when what changed is painted. The bound is for the work of the page's thread, which nobody else
can lengthen, and for the quickest of the nine, where the machine is not busy with something else${busy ? ' (it was)' : ''}.

| what | CPU, median | quickest | median | bound |
|---|---|---|---|---|
${times.join('\n')}

axe-core's rules for WCAG 2.2 AA and its best practices. *Unsure* is what they leave to a person; it was looked at. Nothing scrolls sideways but the
tables, each in a part of its own that the keyboard reaches.

| the page | rules that hold | that do not | unsure |
|---|---|---|---|
${judged.join('\n')}

What the Tab key reaches, in this order: ${reached.map((r) => `*${r}*`).join(', ')}. Enter and Space sort, typing filters, the focus can be seen. A screen reader is told
(Chromium's accessibility tree): ${told}. No screen reader has read it aloud here.

| light | dark |
|---|---|
| ![The page in light](../guides/pictures/report-light.png) | ![The page in dark](../guides/pictures/report-dark.png) |

| 400 px wide | on paper, the first sheet |
|---|---|
| ![The page, 400 pixels wide](../guides/pictures/report-narrow.png) | ![The page on paper](../guides/pictures/report-print.png) |
`;

main().catch((e) => { console.error(e); process.exit(1); });
