// Package triggers is trigger conformance, audit block 5: after event X the action Y within the time T. In time, late, or missing?
//
// A rule of audit.yaml names what has to be answered (when), the answer (expect) and the time for it (within):
//
//	when                            the clock starts
//	EVENT                           at every event of this name (plus after, when given)
//	idle, idle:EVENT                when nothing (or no such event) has happened for the time after: "60 days inactive", "30 days after the last order"
//	customer_created                when the customer became known
//	deal:STAGE                      when a deal enters the stage
//	deal_idle, deal_idle:STAGE      when an open deal has not moved for the time after
//	enrolled:SCENARIO, exited:SCENARIO
//	task_due                        when a task is due and not done
//
//	expect                          the answer
//	EVENT                           an event of this name
//	message, message:SCENARIO       any message, or one of the scenario
//	task_created, task_done         a task (or an event of this name)
//	deal:STAGE, deal_moved          the deal enters the stage, or any later stage
//	enrolled:SCENARIO
//
// When both sides can be tied to a deal, the answer must come in the same deal; else to the same customer. The answer is the first one at or
// after the start of the clock (of a deal: a later move), however it came about: nothing here says that the trigger caused it. An answer later
// than late_within counts as none. What starts the clock never answers itself: when order, expect order asks for a second one. A case whose time is not over
// when the data end, answered or not, is in no count but not_yet: to count the answered ones alone would flatter.
//
// The shares are about the rule as a process and so have intervals (customers in buckets); the counts are facts.
package triggers
