# Intune, remediation: detection script. 1 and a line on stdout start the remediation.
$ErrorActionPreference = 'Stop'
$codexform = if ($env:CODEXFORM) { $env:CODEXFORM } else { Join-Path $env:ProgramFiles 'codexform\codexform.exe' }
$policy = if ($env:CODEXFORM_POLICY) { $env:CODEXFORM_POLICY } else { Join-Path $env:ProgramData 'codexform\codex.yaml' }
& $codexform plan --contract intune-detect -f $policy
exit $LASTEXITCODE
