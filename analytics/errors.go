package analytics

import (
	"errors"
	"fmt"
)

// There are four kinds of failure, told apart by errors.As: UsageError, DataError, EngineError, and a bug, which panics.
// An error of no kind is treated as an EngineError.

// UsageError is a mistake in the command line or in audit.yaml: the user edits something and tries again. Exit code 2.
type UsageError struct{ Err error }

// DataError is a broken data contract: too many rejects, an unreadable required input, a missed control total. Exit code 3.
type DataError struct{ Err error }

// EngineError is a failure of the engine or of the machine: disk full, database locked, out of memory. Exit code 1.
type EngineError struct{ Err error }

func (e *UsageError) Error() string  { return e.Err.Error() }
func (e *UsageError) Unwrap() error  { return e.Err }
func (e *DataError) Error() string   { return e.Err.Error() }
func (e *DataError) Unwrap() error   { return e.Err }
func (e *EngineError) Error() string { return e.Err.Error() }
func (e *EngineError) Unwrap() error { return e.Err }

// Usagef formats a UsageError; the verbs are those of fmt.Errorf, %w included.
func Usagef(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Dataf formats a DataError.
func Dataf(format string, args ...any) error { return &DataError{fmt.Errorf(format, args...)} }

// Enginef formats an EngineError.
func Enginef(format string, args ...any) error { return &EngineError{fmt.Errorf(format, args...)} }

// ExitCode maps an error to the exit code of the contract: 0 done, 1 engine or I/O, 2 usage or configuration, 3 data contract broken.
// When an error carries several kinds (errors.Join), usage wins over data, data over engine: what the user can mend comes first.
func ExitCode(err error) int {
	var usage *UsageError
	var data *DataError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		return 2
	case errors.As(err, &data):
		return 3
	}
	return 1
}
