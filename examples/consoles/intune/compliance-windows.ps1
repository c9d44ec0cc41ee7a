# Intune, custom compliance for Windows: one line of JSON. codexform export intune-rules prints the rules.
$ErrorActionPreference = 'Stop'
$codexform = if ($env:CODEXFORM) { $env:CODEXFORM } else { Join-Path $env:ProgramFiles 'codexform\codexform.exe' }
$policy = if ($env:CODEXFORM_POLICY) { $env:CODEXFORM_POLICY } else { Join-Path $env:ProgramData 'codexform\codex.yaml' }
& $codexform status --contract intune-compliance -f $policy
exit $LASTEXITCODE
