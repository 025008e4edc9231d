package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/pflag"

	"crmaudit/analytics/synth"
)

func demoCommand() command {
	world := synth.DemoConfig()
	return command{
		name:  "demo",
		args:  "[--out DIR] [--seed N] [--customers N]",
		short: "audit a small made-up company: needs no input",
		long: `Writes a small made-up company with known problems (data, audit.yaml, and truth.json that says what is wrong with it), audits it, and prints
where the report is and what to change first.`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			out := flags.String("out", "crmaudit-demo", "folder for data and results")
			seed := flags.Uint64("seed", world.Seed, "seed of the world")
			customers := flags.Int("customers", world.Customers, "customers")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments("demo", args); err != nil {
					return err
				}
				world.Seed, world.Customers = *seed, *customers
				if err := synth.Write(ctx, world, *out, synth.CSV, env.progress.report); err != nil {
					return err
				}
				c, err := loadConfig(filepath.Join(*out, "audit.yaml"))
				if err != nil {
					return err
				}
				result, err := audit(ctx, env, c, runOptions{dir: *out})
				if err != nil {
					return err
				}
				return result.summary(env.stdout)
			}
		},
	}
}
