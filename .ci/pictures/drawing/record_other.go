//go:build !linux

package drawing

import "errors"

// Demo is there on Linux only, where the pictures are made.
func Demo(int, string) (string, error) {
	return "", errors.New("pictures are made on Linux")
}
