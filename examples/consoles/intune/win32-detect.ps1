# Intune, Win32 app: detection script. A line and 0 mean installed, silence means not.
$ErrorActionPreference = 'Stop'
$codexform = if ($env:CODEXFORM) { $env:CODEXFORM } else { Join-Path $env:ProgramFiles 'codexform\codexform.exe' }
$policy = if ($env:CODEXFORM_POLICY) { $env:CODEXFORM_POLICY } else { Join-Path $env:ProgramData 'codexform\codex.yaml' }
& $codexform status --contract intune-win32-detect -f $policy
exit $LASTEXITCODE
