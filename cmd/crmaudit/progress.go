package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows long work: a bar with rate and remaining time when stderr is a terminal, otherwise one plain log line when a step begins
// and one every ten seconds within it. It is safe for concurrent use; its report method is the Progress function of the engine.
type progress struct {
	mu    sync.Mutex
	env   *environment
	tty   bool
	step  string
	bar   *progressbar.ProgressBar
	total int64
	said  time.Time
}

func newProgress(env *environment) *progress {
	file, ok := env.stderr.(*os.File)
	return &progress{env: env, tty: ok && term.IsTerminal(int(file.Fd())) && env.logFormat == "text" && !env.quiet}
}

// report says that done of total units of the step are finished; total 0 means unknown.
func (p *progress) report(step string, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if step != p.step {
		p.close()
		p.step, p.total = step, total
		p.said = time.Now()
		if p.tty {
			p.open(total)
		} else {
			p.env.log.Info(step)
		}
	}
	switch {
	case p.bar != nil:
		if total > 0 && total != p.total {
			p.bar.ChangeMax64(total)
			p.total = total
		}
		_ = p.bar.Set64(done) // beyond the maximum the bar stays full
	case time.Since(p.said) >= 10*time.Second && total > 0 && done < total:
		p.said = time.Now()
		p.env.log.Info(step, "done", fmt.Sprintf("%d of %d", done, total))
	}
}

func (p *progress) open(total int64) {
	if total <= 0 {
		total = -1 // a spinner
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.env.stderr),
		progressbar.OptionSetDescription(p.step),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)
}

// close ends the line of the current step.
func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
		p.env.log.Info(p.step)
	}
	p.step = ""
}

// finish ends the progress line, so that what is printed next starts on a line of its own.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
}
