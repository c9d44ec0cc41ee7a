//go:build !windows

package main

import (
	"os"

	"github.com/spf13/afero"
)

func fileSystem() afero.Fs { return afero.NewOsFs() }

func understandColours(*os.File) {}
