// What both halves of the action need: run codexform to its end, and say things to the runner.
'use strict';
const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

// temp is where the runner keeps what belongs to one job.
function temp() {
  if (!process.env.RUNNER_TEMP) throw new Error('RUNNER_TEMP is not set: this is no job of a runner');
  return fs.realpathSync(process.env.RUNNER_TEMP);
}

// tell appends NAME=VALUE to one of the runner's files, such as GITHUB_OUTPUT.
function tell(file, name, value) {
  if (/[\r\n]/.test(value)) throw new Error(`${name} has more than one line`);
  if (process.env[file]) fs.appendFileSync(process.env[file], `${name}=${value}\n`);
}

function escaped(text) {
  return String(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function say(command, text) {
  process.stdout.write(`::${command}::${escaped(text)}\n`);
}

// codexform runs the program and resolves to its exit code. A cancelled job sends a
// signal to this process alone, so it is passed on, and the program may finish or undo.
// Nothing that it prints is a command to the runner.
function codexform(program, args) {
  const mark = randomUUID();
  say('stop-commands', mark);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  }).finally(() => process.stdout.write(`::${mark}::\n`));
}

module.exports = { codexform, fs, path, say, tell, temp, prefix: 'codex-home-' };
