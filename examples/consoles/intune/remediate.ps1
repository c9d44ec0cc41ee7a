# Intune, remediation: remediation script. Its last line is what Intune keeps; stderr stays empty.
$ErrorActionPreference = 'Stop'
$codexform = if ($env:CODEXFORM) { $env:CODEXFORM } else { Join-Path $env:ProgramFiles 'codexform\codexform.exe' }
$policy = if ($env:CODEXFORM_POLICY) { $env:CODEXFORM_POLICY } else { Join-Path $env:ProgramData 'codexform\codex.yaml' }
& $codexform apply --contract intune-remediate --auto-approve -f $policy
exit $LASTEXITCODE
