module github.com/codexform/codexform

go 1.26

require github.com/twpayne/chezmoi/v2 v2.62.0
