package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
)

// environment is what every command may use: the three streams, the log, the progress line.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
	progress       *progress
	logFormat      string
	quiet, verbose bool
}

func newEnvironment(stdin io.Reader, stdout, stderr io.Writer) *environment {
	env := &environment{stdin: stdin, stdout: stdout, stderr: stderr, logFormat: "text"}
	env.log = slog.New(lineHandler{w: stderr, level: slog.LevelInfo})
	env.progress = newProgress(env)
	return env
}

// globalFlags adds the flags that every command has. They may stand before or after the command.
func (env *environment) globalFlags(flags *pflag.FlagSet) {
	flags.StringVar(&env.logFormat, "log-format", env.logFormat, "form of the log on stderr: text or json")
	flags.BoolVarP(&env.quiet, "quiet", "q", env.quiet, "no log and no progress, errors only")
	flags.BoolVarP(&env.verbose, "verbose", "v", env.verbose, "log every step with its details")
}

// configure applies the global flags.
func (env *environment) configure() error {
	level := slog.LevelInfo
	switch {
	case env.quiet:
		level = slog.LevelError
	case env.verbose:
		level = slog.LevelDebug
	}
	switch env.logFormat {
	case "text":
		env.log = slog.New(lineHandler{w: env.stderr, level: level})
	case "json":
		env.log = slog.New(slog.NewJSONHandler(env.stderr, &slog.HandlerOptions{Level: level}))
	default:
		given := env.logFormat
		env.logFormat = "text"
		return analytics.Usagef("--log-format: unknown form %q: text or json", given)
	}
	env.progress = newProgress(env)
	return nil
}

// exitGrade is the exit code of --fail-on; the others are analytics.ExitCode.
const exitGrade = 4

// fail reports err on stderr and returns the exit code that its kind has.
func (env *environment) fail(ctx context.Context, err error) int {
	code, do := analytics.ExitCode(err), ""
	if e, ok := errors.AsType[*advisedError](err); ok {
		do = e.do
	}
	if e, ok := errors.AsType[*gradeError](err); ok {
		code, err = exitGrade, e
	}
	switch {
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		code = 1
		err = fmt.Errorf("interrupted: %w", err)
		do = "The last finished audit is untouched. Repeat the command; `crmaudit run` with --resume goes on from the last finished step."
	case do == "":
		do = systemAdvice(err)
	}
	if env.logFormat == "json" {
		attrs := []any{"exit_code", code}
		if do != "" {
			attrs = append(attrs, "do", do)
		}
		env.log.Error(err.Error(), attrs...)
		return code
	}
	text := strings.TrimRight(err.Error(), "\n")
	if list, ok := errors.AsType[*configError](err); ok { // file:line at the beginning of the line, so that editors find it
		fmt.Fprint(env.stderr, list.lines())
		text = list.total()
	}
	fmt.Fprintf(env.stderr, "crmaudit: %s\n", text)
	if do != "" {
		fmt.Fprintf(env.stderr, "  %s\n", do)
	}
	return code
}

// advisedError is an error with a sentence that says what to do about it.
type advisedError struct {
	error
	do string
}

func (e *advisedError) Unwrap() error { return e.error }

// advise adds to err what to do about it.
func advise(err error, do string) error { return &advisedError{err, do} }

// systemAdvice says what to do about failures of the operating system that any command may meet. The engine words its own.
func systemAdvice(err error) string {
	switch text := err.Error(); {
	case errors.Is(err, syscall.ENOSPC), strings.Contains(text, "No space left on device"):
		return "The disk is full: free space there, or choose another folder with --out or engine.temp_directory, and repeat with --resume."
	case errors.Is(err, fs.ErrPermission), strings.Contains(text, "Permission denied"):
		return "Check who owns the file or folder and its permissions."
	}
	return ""
}

// lineHandler writes one plain line per record: the message, then key=value. No time, no level: a person reads it as it appears.
type lineHandler struct {
	w     io.Writer
	level slog.Level
	attrs string
}

func (h lineHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

func (h lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	if r.Level >= slog.LevelWarn {
		b.WriteString(strings.ToLower(r.Level.String()) + ": ")
	}
	b.WriteString(r.Message)
	b.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&b, "  %s=%v", a.Key, a.Value)
		return true
	})
	b.WriteByte('\n')
	_, err := io.WriteString(h.w, b.String())
	return err
}

func (h lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		h.attrs += fmt.Sprintf("  %s=%v", a.Key, a.Value)
	}
	return h
}

func (h lineHandler) WithGroup(string) slog.Handler { return h }
