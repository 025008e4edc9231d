package lifecycle

// Findings of block 10 and what each carries, for the texts (ru, en) and for the backlog.
//
// Every finding has the text "grain" (day, week, month, quarter, year: one period). Shares are fractions in [0, 1]; money is in the unit that
// the estimate itself names (the currency, or "orders" when orders have no money). (t) is a Value.Text, all others are Value.Estimate;
// "fact" is counted, no interval. A value that could not be estimated is left out of Values, never NaN.
//
//	kind            SubjectType  Subject       reason (t)          Values
//	bottleneck      stage        the stage     value               customers sit below the value of the best stage that others reach from here
//	                                           stuck               one stage holds > 50 % of the base and the median stay is longer than restricted_to
//	                                           value_and_stuck     both
//	                best_stage (t)             the most valuable stage that customers of this one move to; absent when reason = stuck
//	                customers_per_period       fact: mean customers in the stage at the end of a period
//	                share_last                 fact: share of the base in the stage at the end of the last period
//	                move_rate                  share of the stage's customers who are in best_stage one period later
//	                leave_rate                 share of the stage's customers who are in any other stage one period later
//	                value_gap                  money per customer: value of entering best_stage minus value of the stage's own mix of next states
//	                potential                  money per period: customers_per_period x value_gap, the ceiling that no change reaches; the ranking key
//	                rank                       fact: 1 = largest potential
//	                median_stay                periods; absent when half of the stays are not over within the window
//	                mean_stay                  periods, restricted to restricted_to
//	                restricted_to              fact: periods (tau)
//	                customers_per_quarter      fact: customers reachable in a quarter = in the stage at its start + entering it
//	loss_point      transition   "a->b"        (none)
//	                from_stage (t), to_stage (t)
//	                rate                       share of from_stage's customers who are in to_stage one period later
//	                flow_per_quarter           fact: customers who make the move in a quarter
//	                value_gap                  money per customer: value of staying in from_stage minus value of entering to_stage (> 0)
//	                loss                       money per quarter: flow x value_gap
//	                share_of_losses            fact: share of this move in the sum over all losing moves
//	                rank                       fact: 1 = largest loss
//	stage_rule_gap  stage        "unassigned"  unassigned          no rule matches: share, customers (facts, last period)
//	                stage        the stage     unreachable         rules above take every customer that this rule matches:
//	                                                               matched (fact: customers that the rule itself matches), shadowed_by (t: the rule that takes most of them)
//	                stage        the stage     no_match            the rule matches nobody in the last period and the stage was empty in every period: customers (fact: base)
//	                lifecycle    "rule_order"  overlap             customers that two or more rules (the catch-all last one not counted) match, so that only the order of
//	                                                               rules decides: share, customers (facts), stage_a (t), stage_b (t), pair_customers (fact: the commonest such pair)
//	                stage        the stage     no_scenario         no scenario speaks to the stage: customers, share_last, scenarios (facts: scenarios known in all)
//	                lifecycle    "memory"      memory              the stages do not hold what decides the next move (not Markov), forecasts use stage x age:
//	                                                               horizon (fact, periods), forecast_error (largest absolute error of P^h against direct counts),
//	                                                               expanded_error (the same of the stage x age chain), log_loss_gain (share of the log loss that the stage before
//	                                                               last removes), information_bits
//	stage_threshold stage_pair   "a|b"         equal_neighbours    the two neighbouring stages order equally often, the border separates nothing:
//	                                                               stage_a (t), stage_b (t), rate_a, rate_b (share ordering in the next period), difference, margin (fact)
//	                stage        the stage     mixed_stage         early and late ages of one stage differ by more than margin: rate_early, rate_late, difference,
//	                                                               split_age (fact, periods), margin (fact)
//	metric_shift    lifecycle    "transitions" time                the matrix changes over time: log_loss_gain, information_bits, stage (t: the stage whose row changes most)
//
// bottleneck (unless reason = stuck) and loss_point carry an Opportunity: Metric "transition_rate", Unit "share", Baseline = move_rate or rate,
// Population = customers reachable per quarter, Step = the smallest meaningful step (2 percentage points unless decision.equivalence.transition_rate
// says otherwise), Stake = Population x Step x gamma x (V of the better next state - V of the worse one): what one such step is worth per
// quarter, not an expected effect. Effect and Money are nil and Grade is D: a matrix shows where, never what a change would do.
// Threat "structural_only", TestDesign "ab", Guardrails "unsubscribe_rate" and "complaint_rate".
//
// Coverage keys. Input: events (answers orders_value), messages (answers stage_scenarios), customers (answers panel), stage_history (answers
// recorded_stages), segment_memberships (answers transitions_by_segment), history (answers dwell_from_entry). Note keys: "", missing,
// no_revenue, no_margin, too_short, burn_in, left_open_only, group_limit, few_customers.
