// Package segments is audit block 7, the segments one by one; package segments/pairs compares them.
//
// A segment is a list of customers that somebody keeps: who is in it, since when, until when (core.segment_memberships), and, where audit.yaml defines it, who uses it
// and by which rule of its own it is made. Segments may overlap; a customer may come back. Members are those of the last audited day.
//
// What is asked of each, and how:
//
//	size           members and their share of the base are facts. Too small: a test of half against half in eight weeks would not find a relative change of 30 % of the
//	               share who order, 2.80 sqrt(2 p (1-p) / (n/2)) / p > .30 (statistics 3.5; p of the last 56 days, shrunk to the base by ten customers). Too large: over 40 %
//	               of the base, and of what is open about who orders the life-cycle stage tells more than 1 % within the segment (jackknife, BH). Everybody: at least 99 %.
//	stuck          of members whose life-cycle stage changes, the share still a member four weeks on; stuck when its lower limit is above .9 (Wilson at the effective
//	               number of changes, BH), static when of all members more than .99 stay. Asked one step on instead, a segment that a third leaves within four weeks passes
//	               for stuck in a weekly grid: in a made-up company, "active buyers", whom half leave in 70 days, had .95.
//	dwell          Kaplan-Meier median in days, memberships watched in the audited period only, late entry at the age that the source gives, classes of age (exact to 28 days);
//	               followed while ten memberships are at risk.
//	turnover       members who are none any more one period later; segments.flows says where they went.
//	stale          members of the last complete period whom the own rule (segments[].when) does not take: a fact, stale above a tenth.
//	unused         audit.yaml names users of segments (used_by), and this one has none, or only scenarios without a trace in the data.
//
// What the memberships say of time limits what can be said; the form of each segment says it (intervals, snapshots, entries_only, current, none), and so does coverage. No number
// of movement is made of a state without time.
//
// Where three or more segments have one fault (too small, static, empty, unused, silent), one finding says it of all of them (groups.go); segments.segments has every verdict.
//
// It misleads where the memberships are written late (a nightly job that catches up once a week moves everybody on one day), and where a segment of fixed property
// (a city) is read as one of behaviour: static is no fault by itself, so it becomes no hypothesis.
package segments
