package health

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTokens is how many words of a name are compared; of more, the first ones.
const maxTokens = 6

// legal is the kind of legal form in a name.
type legal uint8

const (
	noForm   legal = iota
	company        // ТОО, ЖШС, ООО, LLP, LLC, Ltd, GmbH
	trader         // ИП, ЖК, ЧП: a person
	jointly        // АО, АҚ, ПАО, ЗАО, JSC, PLC
	someForm       // Inc, Corp, Co, КХ: a firm, compatible with every other form
)

// legalForms are words of legal forms as they stand in names, lower case.
var legalForms = func() map[string]legal {
	m := map[string]legal{}
	for form, words := range map[legal]string{
		company:  "тоо жшс ооо одо llp llc ltd limited gmbh too ooo zhshs jshs жшқ осоо mchj мчж",
		trader:   "ип жк чп кфх zhk ип.",
		jointly:  "ао ақ пао зао оао нао jsc ojsc cjsc pjsc plc pao zao oao ag aq акк",
		someForm: "inc incorporated corp corporation co company кх шқ фх гкп ркп кгп гу мкк мкқ",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = form
		}
	}
	return m
}()

// legalPhrases are legal forms written out.
var legalPhrases = []struct {
	words []string
	form  legal
}{
	{strings.Fields("общество с ограниченной ответственностью"), company},
	{strings.Fields("товарищество с ограниченной ответственностью"), company},
	{strings.Fields("жауапкершілігі шектеулі серіктестігі"), company},
	{strings.Fields("жауапкершілігі шектеулі серіктестік"), company},
	{strings.Fields("limited liability company"), company},
	{strings.Fields("limited liability partnership"), company},
	{strings.Fields("индивидуальный предприниматель"), trader},
	{strings.Fields("жеке кәсіпкер"), trader},
	{strings.Fields("individual entrepreneur"), trader},
	{strings.Fields("публичное акционерное общество"), jointly},
	{strings.Fields("закрытое акционерное общество"), jointly},
	{strings.Fields("открытое акционерное общество"), jointly},
	{strings.Fields("акционерное общество"), jointly},
	{strings.Fields("акционерлік қоғамы"), jointly},
	{strings.Fields("акционерлік қоғам"), jointly},
	{strings.Fields("joint stock company"), jointly},
	{strings.Fields("крестьянское хозяйство"), someForm},
	{strings.Fields("шаруа қожалығы"), someForm},
}

// branchWords tell a part of a firm from the whole.
var branchWords = wordSet("filial", "bran", "branq", "predstavitelstvo", "otdelenie", "otdelene", "magazin", "sklad", "ofis")

func isDigits(w string) bool { return strings.Trim(w, "0123456789") == "" }

// splitName cuts a name into lower-case words of letters, and numbers. Marks inside words (', ь) stay, everything else separates.
func splitName(text string) []string {
	text = cut(text, maxField)
	if !norm.NFKC.IsNormalString(text) {
		text = norm.NFKC.String(text)
	}
	var out []string
	var b strings.Builder
	digits := false
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range text {
		switch {
		case r == utf8.RuneError:
			flush()
		case unicode.Is(unicode.Cf, r), unicode.IsMark(r), r == '\'' || r == '`' || r == '’' || r == 'ʼ' || r == 'ʹ' || r == 'ʺ' || r == '´':
			// marks within a word: Tat'yana, zero width and direction signs
		case unicode.IsDigit(r):
			if !digits {
				flush()
			}
			digits = true
			b.WriteRune(r)
		case unicode.IsLetter(r):
			if digits {
				flush()
			}
			digits = false
			b.WriteRune(unicode.ToLower(r))
		default:
			flush()
		}
	}
	flush()
	return out
}

// takeForm takes legal forms off the words.
func takeForm(words []string) ([]string, legal) {
	form := noForm
	out := make([]string, 0, len(words))
	for i := 0; i < len(words); {
		took := 0
		for _, p := range legalPhrases {
			if len(words)-i >= len(p.words) && slices.Equal(words[i:i+len(p.words)], p.words) {
				took, form = len(p.words), p.form
				break
			}
		}
		if took == 0 {
			took = 1
			if f, ok := legalForms[words[i]]; ok {
				form = f
			} else if f, n := dotted(words[i:]); n > 0 {
				took, form = n, f
			} else {
				out = append(out, words[i])
			}
		}
		i += took
	}
	if len(out) == 0 {
		return words, form
	}
	return out, form
}

