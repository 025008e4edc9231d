// Package trends looks at metrics over time (audit block 7, statistics 4.1 to 4.4): does a rate rise or fall, did it jump, was a week unusual, and is it the
// customers who changed or the response?
//
// Load fetches the reduced tables, Fit turns them into series and verdicts, Findings into statements; the last two are pure.
package trends
