package analytics

import "time"

// Scenario is the definition of a communication chain as the user gave it in audit.yaml. What is not given is empty or nil: definitions improve
// the audit, they are never required.
type Scenario struct {
	ID         string
	Name       string
	Role       string   // acquisition, activation, retention, development, winback, service or information; "" when not given
	Trigger    string   // the event, or words, that start it
	Priority   *int     // higher wins
	Channels   []string // in the order given
	WindowDays *int     // active time after entry when no exit is recorded
	GoalEvent  string
	GoalDays   int // days within which the goal counts; 0 without a goal
	Next       []string
	Stages     []string
	Steps      []ScenarioStep
}

// ScenarioStep is one defined message of a chain.
type ScenarioStep struct {
	ID    string
	After time.Duration // after entry
}
