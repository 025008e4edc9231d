//go:build !unix

package main

import "os"

// lockFolder has no kernel lock to take here; the engine's own lock on the database being built keeps a second run out.
func lockFolder(dir string) (*os.File, error) { return os.Open(dir) }
