package main

import (
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"crmaudit/analytics/synth"
)

// TestPlantReference: the reference names every key of a plant file, with the values that hold without one.
func TestPlantReference(t *testing.T) {
	var given map[string]any
	if err := yaml.Unmarshal([]byte(plantReference), &given); err != nil {
		t.Fatal(err)
	}
	usual, err := yaml.Marshal(synth.DefaultPlant())
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := yaml.Unmarshal(usual, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(given, want) {
		t.Errorf("the reference says %v, without a plant file it is %v", given, want)
	}
	if _, err := synth.ReadPlant("reference", strings.NewReader(plantReference)); err != nil {
		t.Error(err)
	}
}
