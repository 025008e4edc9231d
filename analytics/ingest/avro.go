package ingest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Avro written as JSON (avro-tools tojson, Braze Currents) wraps every optional value in an object that names its type: {"string": "U1"}, {"boolean": true}. A file in which such a value
// is among the first thousand objects is read with the wraps taken off.

func unionTypes() []string { return []string{"string", "boolean", "int", "long", "float", "double"} }

// isUnion tells whether the JSON value is a wrapped one.
func isUnion(value json.RawMessage) bool {
	if len(value) == 0 || value[0] != '{' {
		return false
	}
	var object map[string]any
	return json.Unmarshal(value, &object) == nil && isUnionObject(object)
}

func isUnionObject(object map[string]any) bool {
	for key, inner := range object {
		_, nested := inner.(map[string]any)
		return len(object) == 1 && !nested && slices.Contains(unionTypes(), key)
	}
	return false
}

// unionSQL takes the wrap off the text of a JSON value.
func unionSQL(text string) string {
	var inner []string
	for _, t := range unionTypes() {
		inner = append(inner, fmt.Sprintf("json_extract_string(%s, '$.%s')", text, t))
	}
	return fmt.Sprintf(`CASE WHEN regexp_matches(%[1]s, '^\{"(%[2]s)":') THEN coalesce(%[3]s) ELSE %[1]s END`, text, strings.Join(unionTypes(), "|"), strings.Join(inner, ", "))
}
