package cli

// shellWords is what a person types where the demo plays: a shell's, or PowerShell's.
type shellWords struct{ prompt, config, policy, set, diff, exit string }

func shellOf(os string) shellWords {
	if os == "windows" {
		return shellWords{
			prompt: "PS>",
			config: `PS> Get-Content ~\.codex\config.toml`,
			policy: `PS> Get-Content codex.yaml`,
			set:    `PS> $env:DEMO_API_KEY = '%s'`,
			diff:   `PS> Compare-Object (Get-Content config.toml.before) (Get-Content ~\.codex\config.toml)`,
			exit:   `PS> $LASTEXITCODE`,
		}
	}
	return shellWords{
		prompt: "$",
		config: "$ cat ~/.codex/config.toml",
		policy: "$ cat codex.yaml",
		set:    "$ export DEMO_API_KEY=%s",
		diff:   "$ diff config.toml.before ~/.codex/config.toml",
		exit:   "$ echo $?",
	}
}
