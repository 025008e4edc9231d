package main

import (
	"fmt"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/pipeline"
)

// pipelineConfig is what audit.yaml says about deals and tasks. Empty lists and zeros have the defaults of package pipeline.
type pipelineConfig struct {
	Won           []string              `yaml:"won,omitempty"`
	Lost          []string              `yaml:"lost,omitempty"`
	Stages        []string              `yaml:"stages,omitempty"`
	IdleDays      int64                 `yaml:"idle_days"`
	HorizonDays   int64                 `yaml:"horizon_days"`
	FirstResponse []string              `yaml:"first_response"`
	Norms         map[string]normConfig `yaml:"norms,omitempty"`
}

// normConfig is the border of ok and of the red zone of a check.
type normConfig struct {
	Norm float64 `yaml:"norm"`
	Red  float64 `yaml:"red"`
}

func defaultPipeline() pipelineConfig {
	return pipelineConfig{IdleDays: 30, HorizonDays: 90}
}

// complete fills in what the file leaves out.
func (p *pipelineConfig) complete() {
	if len(p.FirstResponse) == 0 {
		p.FirstResponse = pipeline.DefaultResponses()
	}
	for name, n := range pipeline.Norms() {
		if _, ok := p.Norms[name]; !ok {
			if p.Norms == nil {
				p.Norms = map[string]normConfig{}
			}
			p.Norms[name] = normConfig{n.Norm, n.Red}
		}
	}
}

func (p *pipelineConfig) validate(add func(path, format string, args ...any)) {
	roles := map[string]string{}
	for _, list := range []struct {
		key   string
		names []string
	}{{"won", p.Won}, {"lost", p.Lost}, {"stages", p.Stages}} {
		for i, name := range list.names {
			path := fmt.Sprintf("pipeline.%s[%d]", list.key, i)
			low := strings.ToLower(name)
			switch before, ok := roles[low]; {
			case name == "":
				add(path, "a stage has no name")
			case ok:
				add(path, "%q is already in pipeline.%s: every stage is named once, upper and lower case are the same", shorten(name), before)
			}
			roles[low] = list.key
		}
	}
	if p.IdleDays < 1 || p.IdleDays > 3660 {
		add("pipeline.idle_days", "%d is out of range: allowed: 1 to 3660", p.IdleDays)
	}
	if p.HorizonDays < 7 || p.HorizonDays > pipeline.MaxHorizon {
		add("pipeline.horizon_days", "%d is out of range: allowed: 7 to %d", p.HorizonDays, pipeline.MaxHorizon)
	}
	for i, kind := range p.FirstResponse {
		if !slices.Contains(pipeline.Responses(), kind) {
			unknown(add, fmt.Sprintf("pipeline.first_response[%d]", i), kind, pipeline.Responses())
		}
	}
	known := pipeline.Norms()
	for _, name := range sortedKeys(p.Norms) {
		path, n := "pipeline.norms."+name, p.Norms[name]
		if _, ok := known[name]; !ok {
			unknown(add, path, name, sortedKeys(known))
			continue
		}
		for _, x := range []struct {
			key   string
			value float64
		}{{"norm", n.Norm}, {"red", n.Red}} {
			if !(x.value >= 0 && x.value <= 1) {
				add(path+"."+x.key, "%v is out of range: allowed: 0 to 1", x.value)
			}
		}
		if higher := pipeline.Higher(name); higher && n.Red > n.Norm {
			add(path, "red (%v) is above norm (%v): more is better here, so the red zone lies below the norm", n.Red, n.Norm)
		} else if !higher && n.Red < n.Norm {
			add(path, "red (%v) is below norm (%v): less is better here, so the red zone lies above the norm", n.Red, n.Norm)
		}
	}
}

// unknown says that a word is none of those allowed, and which one may have been meant.
func unknown(add func(path, format string, args ...any), path, word string, allowed []string) {
	if near := analytics.Nearest(word, allowed); near != "" {
		add(path, "%q is not known, did you mean %q? allowed: %s", shorten(word), near, strings.Join(allowed, ", "))
		return
	}
	add(path, "%q is not known: allowed: %s", shorten(word), strings.Join(allowed, ", "))
}

// setup is the configuration for block pipeline.
func (p *pipelineConfig) setup() pipeline.Setup {
	s := pipeline.Setup{Won: p.Won, Lost: p.Lost, Stages: p.Stages, IdleDays: p.IdleDays, HorizonDays: p.HorizonDays, FirstResponse: p.FirstResponse, Norms: map[string]pipeline.Norm{}}
	for name, n := range p.Norms {
		s.Norms[name] = pipeline.Norm{Norm: n.Norm, Red: n.Red}
	}
	return s
}
