// Package usage is audit block 16: who and what uses the CRM, what messages cost, what is credited to them, and what changed.
package usage
