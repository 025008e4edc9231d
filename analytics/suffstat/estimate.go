package suffstat

// Estimate is a number with its doubt. Value, Lower and Upper share Unit; Level is the coverage of [Lower, Upper] (0.95, 0.90);
// N counts customers (the sampling unit), never messages. Method names the interval ("wilson n_eff", "jackknife t", "fact").
//
// A fact (a census count, nothing sampled) has Method MethodFact and Lower = Upper = Value. An estimate that could not be made has
// Value NaN and at least one Warning that says why; it is written to tables as NULL, never as NaN.
type Estimate struct {
	Value, Lower, Upper, Level float64
	N                          int64
	Unit, Method               string
	Warnings                   []error
}

// MethodFact marks a number that was counted, not estimated.
const MethodFact = "fact"

// Fact returns a counted number: no sampling, no interval.
func Fact(value float64, n int64, unit string) Estimate {
	return Estimate{Value: value, Lower: value, Upper: value, Level: 1, N: n, Unit: unit, Method: MethodFact}
}
