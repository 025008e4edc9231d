package analytics

// Nearest returns the word of among that is closest to word in single-letter edits, or "" when none is close enough to be a likely
// misspelling (at most a third of the letters differ, at least one edit is always allowed). Ties go to the earlier word.
func Nearest(word string, among []string) string {
	best, least := "", max(1, len([]rune(word))/3)+1
	for _, candidate := range among {
		if d := edits([]rune(word), []rune(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// edits is the Damerau-Levenshtein distance with adjacent swaps (optimal string alignment).
func edits(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
