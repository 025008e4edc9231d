package duplicates

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Stems of the Snowball project's own program and edit distances of a C library: testdata/oracle/make_words.py.
func TestOracleWords(t *testing.T) {
	var o struct {
		Russian, English map[string]string
		Edits            []struct {
			A, B []string
			D    int
		}
	}
	raw, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", "words.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	for _, list := range []map[string]string{o.Russian, o.English} {
		if len(list) < 50 {
			t.Errorf("only %d words", len(list))
		}
		for w, want := range list {
			if got := stem(w); got != want {
				t.Errorf("stem of %s is %s, want %s", w, got, want)
			}
		}
	}
	for _, c := range o.Edits {
		if got := editDistance(c.A, c.B); got != c.D {
			t.Errorf("%v to %v: %d edits, want %d", c.A, c.B, got, c.D)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":           "",
		"  —!  ":     "",
		"Ёлка, елка": "елк елк",
		"<p>Ваш&nbsp;заказ</p><!-- скрыто -->готов":                            "ваш заказ гот",
		"<style>.a{color:red}</style><b>Gift</b>s":                             "gift s",
		"Здравствуйте, {{ user.name | title }}! *|FNAME|* [[name]] ${x} %%y%%": "здравств",
		"Скидка 10% до 31.12":                                                  "скидк 10 до 31 12",
		"Go https://shop.example/?a=b&c now":                                   "go now",
		"5 < 7 и 7 > 5":                                                        "5 7 и 7 5",
		"<<<":                                                                  "",
		"<script>alert('x')</script>' OR 1=1":                                  "or 1 1",
	} {
		if got := strings.Join(stems{}.words(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if n := len(stems{}.words(strings.Repeat("чай ", 3*mostWords))); n != mostWords {
		t.Errorf("%d words read", n)
	}
}

func TestShingles(t *testing.T) {
	c := stems{}
	for _, x := range []struct {
		a, b string
		want float64
	}{
		{"", "", 0},
		{"", "чай", 0},
		{"Ваш заказ", "ваши заказы", 1},                                                           // one shingle of two words
		{"Добро пожаловать в лавку", "Добро пожаловать в нашу лавку", 1. / 4},                     // dpv; pvl against pvn, vnl
		{"раз два три четыре пять", "раз два три четыре шесть", .5},                               // two of four
		{"one two three four five six seven", "one two three four five six seven eight", .833333}, // five of six
	} {
		if got := jaccard(c.shingles(x.a), c.shingles(x.b)); got < x.want-1e-5 || got > x.want+1e-5 {
			t.Errorf("%q and %q: %g, want %g", x.a, x.b, got, x.want)
		}
	}
	if diff := cmp.Diff(c.shingles("a b c", "d e f"), c.shingles("d e f", "a b c")); diff != "" {
		t.Error("the order of texts matters:", diff)
	}
}

func TestPropWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := stems{}
		a, b := c.shingles(rapid.String().Draw(t, "a")), c.shingles(rapid.String().Draw(t, "b"))
		ab := jaccard(a, b)
		if ab != jaccard(b, a) || ab < 0 || ab > 1 || len(a) > 0 && jaccard(a, a) != 1 {
			t.Fatalf("not a similarity: %g, back %g, self %g", ab, jaccard(b, a), jaccard(a, a))
		}
		token := rapid.SliceOfN(rapid.IntRange(0, 3), 0, 8)
		x, y, z := token.Draw(t, "x"), token.Draw(t, "y"), token.Draw(t, "z")
		d := editDistance(x, y)
		if d != editDistance(y, x) || editDistance(x, x) != 0 || d > max(len(x), len(y)) || d < max(len(x)-len(y), len(y)-len(x)) || d > editDistance(x, z)+editDistance(z, y) {
			t.Fatalf("not a distance: %v %v %d", x, y, d)
		}
	})
}

// Templates: one id, one hash, words; nothing known of either is nothing in common.
func TestLibrary(t *testing.T) {
	l := newLibrary(map[string]Template{
		"a": {Subject: "Скидка на первый заказ", Text: "Дарим вам скидку на первый заказ в лавке"}, "b": {Name: "copy", Subject: "Скидки на первый заказ!", Text: "<p>Дарим Вам скидку на первый заказ в лавке</p>"},
		"c": {Hash: "h1"}, "d": {Hash: "h1", Subject: "Совсем другая тема"}, "e": {Hash: "h2"}, "f": {Name: "Письмо о доставке"}, "g": {Name: "Письмо о доставке (копия)"}, "h": {},
	})
	for _, x := range []struct {
		a, b string
		want float64
	}{{"a", "a", 1}, {"a", "b", 1}, {"c", "d", 1}, {"c", "e", 0}, {"e", "h", 0}, {"h", "h", 1}, {"f", "g", .5}, {"a", "f", 0}, {"unknown", "a", 0}} {
		if got := l.similar(x.a, x.b); got != x.want || l.similar(x.b, x.a) != got {
			t.Errorf("%s and %s: %g, want %g", x.a, x.b, got, x.want)
		}
	}
	// A footer that all have is no content.
	many := map[string]Template{}
	for i, word := range strings.Fields("чай кофе мёд сахар лимон мята корица какао халва пастила зефир пряник сухари баранки") {
		many[string(rune('a'+i))] = Template{Text: "Новинка недели " + word + " со скидкой. Вы получили это письмо, потому что подписаны на рассылку магазина"}
	}
	l = newLibrary(many)
	if s := l.similar("a", "b"); s > .2 {
		t.Errorf("two letters with one footer: %g", s)
	}
	if s := l.similar("a", "a"); s != 1 {
		t.Errorf("itself: %g", s)
	}
}

// Two steps in three agree: 2*2/6. Order counts, a missing step costs a half, variants are matched with their likes.
func TestContentSimilar(t *testing.T) {
	l := newLibrary(nil)
	chain := func(templates ...string) (out []step) {
		for _, s := range templates {
			var c []share
			parts := strings.Split(s, "+")
			for _, p := range parts {
				c = append(c, share{p, 1 / float64(len(parts))})
			}
			out = append(out, step{contents: c})
		}
		return out
	}
	for _, x := range []struct {
		a, b []step
		want float64
	}{
		{chain("a", "b", "c"), chain("a", "x", "c"), 2. / 3}, {chain("a", "b"), chain("b", "a"), .5}, {chain("a", "b", "c"), chain("a", "b"), .8},
		{chain("a+b"), chain("b+a"), 1}, {chain("a+b"), chain("a"), .75}, {chain("a"), chain("b"), 0}, {chain(""), chain(""), 1},
	} {
		if got := l.contentSimilar(x.a, x.b); got < x.want-1e-12 || got > x.want+1e-12 || l.contentSimilar(x.b, x.a) != got {
			t.Errorf("%v and %v: %g, want %g", x.a, x.b, got, x.want)
		}
	}
}
