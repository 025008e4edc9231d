// Package integrations is audit block 15: what arrives, how much of it, how late, how often, and what never comes back.
package integrations
