package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/synth"
)

func simulateCommand() command {
	return command{
		name:  "simulate",
		args:  "--out DIR [--seed N] [--customers N] [--weeks N] [--format parquet|csv] [--plant FILE]",
		short: "write a made-up company with known problems, without auditing it",
		long: `Writes the inputs of a made-up company, an audit.yaml that audits them, and truth.json with everything that is planted. The same seed gives
the same bytes. --plant names a YAML file with the strength of what is planted; without it the usual problems are.`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			usual := synth.DefaultConfig()
			out := flags.String("out", "", "folder to write into (required)")
			seed := flags.Uint64("seed", usual.Seed, "seed of the world")
			customers := flags.Int("customers", 10_000, "customers")
			weeks := flags.Int("weeks", usual.Weeks, "audited weeks; 26 weeks of history come before")
			format := flags.String("format", synth.Parquet, "form of the files: parquet or csv")
			dirty := flags.Bool("dirty", false, "also duplicates, late rows, broken rows, aliases")
			plant := flags.String("plant", "", "YAML file with what is planted")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments("simulate", args); err != nil {
					return err
				}
				if *out == "" {
					return analytics.Usagef("simulate: name the folder with --out DIR")
				}
				world := usual
				world.Seed, world.Customers, world.Weeks, world.Dirty = *seed, *customers, *weeks, *dirty
				if *plant != "" {
					planted, err := readPlant(*plant)
					if err != nil {
						return err
					}
					world.Plant = planted
				}
				if err := synth.Write(ctx, world, *out, *format, env.progress.report); err != nil {
					return err
				}
				env.progress.finish()
				_, err := fmt.Fprintf(env.stdout, "written to %s; next: crmaudit run -c %s/audit.yaml\n", *out, *out)
				return err
			}
		},
	}
}

func readPlant(path string) (synth.Plant, error) {
	f, err := os.Open(path)
	if err != nil {
		return synth.Plant{}, analytics.Usagef("read --plant: %w", err)
	}
	defer f.Close()
	return synth.ReadPlant(path, f)
}
