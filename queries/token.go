package queries

import (
	"fmt"
	"strings"
)

// A small tokenizer: enough of SQL to see words, strings, numbers, parameters and operators, never to parse.

type tokenKind int

const (
	tokenWord   tokenKind = iota // identifier or keyword, as written
	tokenQuoted                  // "identifier"
	tokenString                  // 'text'
	tokenNumber
	tokenParam // $name
	tokenOp    // operator or punctuation
)

type token struct {
	kind tokenKind
	text string
	line int // 1-based
	pos  int // byte offset
}

// is tells whether the token is the word, in any case.
func (t token) is(word string) bool { return t.kind == tokenWord && strings.EqualFold(t.text, word) }

type tokenError struct {
	line int
	what string
}

func (e *tokenError) Error() string { return e.what }

// operators of more than one character, longest first.
var operators = []string{"::", "//", "<>", "<=", ">=", "!=", "==", "||", "->", "=>", ":=", "**", "~~"}

// tokenize splits SQL text and drops white space and comments. The only errors are an unclosed string, quoted name or comment.
func tokenize(text string) ([]token, error) {
	var out []token
	line := 1
	for i := 0; i < len(text); {
		start, startLine := i, line
		c := text[i]
		kind := tokenOp
		switch {
		case c == '\n':
			line++
			i++
			continue
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case strings.HasPrefix(text[i:], "--"):
			for i < len(text) && text[i] != '\n' {
				i++
			}
			continue
		case strings.HasPrefix(text[i:], "/*"):
			end := strings.Index(text[i+2:], "*/")
			if end < 0 {
				return out, &tokenError{startLine, "comment without end"}
			}
			line += strings.Count(text[i:i+2+end], "\n")
			i += end + 4
			continue
		case c == '\'' || c == '"':
			kind = tokenString
			if c == '"' {
				kind = tokenQuoted
			}
			i++
			for {
				if i >= len(text) {
					return out, &tokenError{startLine, fmt.Sprintf("text in %c without end", c)}
				}
				if text[i] == '\n' {
					line++
				}
				if text[i] == c {
					i++
					if i < len(text) && text[i] == c { // doubled: a quote inside
						i++
						continue
					}
					break
				}
				i++
			}
		case isDigit(c) || c == '.' && i+1 < len(text) && isDigit(text[i+1]) && !endsOperand(out, start):
			kind = tokenNumber
			for i < len(text) && (isDigit(text[i]) || isLetter(text[i]) || text[i] == '.' ||
				(text[i] == '+' || text[i] == '-') && (text[i-1] == 'e' || text[i-1] == 'E')) {
				i++
			}
		case c == '$' && i+1 < len(text) && isLetter(text[i+1]):
			kind = tokenParam
			for i++; i < len(text) && (isLetter(text[i]) || isDigit(text[i])); i++ {
			}
		case isLetter(c):
			kind = tokenWord
			for i < len(text) && (isLetter(text[i]) || isDigit(text[i])) {
				i++
			}
		default:
			i++
			for _, op := range operators {
				if strings.HasPrefix(text[start:], op) {
					i = start + len(op)
					break
				}
			}
		}
		out = append(out, token{kind, text[start:i], startLine, start})
	}
	return out, nil
}

// endsOperand tells whether a '.' at byte pos directly follows a name, so that "t.1" is not a number.
func endsOperand(tokens []token, pos int) bool {
	if len(tokens) == 0 {
		return false
	}
	t := tokens[len(tokens)-1]
	return (t.kind == tokenWord || t.kind == tokenQuoted) && t.pos+len(t.text) == pos
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
