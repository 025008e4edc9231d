package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
)

// overview is the first page of help.
func overview(w io.Writer) error {
	var b strings.Builder
	b.WriteString("crmaudit audits a company's CRM-marketing from its own event exports.\n\nUsage: crmaudit COMMAND [flags]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-11s %s\n", c.name, c.short)
	}
	b.WriteString(`
Every command has --log-format text|json, --quiet, --verbose and --help.
Start with ` + "`crmaudit demo`" + `, or with your own files: ` + "`crmaudit init exports/`, then `crmaudit check`, then `crmaudit run`" + `.
` + "`crmaudit help COMMAND`" + ` explains a command, ` + "`crmaudit help config`" + ` every key of audit.yaml.

Exit codes: 0 done, 1 engine or I/O failure, 2 usage or configuration, 3 data contract broken, 4 only with run --fail-on.
Results go to stdout or files, log and progress to stderr.
`)
	_, err := io.WriteString(w, b.String())
	return err
}

func usageLine(c command) string {
	return strings.TrimSpace("crmaudit " + c.name + " " + c.args)
}

// commandHelp is the page of one command.
func commandHelp(w io.Writer, c command) error {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.SortFlags = false
	c.prepare(flags)
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s\n\n%s\n", usageLine(c), strings.TrimSpace(c.long))
	if usages := flags.FlagUsagesWrapped(110); usages != "" {
		b.WriteString("\nFlags:\n" + usages)
	}
	global := pflag.NewFlagSet("", pflag.ContinueOnError)
	newEnvironment(nil, io.Discard, io.Discard).globalFlags(global)
	b.WriteString("\nFlags of every command:\n" + global.FlagUsagesWrapped(110))
	_, err := io.WriteString(w, b.String())
	return err
}

func helpCommand() command {
	return command{
		name:  "help",
		args:  "[COMMAND|config]",
		short: "explain a command or the keys of audit.yaml",
		long:  "Prints the page of a command; `crmaudit help config` prints an annotated audit.yaml with every key, its meaning, its default and what is allowed.",
		prepare: func(*pflag.FlagSet) func(context.Context, *environment, []string) error {
			return func(_ context.Context, env *environment, args []string) error {
				switch {
				case len(args) == 0:
					return overview(env.stdout)
				case len(args) > 1:
					return analytics.Usagef("help: one command at a time")
				case args[0] == "config":
					_, err := io.WriteString(env.stdout, configReference)
					return err
				}
				c, err := findCommand(args[0])
				if err != nil {
					return err
				}
				return commandHelp(env.stdout, c)
			}
		},
	}
}