// dotted reads a legal form of single letters: Т.О.О., L.L.P.
func dotted(words []string) (legal, int) {
	joined := ""
	for i, w := range words {
		if utf8.RuneCountInString(w) != 1 || i == 4 {
			break
		}
		joined += w
		if f, ok := legalForms[joined]; ok && i > 0 && (i+1 == len(words) || utf8.RuneCountInString(words[i+1]) > 1) {
			return f, i + 1
		}
	}
	return noForm, 0
}

// cyrillic is the common spelling of Cyrillic letters: one sign for one sound, so that the ways to write it in Latin letters can meet in it. q is ч, w is ш and щ, j is ж,
// h is х; letters of Kazakh, Kyrgyz, Tatar, Ukrainian and Belarusian are written as their nearest Russian ones.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "j", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p",
	'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "ts", 'ч': "q", 'ш': "w", 'щ': "w", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i", 'ї': "i", 'є': "e", 'ґ': "g", 'ў': "u", 'җ': "j", 'ҷ': "j", 'ҳ': "h", 'ӯ': "u", 'ӣ': "i",
}

// latinMarks are Latin letters with marks that mean another sound than the bare letter (ISO 9, Kazakh of 2021 and 2018, Turkish, Czech); of all others the mark is dropped.
var latinMarks = map[rune]string{
	'č': "ch", 'š': "sh", 'ž': "zh", 'ŝ': "shch", 'ş': "sh", 'ç': "ch", 'â': "ya", 'û': "yu", 'ı': "i", 'ğ': "g", 'ǵ': "g", 'ñ': "n", 'ń': "n", 'ø': "o", 'æ': "ae", 'ß': "ss", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "t",
	'ĥ': "h", 'ŭ': "u", 'ć': "ch", 'ś': "s", 'ý': "y",
}

// twins are letters that look the same in both scripts, Latin first.
var twins = map[rune]rune{'a': 'а', 'c': 'с', 'e': 'е', 'o': 'о', 'p': 'р', 'x': 'х', 'y': 'у', 'k': 'к', 'm': 'м', 'h': 'н', 'b': 'в', 't': 'т', 'i': 'і'}

var twinsBack = func() map[rune]rune {
	m := map[rune]rune{}
	for latin, r := range twins {
		m[r] = latin
	}
	return m
}()

