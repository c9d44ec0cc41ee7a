'use strict';
const { spawnSync } = require('node:child_process');
const { codexform, fs, path, prefix, say, temp } = require('./run.js');

// ours reports whether a folder is one that main makes: nothing else is removed.
function ours(home) {
  return path.dirname(home) === temp() && path.basename(home).startsWith(prefix);
}

async function destroy(program, home) {
  const help = spawnSync(program, ['destroy', '--help'], { encoding: 'utf8' }).stdout || '';
  const purge = help.includes('--purge') ? ['--purge'] : [];
  const code = await codexform(program, ['destroy', '--auto-approve', '--codex-home', home, ...purge]);
  if (code !== 0) throw new Error(`codexform destroy ended with ${code}`);
}

async function post() {
  const home = process.env.STATE_home;
  if (!home) return; // main never got as far as a home
  if (!ours(home)) throw new Error(`${home} is no home of this action, so it stays`);
  if (!fs.existsSync(home)) return;
  try {
    await destroy(process.env.STATE_codexform || 'codexform', home);
  } catch (err) {
    say('warning title=codexform', `${err.message}; the home is removed all the same`);
  }
  fs.rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}

post().catch((err) => {
  say('error title=codexform', err.message);
  process.exitCode = 1;
});
