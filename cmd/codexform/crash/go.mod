module github.com/codexform/codexform/cmd/codexform/crash

go 1.26.5

require (
	github.com/BurntSushi/toml v1.6.0
	github.com/codexform/codexform v0.0.0
	golang.org/x/sys v0.49.0
)

require (
	github.com/spf13/afero v1.15.0 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/codexform/codexform => ../../..