// spell brings one lower-case word to the common spelling, ASCII letters only; words of other scripts keep their letters. The spelling is not for people: it
// only makes equal what is equal.
func spell(word string) string {
	latin, other := 0, 0
	for _, r := range word {
		switch {
		case r < utf8.RuneSelf || unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			other++
		}
	}
	var b strings.Builder
	for _, r := range word {
		if latin > 0 && other > 0 { // look-alikes of the other script
			if t, ok := twins[r]; ok && other > latin {
				r = t
			} else if t, ok := twinsBack[r]; ok && latin >= other {
				r = t
			}
		}
		b.WriteRune(r)
	}
	if word = b.String(); latin >= other && latin > 0 {
		return alike(fromLatin(word))
	}
	b.Reset()
	for _, r := range word {
		if s, ok := cyrillic[r]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return alike(b.String())
}

// latinPairs are the ways to write one sound with several Latin letters, longest first (GOST 7.79 B, ICAO passports, BGN/PCGN, German, English).
var latinPairs = []struct{ from, to string }{
	{"shch", "w"}, {"sch", "w"}, {"dzh", "j"}, {"tch", "q"}, {"sh", "w"}, {"ch", "q"}, {"zh", "j"}, {"dj", "j"}, {"kh", "h"}, {"gh", "g"}, {"ph", "f"}, {"th", "t"}, {"tz", "ts"},
	{"ck", "k"}, {"yo", "e"}, {"q", "k"}, {"x", "ks"}, {"w", "v"}, {"y", "i"},
}

const vowels = "aeiouy"

func isVowel(c byte) bool { return strings.IndexByte(vowels, c) >= 0 }

// fromLatin brings a word of Latin letters to the signs of cyrillic.
func fromLatin(word string) string {
	word = bare(word)
	out := make([]byte, 0, len(word)+4)
next:
	for i := 0; i < len(word); {
		for _, p := range latinPairs {
			if strings.HasPrefix(word[i:], p.from) {
				out = append(out, p.to...)
				i += len(p.from)
				continue next
			}
		}
		c := word[i]
		switch {
		case c == 'c' && i+1 < len(word) && strings.IndexByte("eiy", word[i+1]) >= 0:
			c = 's'
		case c == 'c':
			c = 'k'
		case c == 'j' && (i+1 == len(word) || !isVowel(word[i+1]) || i > 0 && isVowel(word[i-1])):
			c = 'i' // Sergej; but Janar, Erjan
		}
		out = append(out, c)
		i++
	}
	return string(out)
}

// bare writes Latin letters with marks without them.
func bare(word string) string {
	ascii := true
	for i := range len(word) {
		ascii = ascii && word[i] < utf8.RuneSelf
	}
	if ascii {
		return word
	}
	var b strings.Builder
	for _, r := range word {
		if s, ok := latinMarks[r]; ok {
			b.WriteString(s)
			continue
		}
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, d := range norm.NFD.String(string(r)) {
			if !unicode.IsMark(d) {
				b.WriteRune(d)
				break
			}
		}
	}
	return b.String()
}

// alike makes equal what transliterations and pronunciation confuse: a doubled letter is one, ie is e, dj is j, and short and foreign forms are the full ones.
func alike(s string) string {
	out := undoubled([]byte(s))
	n := 0
	for i := 0; i < len(out); i++ { // in place: the text only gets shorter
		c := out[i]
		if c == 'i' && i+1 < len(out) && out[i+1] == 'e' {
			c = 'e'
			i++
		}
		if c == 'd' && i+1 < len(out) && out[i+1] == 'j' {
			continue
		}
		out[n] = c
		n++
	}
	out = undoubled(out[:n])
	if full, ok := shortForms[string(out)]; ok {
		return full
	}
	return string(out)
}

// undoubled drops repeated ASCII signs, in place.
func undoubled(s []byte) []byte {
	n := 0
	for _, c := range s {
		if n > 0 && s[n-1] == c && c < utf8.RuneSelf {
			continue
		}
		s[n] = c
		n++
	}
	return s[:n]
}

// shortForms are short and foreign forms of given names, and English words in names of firms, in the common spelling.
var shortForms = map[string]string{
	"sawa": "aleksandr", "aleksander": "aleksandr", "katia": "ekaterina", "katerina": "ekaterina", "dima": "dmitri", "mitia": "dmitri", "lena": "elena", "helena": "elena", "nastia": "anastasia",
	"tania": "tatiana", "ira": "irina", "sveta": "svetlana", "vania": "ivan", "petia": "petr", "peter": "petr", "kolia": "nikolai", "miwa": "mihail", "mihael": "mihail", "miqael": "mihail", "serega": "sergei", "seroja": "sergei",
	"jenia": "evgeni", "lewa": "aleksei", "maks": "maksim", "nadia": "nadejda", "olia": "olga", "mawa": "maria", "natawa": "natalia", "iulka": "iulia", "julia": "iulia", "juri": "iuri", "vova": "vladimir", "volodia": "vladimir",
	"pawa": "pavel", "paul": "pavel", "kostia": "konstantin", "andrew": "andrei", "andre": "andrei", "aniuta": "ana", "gulia": "gulnara",
	"servise": "servis", "trade": "treid", "treiding": "treid", "trading": "treid", "fod": "fud", "fods": "fud", "ofise": "ofis", "group": "grup", "hotel": "otel", "restaurant": "restoran", "tekstile": "tekstil", "house": "haus",
	"kompani": "kompania", "building": "bilding", "center": "tsentr", "centre": "tsentr", "senter": "tsentr", "sentre": "tsentr", "design": "dizain", "avto": "avto", "auto": "avto", "farma": "farm", "pharma": "farm",
	"logistika": "logistik", "logistiks": "logistik", "klinik": "klinika", "konsulting": "konsalting", "konsult": "konsalt",
}

// givenNames are common given names in the common spelling: one of them is no slip of the pen for another.
var givenNames = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		александр александра алексей алексия алина алиса алла алёна альбина амина анастасия анатолий андрей анжела анна антон антонина арина аркадий арсен арсений артём артур асель асия богдан борис вадим валентин
		валентина валерий валерия варвара василий василиса вера вероника виктор виктория виталий влад владимир владислав владислава всеволод вячеслав галина геннадий георгий герман глеб григорий давид дамир дана
		даниил данил данила данияр дарина дарья денис диана дина динара дмитрий ева евгений евгения егор екатерина елена елизавета жанар жанат жанна жанара захар зарина земфира зоя иван игорь илона илья инга инна ирина
		камила карина кира кирилл кристина ксения лариса лев леонид лидия лилия любовь людмила мадина майя макар максим марат маргарита марина мария марк марта матвей милана милена мирон михаил мурат надежда назар
		наталья нелли никита николай нина нурлан нурсултан оксана олег олеся ольга павел полина платон пётр раиса регина ренат рената ринат роман римма роза рустам руслан рустем сабина самат светлана святослав семён
		сергей серик софия софья станислав степан таисия тамара тарас татьяна тигран тимофей тимур ульяна фёдор эдуард элина элла эльвира эльдар эмилия эмиль эрик юлия юлиана юрий яков яна янина ярослав ярослава
		айгерим айгуль айжан айнур айнура алия алмас алмат алтынай аман амангельды арман арманбек асан асем асхат асылбек әлия әсел бакыт бакытжан баян болат бота газиз гаухар гульмира гульнар гульнара гүлнар дархан даурен
		дидар ерболат ержан ерлан ермек есен жандос жансая жулдыз қайрат кайрат қуаныш куаныш ләззат лаура мақсат меруерт мирас молдир нурбек нургуль нуржан нурия нурсая рауан сакен салтанат самал сания сауле
		талгат темирлан тлек толеген тогжан улан улжан шолпан ұлан ыбырай
		john james robert michael william david mary linda anna maria elena jane jean joan ann anne marina martin mark marco marc laura lara clara emma emily eric erik daniel daniela alan allan adam adrian ivan evan`) {
		m[spell(w)] = true
	}
	return m
}()

// part is what a word of a name is, as its ending tells.
type part uint8

const (
	anyPart part = iota
	patronymic
	surname
)

var patronymicEndings = []string{"oviq", "eviq", "ovna", "evna", "iqna", "iliq", "kuzmiq", "lukiq", "kizi", "kizin", "uli"}

var surnameEndings = []string{"ov", "ova", "ev", "eva", "in", "ina", "ski", "skaia", "tski", "tskaia", "enko", "quk", "iuk", "uk", "wvili", "ian", "ko", "ih", "oi", "aia", "baev", "baeva"}

// partOf guesses what a word of a name is from its ending.
func partOf(word string) part {
	ends := func(endings []string, least int) bool {
		return slices.ContainsFunc(endings, func(e string) bool { return len(word) >= len(e)+least && strings.HasSuffix(word, e) })
	}
	switch {
	case ends(patronymicEndings, 2):
		return patronymic
	case ends(surnameEndings, 3):
		return surname
	}
	return anyPart
}

// otherGender tells the forms of one surname for a man and a woman: Иванов and Иванова, Белинский and Белинская.
func otherGender(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 {
		return false
	}
	if b == a+"a" {
		return true
	}
	return strings.HasSuffix(a, "i") && b == a[:len(a)-1]+"aia"
}

// hashText is FNV-1a, 64 bits: the same in every run.
func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix joins hashes.
func mix(a, b uint64) uint64 {
	h := (a ^ b*0x9E3779B97F4A7C15) * 0xff51afd7ed558ccd
	return h ^ h>>32
}
