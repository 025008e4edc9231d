package value

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// likelihood is a log-likelihood of positive parameters as a function of their logarithms: it returns the value and fills the gradient.
type likelihood func(logs, gradient []float64) float64

// optimum is where a likelihood is largest.
type optimum struct {
	Logs      []float64  // logarithms of the parameters
	Value     float64    // log-likelihood
	Covar     *mat.Dense // covariance of Logs, the inverse of the information matrix; nil when that is not positive definite
	Converged bool
	Ridge     bool // the climb went on and on without gaining: there is no maximum inside
}

const (
	maxSteps   = 100
	crawl      = 1e-3 // nats: so little gained in three steps running is a ridge
	tolerance  = 1e-7 // nats that a further Newton step would gain
	edge       = 9.   // |logarithm| of a parameter at which it is taken to run away: e^9 is 8,100
	difference = 1e-4 // step of the numeric Hessian on the logarithms
	loose      = 3.   // standard deviation of the rein on a logarithm: a factor of 20 up and down
)

// maximize climbs from start by Newton steps on the logarithms, damped where a step does not gain (Levenberg and Marquardt). The Hessian is a central
// difference of the gradient. A point where the likelihood is not finite is never accepted.
func maximize(f likelihood, start []float64) optimum { return climb(f, start, true) }

// climb is maximize; ridges tells whether to look out for them: a likelihood under a rein has none.
func climb(f likelihood, start []float64, ridges bool) optimum {
	k := len(start)
	at, g := append([]float64{}, start...), make([]float64, k)
	best := optimum{Logs: at, Value: f(at, g)}
	if !finite(best.Value) {
		return best
	}
	damp := 1e-3
	slow := 0
	var h *mat.SymDense
	for range maxSteps {
		if h == nil {
			h = slope(f, at, g)
		}
		step, gain, ok := newton(h, g, damp)
		if ok && gain < tolerance && damp <= 1e-3 {
			best.Converged = true
			break
		}
		next, ng := make([]float64, k), make([]float64, k)
		far := 0.
		for i := range next {
			if ok {
				next[i] = at[i] + step[i]
				far = math.Max(far, math.Abs(step[i]))
			}
		}
		value := math.Inf(-1)
		if ok && far < 5 && within(next, 2*edge) {
			value = f(next, ng)
		}
		if value > best.Value || value == best.Value && ok && gain < tolerance {
			if slow++; value-best.Value > crawl || gain < 10*tolerance {
				slow = 0
			}
			best.Ridge = ridges && (slow == 3 || !within(next, edge))
			copy(at, next)
			copy(g, ng)
			best.Value, h = value, nil
			damp = math.Max(damp/10, 1e-12)
			if best.Ridge {
				break
			}
			continue
		}
		damp *= 8
		if damp > 1e12 { // no direction gains: rounding has the last word
			best.Converged = ok && gain < tolerance*100
			break
		}
	}
	if best.Ridge {
		return best
	}
	h = information(f, at)
	var chol mat.Cholesky
	if chol.Factorize(h) && chol.Cond() < 1e12 {
		var inv mat.SymDense
		if err := chol.InverseTo(&inv); err == nil {
			best.Covar = mat.DenseCopyOf(&inv)
		}
	}
	return best
}

// newton solves (h + damp diag(h)) step = g and returns what the undamped quadratic would gain by it.
func newton(h *mat.SymDense, g []float64, damp float64) (step []float64, gain float64, ok bool) {
	k := len(g)
	a := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			a.SetSym(i, j, h.At(i, j))
		}
		a.SetSym(i, i, h.At(i, i)+damp*math.Max(math.Abs(h.At(i, i)), 1e-8))
	}
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return nil, 0, false
	}
	out := mat.NewVecDense(k, nil)
	if err := chol.SolveVecTo(out, mat.NewVecDense(k, append([]float64{}, g...))); err != nil {
		return nil, 0, false
	}
	step = out.RawVector().Data
	for i := range step {
		gain += step[i] * g[i] / 2
	}
	return step, gain, finite(gain)
}

// slope is information by forward differences, half as dear: good enough for a step. g is the gradient at the point.
func slope(f likelihood, at, g []float64) *mat.SymDense {
	k := len(at)
	full := mat.NewDense(k, k, nil)
	x, up := make([]float64, k), make([]float64, k)
	for i := range k {
		copy(x, at)
		x[i] = at[i] + difference
		f(x, up)
		for j := range k {
			full.Set(i, j, -(up[j]-g[j])/difference)
		}
	}
	return symmetric(full)
}

// information is minus the Hessian on the logarithms, by central differences of the gradient, made symmetric.
func information(f likelihood, at []float64) *mat.SymDense {
	k := len(at)
	full := mat.NewDense(k, k, nil)
	x, up, down := make([]float64, k), make([]float64, k), make([]float64, k)
	for i := range k {
		copy(x, at)
		x[i] = at[i] + difference
		f(x, up)
		x[i] = at[i] - difference
		f(x, down)
		for j := range k {
			full.Set(i, j, -(up[j]-down[j])/(2*difference))
		}
	}
	return symmetric(full)
}

func symmetric(full *mat.Dense) *mat.SymDense {
	k, _ := full.Dims()
	h := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			h.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
	return h
}

// tied is a likelihood with a loose rein on every parameter: a normal prior on its logarithm around centre with a standard deviation of loose. It decides only along a ridge, where the data do not.
func tied(f likelihood, centre []float64) likelihood {
	return func(logs, gradient []float64) float64 {
		ll := f(logs, gradient)
		for i, x := range logs {
			d := (x - centre[i]) / loose
			ll -= d * d / 2
			gradient[i] -= d / loose
		}
		return ll
	}
}

func within(logs []float64, limit float64) bool {
	for _, x := range logs {
		if !(math.Abs(x) <= limit) {
			return false
		}
	}
	return true
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// best is the highest of the optima that were reached from several starts; converged ones first.
func best(f likelihood, starts [][]float64) optimum {
	var out optimum
	for i, s := range starts {
		o := maximize(f, s)
		better := o.Value > out.Value+1e-9 || !finite(out.Value)
		if i == 0 || o.Converged && !out.Converged || o.Converged == out.Converged && better {
			out = o
		}
	}
	return out
}
