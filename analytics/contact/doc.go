// Package contact is audit block 1, the contact policy: how many messages customers get, which of them a cap would hold back, which reached them at night or
// after an unsubscribe, and what goes with the pressure of bulk messages (statistics 4.5).
//
// Load fetches the reduced tables, Fit turns them into estimates and verdicts, Findings into statements; the last two are pure.
//
// # Facts and estimates
//
// Loads, caps, quiet hours and sends after an unsubscribe are counted on everybody and labelled facts. Pressure and fatigue are estimated, on a sample of the customers
// when the base is large (scenarios.fct_contact_sample), with intervals from the jackknife over customers.
//
// # Fatigue
//
// Only bulk (calendar) messages count as pressure: triggered ones follow what the customer does, and their slope has the wrong sign. Responses: the exact
// two-way fixed-effects slope (customer in a channel, week), solved anew for every bucket left out. What the fixed effects leave of the variance of the pressure must
// be 5 % or more, else the answer is "not identifiable, randomise a frequency cap"; the messages of the next seven days must say nothing, else
// "confounded" and grade D. An opt-out ends the series, so customer effects would be biased: odds within week, stage and tenth of engagement, minus the
// same odds for the pressure five weeks earlier, which cannot have caused it and has the same bias.
//
// # When it misleads
//
// Carry-over of more than four weeks, slopes that differ between customers, mailings steered by what the customer did this very week. The best evidence is a
// randomised frequency cap, and the findings say so.
package contact
