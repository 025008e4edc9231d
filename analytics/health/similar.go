package health

// jaroWinkler is the similarity of two ASCII words, 0 to 1 (Winkler 1990): Jaro's, plus .1 for every sign of a common prefix of at most four, of what is missing to 1. It is symmetric;
// empty words are like nothing, not even each other. Signs are bytes: words of package health's common spelling. Words above 64 signs are cut.
func jaroWinkler(a, b string) float64 {
	j := jaro(a, b)
	p := 0
	for p < min(len(a), len(b), 4) && a[p] == b[p] {
		p++
	}
	return j + float64(p)*.1*(1-j)
}

func jaro(a, b string) float64 {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	if a == "" || b == "" {
		return 0
	}
	if a == b {
		return 1
	}
	reach := max(len(a), len(b))/2 - 1
	var usedA, usedB uint64
	m := 0
	for i := range len(a) {
		for k := max(0, i-reach); k < min(len(b), i+reach+1); k++ {
			if usedB&(1<<k) == 0 && a[i] == b[k] {
				usedA |= 1 << i
				usedB |= 1 << k
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	moved, k := 0, 0
	for i := range len(a) {
		if usedA&(1<<i) == 0 {
			continue
		}
		for usedB&(1<<k) == 0 {
			k++
		}
		if a[i] != b[k] {
			moved++
		}
		k++
	}
	f := float64(m)
	return (f/float64(len(a)) + f/float64(len(b)) + (f-float64(moved/2))/f) / 3
}

// oneSlip tells texts that differ by one sign more, less or other, or by two neighbours that changed places (a Damerau-Levenshtein distance of 1).
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
