#!/usr/bin/env python3
"""Makes testdata/oracle/words.json: stems of the Snowball project's own stemmers, and edit distances of token lists.

  pip install snowballstemmer==3.1.1 Levenshtein==0.27.5
  python3 testdata/oracle/make_words.py testdata/oracle

The Go tests read the JSON and need no Python. The words are made up or everyday ones of letters that companies send.
"""
import json, random, sys
import Levenshtein, snowballstemmer

russian = """добро пожаловать подарок подарки подарков заказ заказа заказы заказали заказывали скидка скидки скидкой скидками первый первого покупка покупки
покупателям бесплатная бесплатной доставка доставкой доставили корзина корзине корзину забыли забытые товары товаров напоминаем напоминание возвращайтесь
вернулись ждут ждали новинки новинок недели неделя любимый любимого любимые чай чая чаю кофе баллы баллов накопили накоплены сгорят сгорают день рождения рождением
поздравляем персональная персональную подборка подобрали специально клиентов клиентам распродажа распродажи закрытая закрытую отзыв отзывы оцените оценка
качество качества красивейший бегущая прочитавши""".split()
english = """welcome gift gifts order orders ordered ordering discount discounts discounted first purchase purchases purchased delivery deliveries delivered
free cart carts forgotten products product reminding reminder returning return waiting waited new arrivals week weekly favourite favourites tea coffee points earned
expiring expires birthday congratulations personal personally selection selected specially customers customer sale sales closed review reviews rated rating quality
happily generously news skies dying""".split()
rng = random.Random(20261122)
alphabet = [f"{b} {c}" for b in range(4) for c in ("email", "push", "sms")]
edits = []
for n, m in [(0, 0), (0, 3), (1, 1), (3, 5), (6, 6), (12, 9), (30, 30)]:
    a, b = [rng.choice(alphabet) for _ in range(n)], [rng.choice(alphabet) for _ in range(m)]
    edits.append({"a": a, "b": b, "d": Levenshtein.distance(a, b)})
for a, b in [("kitten", "sitting"), ("flaw", "lawn"), ("intention", "execution"), ("заказ", "приказ")]:
    edits.append({"a": list(a), "b": list(b), "d": Levenshtein.distance(a, b)})
ru, en = snowballstemmer.stemmer("russian"), snowballstemmer.stemmer("english")
out = {"made_by": "make_words.py, snowballstemmer 3.1.1, Levenshtein 0.27.5",
       "russian": {w: ru.stemWord(w.replace("ё", "е")) for w in russian}, "english": {w: en.stemWord(w) for w in english}, "edits": edits}
json.dump(out, open(sys.argv[1] + "/words.json", "w"), ensure_ascii=False, separators=(",", ":"))
open(sys.argv[1] + "/words.json", "a").write("\n")
