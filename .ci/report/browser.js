// A headless Chromium, spoken to over a pipe.
'use strict';
const { spawn } = require('node:child_process');

function start() {
  const child = spawn('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1', '--remote-debugging-pipe', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  let text = '', last = 0;
  const waiting = new Map(), events = [];
  child.stdio[4].setEncoding('utf8').on('data', (data) => {
    text += data;
    for (let at; (at = text.indexOf('\0')) >= 0; text = text.slice(at + 1)) {
      const message = JSON.parse(text.slice(0, at));
      if (!message.id) { events.push(message); continue; }
      const { done, fail } = waiting.get(message.id);
      waiting.delete(message.id);
      message.error ? fail(new Error(message.error.message)) : done(message.result);
    }
  });
  child.on('exit', () => { for (const { fail } of waiting.values()) fail(new Error('chromium has gone')); });
  const send = (method, params = {}, sessionId) => new Promise((done, fail) => {
    waiting.set(++last, { done, fail });
    child.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + '\0');
  });
  return { send, events, stop: () => child.kill() };
}

// tab opens a page, and gives what can be done with it.
async function tab(browser) {
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const call = (method, params) => browser.send(method, params, sessionId);
  await call('Page.enable');
  await call('Log.enable');
  await call('Runtime.enable');
  return {
    call,
    complaints: () => browser.events.filter((e) => e.sessionId === sessionId && (e.method === 'Log.entryAdded' || e.method === 'Runtime.exceptionThrown')).map((e) => JSON.stringify(e.params)),
    async run(expression) {
      const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
      return result.value;
    },
    // open loads a page, and gives the milliseconds until its rows are painted.
    async open(url) {
      const from = performance.now();
      await call('Page.navigate', { url });
      for (;;) {
        const there = await this.run(`location.href === ${JSON.stringify(url)} && document.readyState === 'complete' && new Promise(d => requestAnimationFrame(() => setTimeout(() => d(document.querySelectorAll('#machines tbody tr').length), 0)))`).catch(() => 0);
        if (there) return performance.now() - from;
        await new Promise((d) => setTimeout(d, 5));
      }
    },
    async key(key, code = key, text) {
      const windowsVirtualKeyCode = { Tab: 9, Enter: 13, ArrowDown: 40, ' ': 32 }[key] || 0;
      await call('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', key, code, text, windowsVirtualKeyCode });
      await call('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode });
    },
  };
}

module.exports = { start, tab };
