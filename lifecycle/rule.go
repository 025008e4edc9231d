package lifecycle

import (
	"errors"
	"fmt"
)

// CheckRule says what is wrong with a rule over the features of a customer at the end of a period that is not a stage's: the rule of a segment. "" when nothing is.
// attrs are the attribute columns of customers ("attr_city"); nil means that they are not known yet.
func CheckRule(rule string, attrs []string) string {
	_, err := parseRule(rule, attrs)
	var re *RuleError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &re):
		return fmt.Sprintf("%s (in %s)", re.Error(), quoteShort(rule))
	}
	return err.Error()
}

// RuleSQL renders a checked rule for the engine, over the parameters of MacroParams.
func RuleSQL(rule string, attrs []string) (string, error) {
	n, err := parseRule(rule, attrs)
	if err != nil {
		return "", fmt.Errorf("compile rule %s: %w", quoteShort(rule), err)
	}
	return n.sql(), nil
}
