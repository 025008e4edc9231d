package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
)

func completionCommand() command {
	return command{
		name:  "completion",
		args:  "bash|zsh|fish",
		short: "print a completion script for a shell",
		long: `Prints a script that completes commands and flags.

  bash:  source <(crmaudit completion bash)
  zsh:   crmaudit completion zsh > "${fpath[1]}/_crmaudit"
  fish:  crmaudit completion fish > ~/.config/fish/completions/crmaudit.fish`,
		prepare: func(*pflag.FlagSet) func(context.Context, *environment, []string) error {
			return func(_ context.Context, env *environment, args []string) error {
				if len(args) != 1 {
					return analytics.Usagef("completion: name one shell: bash, zsh or fish")
				}
				script, ok := map[string]func() string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[args[0]]
				if !ok {
					return analytics.Usagef("completion: unknown shell %q: bash, zsh or fish", args[0])
				}
				_, err := io.WriteString(env.stdout, script())
				return err
			}
		},
	}
}

// allFlags is the flags of a command with those that every command has, sorted by name.
func allFlags(c command) []*pflag.Flag {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	c.prepare(flags)
	newEnvironment(nil, io.Discard, io.Discard).globalFlags(flags)
	var list []*pflag.Flag
	flags.VisitAll(func(f *pflag.Flag) { list = append(list, f) })
	return list
}

func bashCompletion() string {
	var names []string
	var cases strings.Builder
	for _, c := range commands() {
		names = append(names, c.name)
		var words []string
		for _, f := range allFlags(c) {
			words = append(words, "--"+f.Name)
		}
		if c.name == "completion" {
			words = append(words, "bash", "zsh", "fish")
		}
		fmt.Fprintf(&cases, "    %s) words=\"%s\" ;;\n", c.name, strings.Join(words, " "))
	}
	return `# bash completion for crmaudit
_crmaudit() {
  local cur="${COMP_WORDS[COMP_CWORD]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "` + strings.Join(names, " ") + `" -- "$cur"))
    return
  fi
  case "${COMP_WORDS[1]}" in
` + cases.String() + `  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [ "${cur#-}" = "$cur" ]; then
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _crmaudit crmaudit
`
}

func zshCompletion() string {
	quote := strings.NewReplacer("'", "", "[", "(", "]", ")", ":", " ").Replace
	var list, cases strings.Builder
	for _, c := range commands() {
		fmt.Fprintf(&list, "    '%s:%s'\n", c.name, quote(c.short))
		fmt.Fprintf(&cases, "    %s) _arguments", c.name)
		for _, f := range allFlags(c) {
			argument := ""
			if f.NoOptDefVal == "" {
				argument = ":" + f.Name + ":_files"
			}
			fmt.Fprintf(&cases, " '--%s[%s]%s'", f.Name, quote(f.Usage), argument)
		}
		cases.WriteString(" '*:file:_files' ;;\n")
	}
	return `#compdef crmaudit
_crmaudit() {
  local -a commands
  commands=(
` + list.String() + `  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
` + cases.String() + `  esac
}
_crmaudit "$@"
`
}

func fishCompletion() string {
	quote := strings.NewReplacer("'", "", `\`, "").Replace
	var b strings.Builder
	b.WriteString("# fish completion for crmaudit\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "complete -c crmaudit -n __fish_use_subcommand -a %s -d '%s'\n", c.name, quote(c.short))
		for _, f := range allFlags(c) {
			value := " -r"
			if f.NoOptDefVal != "" {
				value = ""
			}
			short := ""
			if f.Shorthand != "" {
				short = " -s " + f.Shorthand
			}
			fmt.Fprintf(&b, "complete -c crmaudit -n '__fish_seen_subcommand_from %s' -l %s%s%s -d '%s'\n", c.name, f.Name, short, value, quote(f.Usage))
		}
	}
	return b.String()
}
