package analytics

import "fmt"

// The kinds of error that a user can meet, told apart by errors.As in cmd/crmaudit, which turns them into the exit codes of the contract.
// Everything else is a bug. Err says what happened and where, lower case; Do says what to do about it, a whole sentence, and may be empty.

// UsageError is a wrong command line or configuration: exit code 2.
type UsageError struct {
	Err error
	Do  string
}

// DataError is a broken data contract (more rejects than max_reject_share, an unreadable required input, a missed control total): exit code 3.
type DataError struct {
	Err error
	Do  string
}

// EngineError is a failure of the engine, the disk or the operating system: exit code 1.
type EngineError struct {
	Err error
	Do  string
}

func (e *UsageError) Error() string  { return e.Err.Error() }
func (e *DataError) Error() string   { return e.Err.Error() }
func (e *EngineError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// Unwrap gives the cause.
func (e *DataError) Unwrap() error { return e.Err }

// Unwrap gives the cause.
func (e *EngineError) Unwrap() error { return e.Err }

// Usage makes a UsageError; do may be empty.
func Usage(do, format string, args ...any) error {
	return &UsageError{Err: fmt.Errorf(format, args...), Do: do}
}

// Data makes a DataError; do may be empty.
func Data(do, format string, args ...any) error {
	return &DataError{Err: fmt.Errorf(format, args...), Do: do}
}

// Engine makes an EngineError; do may be empty.
func Engine(do, format string, args ...any) error {
	return &EngineError{Err: fmt.Errorf(format, args...), Do: do}
}
