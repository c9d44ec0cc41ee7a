// What the setup action needs around it: a real Vault that trusts a forge's identity
// tokens, the endpoint of the runner that gives them, and a gateway:
//
//	VAULT_ADDR=… VAULT_TOKEN=… KEY=… node setup.js REPOSITORY-FILE READY-FILE
//
// The token names the repository that REPOSITORY-FILE holds when it is asked for.
'use strict';
const { createSign, generateKeyPairSync } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const [repositoryFile, readyFile] = process.argv.slice(2);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function vault(path, body) {
  const res = await fetch(`${process.env.VAULT_ADDR}/v1/${path}`, { method: 'POST', headers: { 'X-Vault-Token': process.env.VAULT_TOKEN }, body: JSON.stringify(body) });
  if (!res.ok && path !== 'sys/mounts/secret') throw new Error(`${path}: ${res.status} ${await res.text()}`);
}

function token(audience) {
  const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const repository = fs.readFileSync(repositoryFile, 'utf8').trim();
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: `repo:${repository}`, repository, aud: audience, iss: 'https://forge.example', iat: now, nbf: now, exp: now + 300 })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}

const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://x');
  const bearer = req.headers.authorization;
  const json = (code, body) => { res.writeHead(code, { 'content-type': 'application/json' }); res.end(JSON.stringify(body)); };
  if (url.pathname === '/token') return bearer === 'Bearer runner' ? json(200, { value: token(url.searchParams.get('audience')) }) : json(401, {});
  if (url.pathname === '/v1/models') return bearer === `Bearer ${process.env.KEY}` ? json(200, { data: [{ id: 'gpt-5.4' }] }) : json(401, {});
  return json(404, {});
});

(async () => {
  await vault('sys/auth/jwt', { type: 'jwt' });
  await vault('auth/jwt/config', { jwt_validation_pubkeys: [publicKey.export({ type: 'spki', format: 'pem' })] });
  await vault('sys/policies/acl/codex', { policy: 'path "secret/data/codex" { capabilities = ["read"] }' });
  await vault('auth/jwt/role/codex', { role_type: 'jwt', user_claim: 'sub', bound_audiences: ['codexform'], bound_claims: { repository: 'o/r' }, token_policies: ['codex'], token_ttl: '5m' });
  await vault('sys/mounts/secret', { type: 'kv', options: { version: '2' } });
  await vault('secret/data/codex', { data: { api_key: process.env.KEY } });
  server.listen(0, '127.0.0.1', () => fs.writeFileSync(readyFile, `http://127.0.0.1:${server.address().port}`));
})().catch((err) => { console.error(err.message); process.exit(1); });
