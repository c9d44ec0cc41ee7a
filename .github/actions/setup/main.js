'use strict';
const { codexform, fs, path, prefix, say, tell, temp } = require('./run.js');

// mask hides the key in the rest of the job's log: one that comes from Vault is
// masked by nobody else.
function mask(home) {
  const file = path.join(home, 'auth.json');
  if (!fs.existsSync(file)) return;
  const key = JSON.parse(fs.readFileSync(file, 'utf8')).OPENAI_API_KEY;
  if (key) say('add-mask', key);
}

async function main() {
  const program = process.env.INPUT_CODEXFORM || 'codexform';
  const files = (process.env.INPUT_FILES || 'codex.yaml').split(/\s+/).filter(Boolean);
  const home = fs.mkdtempSync(path.join(temp(), prefix));
  tell('GITHUB_STATE', 'home', home); // first: post has to know even if we are killed
  tell('GITHUB_STATE', 'codexform', program);
  const code = await codexform(program, ['apply', '--auto-approve', '--codex-home', home, ...files.flatMap((f) => ['-f', f])]);
  mask(home);
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
