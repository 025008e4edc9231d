//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockFolder takes the folder for this process until the returned file is closed; the kernel gives the lock back however the process ends,
// and nothing is left in the folder. It returns errLocked when another process has it.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errLocked
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
