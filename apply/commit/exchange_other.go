//go:build !linux && !darwin && !windows

package commit

import "os"

func exchange(*os.File, string, string) error { return errNoExchange }

func moveExclusive(*os.File, string, string) error { return errNoExchange }
