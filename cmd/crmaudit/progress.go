package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows long work: on a terminal one bar with rate and remaining time per phase, otherwise one plain log line when a step begins
// and one every ten seconds within it. Steps that count on towards the same total are one phase. It is safe for concurrent use; its report
// method is the Progress function of the engine.
type progress struct {
	mu    sync.Mutex
	env   *environment
	tty   bool
	step  string
	done  int64
	total int64
	bar   *progressbar.ProgressBar
	began time.Time // of the phase
	said  time.Time
}

func newProgress(env *environment) *progress {
	file, ok := env.stderr.(*os.File)
	return &progress{env: env, tty: ok && term.IsTerminal(int(file.Fd())) && env.logFormat == "text" && !env.quiet}
}

// report says that done of total units are finished and that step is the work going on; total 0 means unknown.
func (p *progress) report(step string, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.tty {
		if p.bar == nil || total != p.total || done < p.done {
			p.close(now)
			p.began = now
			p.bar = p.open(step, total)
		}
		if step != p.step {
			p.bar.Describe(step)
		}
		_ = p.bar.Set64(done) // beyond the maximum the bar stays full
	} else if step != p.step {
		p.said = now
		p.env.log.Info(step)
	} else if now.Sub(p.said) >= 10*time.Second && total > 0 && done < total {
		p.said = now
		p.env.log.Info(step, "done", fmt.Sprintf("%d of %d", done, total))
	}
	p.step, p.done, p.total = step, done, total
}

func (p *progress) open(step string, total int64) *progressbar.ProgressBar {
	if total <= 1 {
		total = -1 // a spinner
	}
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.env.stderr),
		progressbar.OptionSetDescription(step),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)
}

// close ends the bar of the phase and leaves one line of it.
func (p *progress) close(now time.Time) {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
		p.env.log.Info(p.step, "seconds", fmt.Sprintf("%.1f", now.Sub(p.began).Seconds()))
	}
	p.step, p.done, p.total = "", 0, 0
}

// finish ends the progress line, so that what is printed next starts on a line of its own.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close(time.Now())
}
