package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Found is one file of one source entry.
type Found struct {
	Entry   int    // index of the entry under its input
	Path    string // to open
	Shown   string // as in the configuration, globs resolved; what audit.sources shows
	Size    int64
	ModTime int64  // Unix nanoseconds
	Content string // hash of the first and last 64 KiB
}

// Discover finds the files of an entry, sorted. Its errors name what was looked for.
func Discover(f File, baseDir string) ([]Found, error) {
	pattern := f.Path
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(baseDir, pattern)
	}
	paths := []string{pattern}
	if _, err := os.Lstat(pattern); err != nil && strings.ContainsAny(f.Path, "*?[") {
		if paths, err = filepath.Glob(pattern); err != nil {
			return nil, fmt.Errorf("%s: not a glob: * stands for any letters, ? for one, [ab] for a or b", f.Path)
		}
		if len(paths) == 0 {
			dir := filepath.Dir(pattern)
			switch entries, err := os.ReadDir(dir); {
			case err != nil:
				return nil, fmt.Errorf("%s: no file matches: %w", f.Path, OpenError(dir, err))
			case len(entries) == 0:
				return nil, fmt.Errorf("%s: no file matches: the folder %s is empty", f.Path, dir)
			}
			return nil, fmt.Errorf("%s: no file in %s matches", f.Path, dir)
		}
		sort.Strings(paths)
	}
	var out []Found
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, OpenError(p, err)
		}
		if info.IsDir() {
			entries, err := os.ReadDir(p)
			if err == nil && len(entries) == 0 {
				return nil, fmt.Errorf("%s: an empty folder, not a file", p)
			}
			return nil, fmt.Errorf("%s: a directory, not a file: write a glob such as %s", p, filepath.Join(f.Path, "*.csv"))
		}
		shown := p
		if !filepath.IsAbs(f.Path) {
			if rel, err := filepath.Rel(baseDir, p); err == nil {
				shown = rel
			}
		}
		content, err := headAndTail(p, info.Size())
		if err != nil {
			return nil, OpenError(p, err)
		}
		out = append(out, Found{Path: p, Shown: filepath.ToSlash(shown), Size: info.Size(), ModTime: info.ModTime().UnixNano(), Content: content})
	}
	return out, nil
}

func headAndTail(path string, size int64) (string, error) {
	const part = 1 << 16
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyN(h, f, min(part, size)); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if size > part {
		if _, err := f.Seek(max(part, size-part), io.SeekStart); err != nil {
			return "", err
		}
		if _, err := io.Copy(h, f); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Fingerprint identifies the file's state for --resume.
func (f Found) Fingerprint() string {
	return fmt.Sprintf("%s|%d|%d|%s", f.Shown, f.Size, f.ModTime, f.Content)
}
