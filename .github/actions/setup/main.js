'use strict';
const { spawnSync } = require('node:child_process');
const { codexform, fs, path, prefix, say, tell, temp } = require('./run.js');

// key is what the steps that follow may come to print: the one in auth.json, or the one that
// Codex will fetch by codexform token, which is asked here so that the runner hears of it.
function key(program, home, policy) {
  const file = path.join(home, 'auth.json');
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).OPENAI_API_KEY;
  const config = path.join(home, 'config.toml');
  if (!fs.existsSync(config) || !/^\s*args = \["token"/m.test(fs.readFileSync(config, 'utf8'))) return '';
  return spawnSync(program, ['token', ...policy], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', timeout: 60000 }).stdout?.trim();
}

// mask hides the key in the rest of the job's log, as it is and as JSON has it: one that
// comes from Vault is masked by nobody else.
function mask(secret) {
  for (const text of new Set([secret, JSON.stringify(secret).slice(1, -1)])) say('add-mask', text);
}

async function main() {
  const program = process.env.INPUT_CODEXFORM || 'codexform';
  const files = (process.env.INPUT_FILES || 'codex.yaml').split(/\s+/).filter(Boolean);
  const policy = files.flatMap((f) => ['-f', f]);
  const room = process.env.INPUT_FOR ? ['--for', process.env.INPUT_FOR] : [];
  const home = fs.mkdtempSync(path.join(temp(), prefix));
  tell('GITHUB_STATE', 'home', home); // first: post has to know even if we are killed
  tell('GITHUB_STATE', 'codexform', program);
  const code = await codexform(program, ['apply', '--auto-approve', '--codex-home', home, ...room, ...policy]);
  const secret = key(program, home, policy);
  if (secret) mask(secret);
  if (code !== 0) {
    say('error title=codexform', `codexform apply ended with ${code}; what it says above has the reason`);
    process.exitCode = code;
    return;
  }
  tell('GITHUB_OUTPUT', 'codex-home', home);
  tell('GITHUB_ENV', 'CODEX_HOME', home);
}

main().catch((err) => {
  say('error title=codexform', err.message);
  process.exitCode = 1;
});
