// Package health is audit block 13, data health: which contacts are the same person or firm, how their fields are filled, what is out of date or cannot be reached, each held
// against a norm and a red zone.
package health
