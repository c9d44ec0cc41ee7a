// Ten thousand machines as JSON lines, the same ones every time: node statuses.js [HOW MANY].
'use strict';
const many = Number(process.argv[2] || 10000);
const rings = ['it', 'ten', 'half', 'all'];
const errors = [
  ['E401', '401 Unauthorized from https://gateway.example/v1/models'],
  ['E_SECRET', 'vault:secret/codex#api_key: permission denied'],
  ['E_NET', 'the gateway cannot be reached: connection refused'],
  ['E_DAMAGED', 'config.toml:12:3: expected a value'],
  ['E_LOAD', 'Codex would not start: unknown variant `never-ask` in approval_policy'],
];
const lines = [];
for (let i = 0; i < many; i++) {
  const ring = rings[i % 100 < 1 ? 0 : i % 100 < 10 ? 1 : i % 100 < 50 ? 2 : 3];
  const s = {
    host: `${i % 3 ? 'lap' : 'mac'}-${String(i).padStart(5, '0')}`, format_version: '1', state: 'in_sync', codex_home: `/home/u${i}/.codex`,
    policy_version: 17, changes: [], tool_version: i % 50 ? '0.2.0' : '0.1.0', codex_version: ['0.171.0', '0.170.1', '0.164.0'][i % 7 % 3], ring,
    last_run: new Date(Date.UTC(2026, 10, 26, 8, i % 60, 0) - (i % 900 === 5 ? 14 * 864e5 : 0)).toISOString().replace('.000', ''),
  };
  if (ring === 'all') Object.assign(s, { state: 'held', policy_version: 16, reason: 'its ring opens on 2026-11-30' });
  if (i % 97 === 60) Object.assign(s, { state: 'error', code: errors[i % 5][0], message: errors[i % 5][1] });
  if (i % 71 === 30) Object.assign(s, { state: 'drift', changes: ['model', 'model_providers.OpenAI.base_url'] });
  lines.push(JSON.stringify(s));
}
process.stdout.write(lines.join('\n') + '\n');
