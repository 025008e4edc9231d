package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/pflag"
)

// version is the program's version; CHANGELOG.md says what each one brought.
const version = "0.1.0"

func versionCommand() command {
	return command{
		name:  "version",
		short: "print the version",
		long:  "Prints the version of crmaudit, of Go and of the engine's driver.",
		prepare: func(*pflag.FlagSet) func(context.Context, *environment, []string) error {
			return func(_ context.Context, env *environment, args []string) error {
				if err := noArguments("version", args); err != nil {
					return err
				}
				return printVersion(env.stdout)
			}
		},
	}
}

func printVersion(w io.Writer) error {
	driver := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "github.com/duckdb/duckdb-go/v2" {
				driver = dep.Version
			}
		}
	}
	_, err := fmt.Fprintf(w, "crmaudit %s (%s, %s/%s, duckdb-go %s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, driver)
	return err
}
