package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/synth"
)

// plantReference is every key of a plant file with its usual value.
const plantReference = `scenarios: usual             # problems of chains, segments, series and experiments: basic hardly any, usual one or two of each, extra all that the truth
                             # bench counts; none: a world in which nothing works and nothing is wrong, all keys below start switched off
second_order: 0.35           # order rate between the first and the second order: new customers do not become active ones
reactivation: 0.5            # order rate from the 60th day without an order: customers get stuck in at_risk
scenario_effects: {abandoned_cart: 1.3, replenishment: 1.3, at_risk: 1.3, price_drop: 0.8}   # order rate, four weeks from the entry
holdouts: {may_offer: 1.2, loyalty_push: 1, delivery_offer: 1.2, shop_invite: 1}   # order rate of the treated arm, four weeks from the assignment; of
                             # delivery_offer, which has three arms, that of the arm gift; shop_invite is drawn by shop
segment_gaps: {wave_2: 1.07, card_no: 0.7, new_base: 1.07, box_tin: 1.145}   # order rate of one half of customers split by lot (the other half: wave_1,
                             # card_yes, old_base, box_paper); 1.07 makes .01 more customers with an order in 28 days
series: {decline: 0.9, mix: 1, spike: 1.5, shift: -1.2, unsubscribe: 1.2}   # log-odds: clicks of promo_digest fall steadily; clicks of tea_stories differ
                             # between stages and its customers move; opens of tea_stories in one week; opens of push from one week on; opt-outs of promo_digest grow
shops: 0.3                   # how much the customers of one shop are alike: spread of the log order rate
machine_opens: 0.12          # unopened e-mails that a privacy proxy opens within seconds
fatigue: {open: -0.02, unsubscribe: 0.5, suppression: true}   # share of opens per bulk message of the last 7 days; log-odds of leaving at 3 or
                             # more of them; half as many to customers who do not open
confounding: 0               # pull of engagement, which no export shows, on enrolment and on orders, e.g. 0.3 or 0.6
slumps: true                 # six weeks at a quarter of the rate, now and then
season: true                 # the year's wave and weeks that are better or worse for all
affinity: 0.4                # chance that an order with the first product of three pairs holds the second
trigger_late: 0.12           # missed calls whose task comes hours later
trigger_missing: 0.08        # missed calls without a task
sent_after_unsubscribe: 0.02 # bulk messages to an unsubscribed address that are sent all the same
fuzzy_duplicates: 0.03       # customers who are another spelling of the customer before them
fillers: 0.02                # customers whose phone is "-", "123" or "test"
deals_stuck: 0.3             # deals that stop moving in the stage proposal
rhythm_drift: 0.4            # order rate of those who prefer tea in the last two fifths of the period: their pauses lengthen (1: they do not)
sequence: 0.35               # chance that the next order within 90 days after a teapot (p33) holds one tea (p07)
big_baskets: 0.05            # customers who buy 8 to 14 products at once: plain lift without any liking
wear_out: 2                  # log-odds by which the clicks of the birthday letter fall, while those of its channel stay
personal: 0.5                # log-odds that a contextual issue of tea_stories adds to clicks; basic issues of promo_digest add none
near_misses: 0.03            # customers who look like the one before them and are somebody else: family, namesake, branch
invalid_emails: 0.015        # customers whose e-mail is none
optional_empty: 0.45         # customers without a gender
no_next_step: 0.25           # stages of deals without the date of a next step
no_loss_reason: 0.35         # lost deals without a reason
slow_owner: 3                # days that deals and tasks take at one owner, who has many (1: as at all others)
tasks_overdue: 0.2           # tasks done after they were due, at all other owners
no_status: 0.3               # SMS that come back without a delivery status
feeds: true                  # one source of events silent for three days, one day delivered twice, one source late
orphans: 0.01                # customers with a click that belongs to no send; order lines without customer and order
returns: 0.02                # orders of several lines of which one comes back
`

func simulateCommand() command {
	return command{
		name:  "simulate",
		args:  "--out DIR [--seed N] [--customers N] [--weeks N] [--format parquet|csv] [--plant FILE]",
		short: "write a made-up company with known problems, without auditing it",
		long: `Writes the inputs of a made-up company, an audit.yaml that audits them, and truth.json with everything that is planted. The same seed gives
the same bytes. --plant names a YAML file with what is planted; only the keys it names change. These are the keys and their usual values
(multipliers act on the weekly order rate; 1, or 0 for shares and differences, switches an effect off):

` + plantReference,
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
