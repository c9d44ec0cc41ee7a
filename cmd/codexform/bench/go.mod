module github.com/codexform/codexform/cmd/codexform/bench

go 1.26.5

require (
	github.com/pelletier/go-toml/v2 v2.4.3
	gopkg.in/yaml.v3 v3.0.1
)
