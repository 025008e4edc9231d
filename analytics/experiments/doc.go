// Package experiments estimates every randomized comparison in the data: the experiments of assignments, and the control arms of enrolments.
package experiments
