// Command crmaudit audits a company's CRM-marketing from its own event exports: one batch run leaves tables, a page and a backlog.
//
// One file per subcommand. Results go to stdout or files; log and progress go to stderr. Exit codes: 0 done, 1 engine or I/O failure,
// 2 usage or configuration, 3 data contract broken.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is one subcommand. Its flags live in a FlagSet made by prepare, which returns the function that does the work.
type command struct {
	name    string
	args    string // the arguments after the name, for the usage line
	short   string // one line for the list of commands
	long    string // what it does, when, with an example
	prepare func(flags *pflag.FlagSet) func(ctx context.Context, env *environment, args []string) error
}

func commands() []command {
	return []command{
		demoCommand(),
		initCommand(),
		checkCommand(),
		runCommand(),
		sqlCommand(),
		exportCommand(),
		compareCommand(),
		tablesCommand(),
		simulateCommand(),
		versionCommand(),
		completionCommand(),
		helpCommand(),
	}
}

// run is the whole program: it never exits and touches only what it is given.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	env := newEnvironment(stdin, stdout, stderr)
	err := dispatch(ctx, env, args)
	env.progress.finish()
	if err == nil {
		return 0
	}
	return env.fail(ctx, err)
}

func dispatch(ctx context.Context, env *environment, args []string) error {
	globals := pflag.NewFlagSet("crmaudit", pflag.ContinueOnError)
	globals.SetInterspersed(false)
	globals.SetOutput(io.Discard)
	showVersion := globals.Bool("version", false, "print the version")
	env.globalFlags(globals)
	if err := globals.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return overview(env.stdout)
		}
		return flagError(err, globals, "crmaudit")
	}
	if err := env.configure(); err != nil {
		return err
	}
	if *showVersion {
		return printVersion(env.stdout)
	}
	rest := globals.Args()
	if len(rest) == 0 {
		if err := overview(env.stderr); err != nil {
			return err
		}
		return analytics.Usagef("no command given")
	}
	cmd, err := findCommand(rest[0])
	if err != nil {
		return err
	}
	flags := pflag.NewFlagSet(cmd.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SortFlags = false
	work := cmd.prepare(flags)
	env.globalFlags(flags)
	if err := flags.Parse(rest[1:]); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return commandHelp(env.stdout, cmd)
		}
		return flagError(err, flags, "crmaudit "+cmd.name)
	}
	if err := env.configure(); err != nil {
		return err
	}
	return work(ctx, env, flags.Args())
}

func findCommand(name string) (command, error) {
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	do := "The commands are " + strings.Join(names, ", ") + "; see `crmaudit help`."
	if near := analytics.Nearest(name, names); near != "" {
		do = fmt.Sprintf("Did you mean `crmaudit %s`? %s", near, do)
	}
	return command{}, advise(analytics.Usagef("unknown command %q", name), do)
}

// flagError words pflag's errors and names the nearest flag.
func flagError(err error, flags *pflag.FlagSet, where string) error {
	do := "See `" + where + " --help`."
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := analytics.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			do = fmt.Sprintf("Did you mean --%s? %s", near, do)
		}
	}
	return advise(analytics.Usagef("%s: %w", where, err), do)
}

// noArguments is the check of commands that take flags only.
func noArguments(name string, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return advise(analytics.Usagef("crmaudit %s: unexpected argument %q", name, args[0]), "See `crmaudit "+name+" --help`.")
}
