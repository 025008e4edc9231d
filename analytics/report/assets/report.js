// The page's script: language switch, charts, and what every table can do: sort, filter, copy its rows and its query. It decides nothing: words
// and numbers come ready from the page, and user names reach the DOM as text nodes only.
(function () {
  'use strict';
  var root = document.documentElement;
  if (!window.DecompressionStream) { return; } // a browser of before 2023: the page is read like one without script
  var charts = [], packed = { words: {} };
  // The texts of the page, before anything is added: each holds the language that the page was written in.
  var texts = [].slice.call(document.querySelectorAll('x-t'));
  var written = { lang: root.lang, texts: texts.map(function (e) { return e.textContent; }) };

  // unpack reads a compressed block of the page.
  function unpack(id) {
    var raw = atob(document.getElementById(id).textContent), bytes = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) { bytes[i] = raw.charCodeAt(i); }
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  }

  function lang() { return root.lang === 'en' ? 'en' : 'ru'; }
  function word(t) { return t ? (lang() === 'en' ? t.En : t.Ru) : ''; }
  function css(name) { return getComputedStyle(root).getPropertyValue(name).trim(); }
  function hue(i) { return css('--c' + (i % 8)); }
  function narrow() { return window.innerWidth < 640; }

  // A tip is made of text nodes: a name can hold any characters without becoming markup.
  function tip(head, text) {
    var box = document.createElement('div');
    box.style.cssText = 'max-width:320px;white-space:normal;line-height:1.4';
    if (head) {
      var b = document.createElement('b');
      b.textContent = head;
      box.appendChild(b);
      box.appendChild(document.createElement('br'));
    }
    box.appendChild(document.createTextNode(text));
    return box;
  }

  function base() {
    return {
      backgroundColor: 'transparent', animation: false,
      textStyle: { fontFamily: css('--font'), color: css('--ink') },
      tooltip: { confine: true, backgroundColor: css('--surface'), borderColor: css('--line'), textStyle: { color: css('--ink'), fontSize: 13 } }
    };
  }
  function axis(extra) {
    return Object.assign({
      axisLine: { lineStyle: { color: css('--line') } }, axisTick: { show: false }, splitLine: { lineStyle: { color: css('--line') } },
      axisLabel: { color: css('--muted'), fontSize: narrow() ? 10 : 12 }, nameTextStyle: { color: css('--muted'), fontSize: narrow() ? 10 : 12 }
    }, extra);
  }
  function percent(v) { return Math.round(v * 100) + (lang() === 'ru' ? '\u00a0%' : '%'); }
  function short(s, n) { return s.length > n ? s.slice(0, n - 1) + '…' : s; }

  // mix is the colour between two hex colours.
  function mix(a, b, t) {
    var out = '#';
    for (var i = 1; i < 7; i += 2) {
      var x = parseInt(a.slice(i, i + 2), 16), y = parseInt(b.slice(i, i + 2), 16);
      out += ('0' + Math.round(x + (y - x) * t).toString(16)).slice(-2);
    }
    return out;
  }
  function dark(hex) {
    return 0.299 * parseInt(hex.slice(1, 3), 16) + 0.587 * parseInt(hex.slice(3, 5), 16) + 0.114 * parseInt(hex.slice(5, 7), 16) < 140;
  }

  var draw = {
    heatmap: function (d, o) {
      var small = narrow(), names = function (l) { return l.map(function (t) { return word(t); }); };
      var n = d.x.length, low = css('--heat0'), high = css('--heat1'), stay = css('--stay');
      var tilt = small || n > (d.tall ? 8 : 6), less = css('--less'), mid = css('--mid'), most = css('--more');
      o.grid = { left: small ? (d.tall ? 92 : 74) : d.tall ? 170 : 130, right: 12, top: small ? 66 : d.tall && tilt ? 96 : 56, bottom: 12 };
      o.xAxis = axis({ type: 'category', position: 'top', data: names(d.x), splitLine: { show: false }, axisLine: { show: false },
        axisLabel: { color: css('--muted'), fontSize: small ? 10 : 12, interval: 0, rotate: tilt ? (d.tall && n > 8 ? 60 : 40) : 0, formatter: function (s) { return short(s, small ? 11 : d.tall ? 16 : 18); } } });
      o.yAxis = axis({ type: 'category', inverse: true, data: names(d.y), splitLine: { show: false }, axisLine: { show: false },
        axisLabel: { color: css('--muted'), fontSize: small ? 10 : 12, interval: 0, formatter: function (s) { return short(s, small ? 13 : d.tall ? 25 : 20); } } });
      o.tooltip.formatter = function (p) {
        var c = d.cells[p.dataIndex];
        return word(c.tip) ? tip(word(d.y[c.y]) + (d.between || ' → ') + word(d.x[c.x]), word(c.tip)) : null;
      };
      o.series = [{
        type: 'heatmap', label: { show: n <= (small ? 8 : d.tall ? 22 : 12), fontSize: small || n > 7 ? 9.5 : 12, formatter: function (p) { return word(d.cells[p.dataIndex].text); } },
        emphasis: { itemStyle: { borderColor: css('--ink'), borderWidth: 1 } },
        data: d.cells.map(function (c) {
          var t = d.max > 0 ? Math.sqrt(Math.min(1, c.value / d.max)) : 0;
          var fill = c.stay ? stay : d.split ? mix(mid, c.shade > 0 ? most : less, Math.abs(c.shade || 0)) : mix(low, high, t);
          return { value: [c.x, c.y, c.value], itemStyle: { color: fill, borderColor: c.mark ? css('--ink') : css('--surface'), borderWidth: c.mark ? 1.5 : 2, borderRadius: 4 },
            label: { color: dark(fill) ? '#ffffff' : '#17191c' } };
        })
      }];
    },
    flow: function (d, o) {
      var small = narrow();
      o.tooltip.formatter = function (p) {
        if (p.dataType === 'edge') { return tip('', word(d.links[p.dataIndex].tip)); }
        return tip('', word(d.nodes[p.dataIndex].name));
      };
      o.series = [{
        type: 'sankey', left: small ? 84 : 140, right: small ? 84 : 140, top: 8, bottom: 8, nodeGap: 14, nodeWidth: 14, layoutIterations: 0, draggable: false,
        emphasis: { focus: 'adjacency' }, lineStyle: { color: 'source', opacity: 0.35 },
        label: { color: css('--ink'), fontSize: small ? 10 : 12.5, formatter: function (p) { return short(word(d.nodes[p.dataIndex].name), small ? 11 : 22); } },
        data: d.nodes.map(function (n) { return { name: n.id, itemStyle: { color: hue(n.hue), borderWidth: 0 }, label: { position: n.left ? 'left' : 'right' } }; }),
        links: d.links.map(function (l) { return { source: l.from, target: l.to, value: l.value }; })
      }];
    },
    curves: function (d, o) {
      var small = narrow();
      o.grid = { left: small ? 44 : 60, right: small ? 12 : 24, top: legendHeight(d), bottom: 44 };
      o.legend = legend(d);
      o.xAxis = axis({ type: 'category', boundaryGap: false, data: d.x.map(word), name: word(d.xname), nameLocation: 'middle', nameGap: 26, splitLine: { show: false } });
      o.yAxis = axis({ type: 'value', min: 0, max: 1, axisLabel: { color: css('--muted'), formatter: percent } });
      o.tooltip.trigger = 'axis';
      o.tooltip.formatter = function (ps) {
        var box = document.createElement('div'), at = ps.length ? ps[0].dataIndex : 0;
        box.appendChild(tip('', word(d.xname) + ': ' + word(d.x[at])));
        d.lines.forEach(function (l, i) { if (l.tips && l.tips[at] && word(l.tips[at])) { box.appendChild(row(i, word(l.name), word(l.tips[at]))); } });
        return box;
      };
      o.series = [];
      d.lines.forEach(function (l, i) {
        if (!l.value) { return; }
        var name = 's' + i;
        var span = l.value.map(function (v, k) { return l.lower[k] != null && l.upper[k] != null ? l.upper[k] - l.lower[k] : null; });
        o.series.push({ name: name, type: 'line', step: 'end', stack: 'band' + i, symbol: 'none', silent: true, lineStyle: { opacity: 0 }, data: l.lower, tooltip: { show: false } });
        o.series.push({ name: name, type: 'line', step: 'end', stack: 'band' + i, symbol: 'none', silent: true, lineStyle: { opacity: 0 }, areaStyle: { color: hue(i), opacity: 0.16 }, data: span });
        o.series.push({ name: name, type: 'line', step: 'end', symbol: 'none', color: hue(i), lineStyle: { width: 2, color: hue(i) }, itemStyle: { color: hue(i) }, data: l.value });
      });
      o.series.forEach(function (s) { s.itemStyle = { color: hue(+s.name.slice(1)) }; });
    },
    area: function (d, o) {
      var small = narrow();
      o.grid = { left: small ? 44 : 60, right: small ? 12 : 24, top: legendHeight(d), bottom: 30 };
      o.legend = legend(d);
      o.xAxis = axis({ type: 'category', boundaryGap: false, data: d.x.map(word), splitLine: { show: false }, axisLabel: { color: css('--muted'), hideOverlap: true, fontSize: small ? 10 : 12 } });
      o.yAxis = axis({ type: 'value', min: 0, max: 1, axisLabel: { color: css('--muted'), formatter: percent } });
      o.tooltip.trigger = 'axis';
      o.tooltip.formatter = function (ps) {
        var box = document.createElement('div'), at = ps.length ? ps[0].dataIndex : 0;
        box.appendChild(tip(word(d.x[at]), ''));
        d.lines.forEach(function (l, i) { if (l.value[at] != null) { box.appendChild(row(i, word(l.name), word(l.tips[at]))); } });
        return box;
      };
      o.series = d.lines.map(function (l, i) {
        return { name: 's' + i, type: 'line', stack: 'base', symbol: 'none', color: hue(i), itemStyle: { color: hue(i) }, lineStyle: { width: 1.5, color: css('--surface') }, areaStyle: { color: hue(i), opacity: 0.9 },
          data: l.value.map(function (v) { return v == null ? 0 : v; }) };
      });
    }
  };
  // lines: a few points joined, with their intervals as bands; the axis ends at d.max, so that one uncertain point does not flatten the rest.
  draw.lines = function (d, o) {
    var small = narrow(), many = drawn(d).length > 1;
    var axisText = function (v) {
      if (!d.percent) { return String(v); }
      var s = (v * 100).toFixed(d.max < 0.0005 ? 3 : d.max < 0.005 ? 2 : d.max < 0.05 ? 1 : 0);
      return (lang() === 'ru' ? s.replace('.', ',') + '\u00a0' : s) + '%';
    };
    o.grid = { left: small ? 50 : 64, right: small ? 14 : 24, top: many ? legendHeight(d) : 14, bottom: 44 };
    if (many) { o.legend = legend(d); }
    o.xAxis = axis({ type: 'category', boundaryGap: true, data: d.x.map(word), name: word(d.xname), nameLocation: 'middle', nameGap: 26, splitLine: { show: false },
      axisLabel: { color: css('--muted'), hideOverlap: true, fontSize: small ? 10 : 12 } });
    o.yAxis = axis({ type: 'value', axisLabel: { color: css('--muted'), fontSize: small ? 10 : 12, formatter: axisText, showMaxLabel: !(d.max > 0) || d.max === 1, showMinLabel: !(d.min < 0) } });
    if (d.max > 0) { o.yAxis.max = d.max; }
    if (d.min !== undefined) { o.yAxis.min = d.min; }
    o.tooltip.trigger = 'axis';
    o.tooltip.formatter = function (ps) {
      var box = document.createElement('div'), at = ps.length ? ps[0].dataIndex : 0;
      box.appendChild(tip('', word(d.xname) + ': ' + word(d.x[at])));
      d.lines.forEach(function (l, i) { if (l.tips && l.tips[at] && word(l.tips[at])) { box.appendChild(row(i, word(l.name), word(l.tips[at]))); } });
      return box;
    };
    o.series = [];
    d.lines.forEach(function (l, i) {
      if (!l.value) { return; }
      var name = 's' + i, colour = hue(i);
      if (l.lower) {
        var inside = function (v) { return v == null ? null : Math.max(d.min === undefined ? v : d.min, d.max > 0 ? Math.min(v, d.max) : v); };
        o.series.push({ name: name, type: 'custom', silent: true, clip: true, z: 1, data: [0], itemStyle: { color: colour }, tooltip: { show: false },
          renderItem: function (params, api) {
            var up = [], down = [], parts = [];
            var close = function () { if (up.length > 1) { parts.push({ type: 'polygon', shape: { points: up.concat(down.reverse()) }, style: { fill: colour, opacity: 0.16 } }); } up = []; down = []; };
            l.value.forEach(function (v, k) {
              if (l.lower[k] == null || l.upper[k] == null) { close(); return; }
              up.push(api.coord([k, inside(l.upper[k])]));
              down.push(api.coord([k, inside(l.lower[k])]));
            });
            close();
            if (l.value.length > 20) { return { type: 'group', children: parts }; }
            l.value.forEach(function (v, k) {
              if (l.lower[k] == null || l.upper[k] == null) { return; }
              var a = api.coord([k, inside(l.upper[k])]), b = api.coord([k, inside(l.lower[k])]);
              parts.push({ type: 'line', shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: colour, lineWidth: 1.5, opacity: 0.55 } });
            });
            return { type: 'group', children: parts };
          } });
      }
      o.series.push({ name: name, type: 'line', color: colour, itemStyle: { color: colour }, lineStyle: { width: 2, color: colour }, symbol: 'circle', showSymbol: l.value.length <= 20, z: 3, clip: false,
        symbolSize: function (v, p) { return l.big && l.big[p.dataIndex] ? 14 : 6; }, data: l.value,
        markLine: l.mark ? { symbol: 'none', silent: true, animation: false, label: { show: false }, lineStyle: { color: css('--bad'), type: 'dashed', width: 1.5 }, data: l.mark.map(function (k) { return { xAxis: k }; }) } : undefined });
    });
  };
  // network: nodes on a circle, so that the same tables always give the same picture. Arrows follow in time, red lines clash.
  draw.network = function (d, o) {
    var small = narrow(), colour = function (h) { return h < 0 ? css('--muted') : hue(h); };
    var lines = {
      follows: { color: css('--muted'), opacity: 0.45, type: 'solid', curveness: 0.25 },
      declared: { color: css('--muted'), opacity: 0.8, type: 'dashed', curveness: 0.25 },
      overlap: { color: css('--c2'), opacity: 0.9, type: 'solid', curveness: 0.1 },
      conflict: { color: css('--bad'), opacity: 0.9, type: 'solid', curveness: 0.1 }
    };
    o.tooltip.formatter = function (p) { return tip('', word((p.dataType === 'edge' ? d.links : d.nodes)[p.dataIndex].tip)); };
    o.series = [{
      type: 'graph', layout: 'circular', circular: { rotateLabel: true }, left: small ? 92 : 180, right: small ? 92 : 180, top: small ? 96 : 165, bottom: small ? 96 : 165,
      emphasis: { focus: 'adjacency', lineStyle: { opacity: 1 } }, edgeSymbolSize: small ? 5 : 7,
      label: { show: true, color: css('--ink'), fontSize: small ? 9.5 : 12, formatter: function (p) { return short(word(d.nodes[p.dataIndex].name), small ? 12 : 20); } },
      data: d.nodes.map(function (n) {
        return { name: n.id, symbol: n.bulk ? 'diamond' : 'circle', symbolSize: n.size * (small ? 0.6 : 1), itemStyle: { color: colour(n.hue), borderColor: css('--surface'), borderWidth: 1.5 } };
      }),
      links: d.links.map(function (l) {
        var along = l.kind === 'follows' || l.kind === 'declared';
        return { source: l.from, target: l.to, symbol: along ? ['none', 'arrow'] : ['none', 'none'], lineStyle: Object.assign({ width: l.width * (small ? 0.7 : 1) }, lines[l.kind]) };
      })
    }];
  };
  // The legend wraps; its height is estimated from the length of the names.
  function legend(d) {
    return { top: 0, left: 0, itemGap: 14, textStyle: { color: css('--ink'), fontSize: narrow() ? 11 : 12 }, data: drawn(d).map(function (i) { return 's' + i; }),
      formatter: function (name) { return short(word(d.lines[+name.slice(1)].name), 24); } };
  }
  function drawn(d) { return d.lines.map(function (l, i) { return l.value ? i : -1; }).filter(function (i) { return i >= 0; }); }
  function legendHeight(d) {
    var room = Math.max(260, Math.min(window.innerWidth, 1240) - (window.innerWidth > 900 ? 340 : 40)), used = 0, rows = 1;
    drawn(d).forEach(function (i) {
      var w = 50 + 7.5 * short(word(d.lines[i].name), 24).length;
      if (used + w > room) { rows++; used = 0; }
      used += w;
    });
    return 18 + 22 * rows;
  }
  function row(i, name, text) {
    var line = document.createElement('div'), dot = document.createElement('span'), b = document.createElement('b');
    line.style.cssText = 'max-width:340px;white-space:normal;line-height:1.4';
    dot.style.cssText = 'display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px;background:' + hue(i);
    b.textContent = name + ' ';
    line.appendChild(dot);
    line.appendChild(b);
    line.appendChild(document.createTextNode(text));
    return line;
  }

  function redraw() {
    charts.forEach(function (c) {
      var o = base();
      draw[c.data.kind](c.data, o);
      c.plot.resize();
      c.plot.setOption(o, true);
      c.box.setAttribute('aria-label', word(c.data.label));
    });
  }

  function setLang(l) {
    root.lang = l === 'en' ? 'en' : 'ru';
    var own = root.lang === written.lang;
    texts.forEach(function (e, i) { e.textContent = own ? written.texts[i] : packed.texts[i]; });
    document.querySelectorAll('.switch button').forEach(function (b) { b.setAttribute('aria-pressed', String(b.dataset.lang === root.lang)); });
    tables.forEach(function (t) { t.relabel(); });
    redraw();
  }

  function say(key, values) {
    return word(packed.words[key]).replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  function make(tag, cls, parent) {
    var e = document.createElement(tag);
    if (cls) { e.className = cls; }
    if (parent) { parent.appendChild(e); }
    return e;
  }

  // What just happened, for those who do not see it.
  var status = make('p', 'vh', document.body);
  status.setAttribute('role', 'status');

  function copy(text, done) {
    var byHand = function () {
      var area = make('textarea', 'vh', document.body), before = document.activeElement;
      area.value = text;
      area.select();
      var copied = document.execCommand('copy');
      area.remove();
      if (before) { before.focus(); }
      if (copied) { done(); }
    };
    if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done, byHand); } else { byHand(); }
  }
  function copied(button, message) {
    button.classList.add('done');
    setTimeout(function () { button.classList.remove('done'); }, 1500);
    status.textContent = message;
  }

  // reading is the text of an element with single spaces, without what skip matches.
  function reading(e, skip) {
    var out = [];
    (function walk(node) {
      if (node.nodeType === 3) { out.push(node.data); return; }
      if (node.nodeType !== 1 || node.matches(skip)) { return; }
      if (node.nodeName === 'BR') { out.push('; '); }
      var block = out.length && node.matches('.tag, .cell, .scenario');
      if (block) { out.push(' '); }
      node.childNodes.forEach(walk);
      if (block) { out.push(' '); }
    })(e);
    return out.join('').replace(/\u2060/g, '').replace(/\s+/g, ' ').trim();
  }
  var ASIDE = '.doubt, [aria-hidden=true], .verdict, .pieces-text';
  function main(cell) { return reading(cell, ASIDE); }
  function aside(cell) { return [].map.call(cell.querySelectorAll('.doubt, .verdict'), function (e) { return reading(e, '[aria-hidden=true]'); }).filter(Boolean).join('; '); }

  // A shown number, date or time as a number that can be compared; null for anything else. It reads what numbers.go writes, in either language.
  var SCALES = [[/^(тыс|thousand)/i, 1e3], [/^(млн|million|M\b)/, 1e6], [/^(млрд|billion|B\b)/, 1e9], [/^(сек|sec)/i, 1], [/^(мин|min)/i, 60], [/^(час|hour)/i, 3600], [/^(д(ень|ня|ней|н)|day)/i, 86400]];
  var MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
  function measure(text) {
    var s = text.replace(/\s+/g, ' ').replace(/\u2212/g, '-'), m;
    if ((m = /^(\d\d)\.(\d\d)\.(\d{4})/.exec(s))) { return Date.UTC(m[3], m[2] - 1, m[1]); }
    if ((m = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})/.exec(s)) && MONTHS.indexOf(m[2]) >= 0) { return Date.UTC(m[3], MONTHS.indexOf(m[2]) / 3, m[1]); }
    if ((m = /^(\d{4})-(\d\d)-(\d\d)/.exec(s))) { return Date.UTC(m[1], m[2] - 1, m[3]); }
    m = /^([^\d\-\p{L}(]{0,3}|[A-Z]{3} ?)(-?)([^\d\-\p{L}]?)(\d[\d ]*(?:[.,]\d+)*)(.*)$/u.exec(s);
    if (!m) { return null; }
    var digits = lang() === 'ru' ? m[4].replace(/ /g, '').replace(',', '.') : m[4].trim().replace(/,/g, '');
    var x = parseFloat(m[2] + digits), after = m[5].replace(/^[\s\u00a0]+/, '');
    SCALES.some(function (scale) { return scale[0].test(after) && ((x *= scale[1]), true); });
    return isNaN(x) ? null : x;
  }

  // A cell of a spreadsheet that begins like a formula would be run: it gets an apostrophe.
  function field(s) {
    if (/^[=+\-@\t\r]/.test(s)) { s = "'" + s; }
    return /[",\n;]/.test(s) ? '"' + s.replace(/"/g, '""') + '"' : s;
  }

  var tables = [], heading = null, named = 0;
  function equipAll() {
    document.querySelectorAll('main h2, main h3, main h4, main table:not(.picture)').forEach(function (e) {
      if (e.tagName === 'TABLE') { tables.push(equip(e, heading)); } else { heading = e; }
    });
  }

  // equip gives a table its tools. A row stands with its continuations (.same) inside its group (.group); totals (.total) stay last.
  function equip(table, heading) {
    var heads = [].slice.call(table.tHead ? table.tHead.rows[table.tHead.rows.length - 1].cells : []), groups = [], units = [];
    [].forEach.call(table.tBodies, function (body) {
      var group = { body: body, head: null, units: [], end: [] };
      groups.push(group);
      [].forEach.call(body.rows, function (tr) {
        if (tr.classList.contains('group')) {
          if (group.head || group.units.length) { group = { body: body, head: null, units: [], end: [] }; groups.push(group); }
          group.head = tr;
        } else if (tr.classList.contains('total')) {
          group.end.push(tr);
        } else if (tr.classList.contains('same') && group.units.length) {
          group.units[group.units.length - 1].rows.push(tr);
        } else {
          group.units.push({ rows: [tr], at: units.length, group: group });
          units.push(group.units[group.units.length - 1]);
        }
      });
    });
    // Its name: the caption, what folds it, or the heading above.
    var fold = table.closest('details'), by = table.caption || (fold && !fold.closest('figure') ? fold.querySelector('summary') : heading);
    if (by && !table.caption) {
      if (!by.id) { by.id = 'name-' + (++named); }
      table.setAttribute('aria-labelledby', by.id);
    }
    // On a phone a card is not a table to the browser any more: say that it is.
    if (table.classList.contains('cards')) {
      table.setAttribute('role', 'table');
      table.querySelectorAll('thead, tbody').forEach(function (e) { e.setAttribute('role', 'rowgroup'); });
      table.querySelectorAll('tr').forEach(function (e) { e.setAttribute('role', 'row'); });
      table.querySelectorAll('td').forEach(function (e) { e.setAttribute('role', 'cell'); });
      table.querySelectorAll('th').forEach(function (e) { e.setAttribute('role', e.closest('thead') ? 'columnheader' : 'rowheader'); });
    }

    var tools = make('div', 'tools'), find = null, pick = null, order = { column: -1, down: false };
    tools.setAttribute('role', 'group');
    if (by && by.id) { tools.setAttribute('aria-labelledby', by.id); }
    (table.closest('.scroll') || table).before(tools);

    function cell(unit, i) { return unit.rows[0].cells[i]; }
    // keysOf are the numbers of a column, or its words.
    function keysOf(i) {
      var words = units.map(function (u) { var c = cell(u, i), v = c && c.querySelector('.v'); return c ? (v ? reading(v, '[aria-hidden=true]') : main(c)) : ''; });
      var full = words.filter(function (w) { return w && w[0] !== '—'; }), numbers = words.map(measure);
      var known = numbers.filter(function (x) { return x !== null; }).length;
      var numeric = known > 0 && (known === full.length || (heads[i].classList.contains('r') && known >= full.length / 2));
      return { numeric: numeric, empty: !full.length, of: numeric ? numbers : words.map(function (w) { return w && w[0] !== '—' ? w : null; }) };
    }
    function place() {
      groups.forEach(function (g) {
        var rest = [];
        g.units.forEach(function (u) { rest = rest.concat(u.rows); });
        rest = (g.head ? [g.head] : []).concat(rest, g.end);
        rest.forEach(function (tr) { g.body.appendChild(tr); });
      });
    }
    function sort(i, down) {
      order = { column: i, down: down };
      var keys = i >= 0 ? keysOf(i) : null, words = new Intl.Collator(root.lang, { numeric: true, sensitivity: 'base' });
      groups.forEach(function (g) {
        g.units.sort(function (a, b) {
          if (!keys) { return a.at - b.at; }
          var x = keys.of[a.at], y = keys.of[b.at];
          if (x === null || y === null) { return (x === null) - (y === null) || a.at - b.at; } // unknown stays last
          var less = keys.numeric ? x - y : words.compare(x, y);
          return (down ? -less : less) || a.at - b.at;
        });
      });
      place();
      heads.forEach(function (th, k) { if (th.querySelector('.sort')) { th.setAttribute('aria-sort', k === i ? (down ? 'descending' : 'ascending') : 'none'); } });
      if (pick) { pick.value = i < 0 ? '' : i + (down ? '-' : '+'); }
    }
    function told() {
      status.textContent = order.column < 0 ? say('unsorted') : say(order.down ? 'sorted_down' : 'sorted_up', { column: main(heads[order.column]) });
    }
    // A number sorts from the largest first, a word from A; the third press gives the order of the page back.
    function press(i) {
      var first = keysOf(i).numeric;
      if (order.column !== i) { sort(i, first); } else if (order.down === first) { sort(i, !first); } else { sort(-1, false); }
      told();
    }
    function filter() {
      var wanted = find.value.toLocaleLowerCase(root.lang).split(/\s+/).filter(Boolean), seen = 0;
      groups.forEach(function (g) {
        var any = false, head = g.head ? reading(g.head, '.vh') + ' ' : '';
        g.units.forEach(function (u) {
          var text = (head + u.rows.map(function (tr) { return reading(tr, '[aria-hidden=true]'); }).join(' ')).toLocaleLowerCase(root.lang);
          u.out = !wanted.every(function (w) { return text.indexOf(w) >= 0; });
          u.rows.forEach(function (tr) { tr.hidden = u.out; });
          if (!u.out) { any = true; seen++; }
        });
        if (g.head) { g.head.hidden = !any; }
        g.end.forEach(function (tr) { tr.hidden = wanted.length > 0; });
      });
      count.textContent = wanted.length ? say('rows_of', { shown: seen, total: units.length }) : '';
      return wanted.length > 0;
    }
    function csv() {
      var columns = heads.map(function (th, i) {
        var all = units.filter(function (u) { return !u.out; }).map(function (u) { return cell(u, i); });
        return { name: main(th), on: all.some(function (c) { return c && main(c); }), more: all.some(function (c) { return c && aside(c); }) };
      });
      var grouped = groups.some(function (g) { return g.head; });
      var names = grouped ? [say('csv_group')] : [], lines = [names];
      columns.forEach(function (c) {
        if (c.on) { names.push(c.name); }
        if (c.more) { names.push(c.name + ', ' + say('csv_doubt')); }
      });
      groups.forEach(function (g) {
        var line = function (tr) {
          if (tr.hidden) { return; }
          var out = grouped ? [g.head ? reading(g.head, '.vh') : ''] : [];
          columns.forEach(function (c, i) {
            var td = tr.cells[i];
            if (c.on) { out.push(td ? main(td) : ''); }
            if (c.more) { out.push(td ? aside(td) : ''); }
          });
          lines.push(out);
        };
        g.units.forEach(function (u) { u.rows.forEach(line); });
        g.end.forEach(line);
      });
      return { text: lines.map(function (l) { return l.map(field).join(','); }).join('\r\n') + '\r\n', rows: lines.length - 1 };
    }

    if (units.length > 1) {
      var label = make('label', 'find', tools), hint = make('span', 'vh', label);
      find = make('input', '', label);
      find.type = 'search';
      find.addEventListener('input', function () { filter(); status.textContent = count.textContent; });
      heads.forEach(function (th, i) {
        if (keysOf(i).empty || !main(th)) { return; }
        var b = make('button', 'sort');
        b.type = 'button';
        [].slice.call(th.childNodes).forEach(function (n) { if (n.nodeType !== 1 || !n.matches('.doubt, .what')) { b.appendChild(n); } });
        th.prepend(b);
        th.setAttribute('aria-sort', 'none');
        b.addEventListener('click', function () { press(i); });
      });
      if (table.classList.contains('cards')) { // without a head there is nothing to press: the same orders as a list
        pick = make('select', 'pick', tools);
        pick.addEventListener('change', function () { sort(pick.value === '' ? -1 : parseInt(pick.value, 10), pick.value.slice(-1) === '-'); told(); });
      }
    }
    var count = make('span', 'count', tools), asCSV = make('button', '', tools), asSQL = table.dataset.sql ? make('button', '', tools) : null;
    asCSV.type = 'button';
    asCSV.addEventListener('click', function () { var out = csv(); copy(out.text, function () { copied(asCSV, say('copied_csv', { rows: out.rows })); }); });
    if (asSQL) {
      asSQL.type = 'button';
      asSQL.addEventListener('click', function () { copy(table.dataset.sql, function () { copied(asSQL, say('copied_sql')); }); });
    }

    return { table: table, sort: sort, keys: keysOf, csv: csv, relabel: function () {
      var names = heads.map(main);
      asCSV.textContent = say('csv');
      asCSV.title = say('csv_title');
      if (asSQL) { asSQL.textContent = say('sql'); asSQL.title = say('sql_title'); }
      if (find) { hint.textContent = say('find'); find.placeholder = say('find'); filter(); }
      if (pick) {
        while (pick.firstChild) { pick.firstChild.remove(); }
        pick.setAttribute('aria-label', say('sort_by'));
        var option = function (value, text) { var o = make('option', '', pick); o.value = value; o.textContent = text; };
        option('', say('sort_by'));
        heads.forEach(function (th, i) { if (th.querySelector('.sort')) { option(i + '+', names[i] + ' ↑'); option(i + '-', names[i] + ' ↓'); } });
        pick.value = order.column < 0 ? '' : order.column + (order.down ? '-' : '+');
      }
      if (table.classList.contains('cards')) {
        [].forEach.call(table.tBodies, function (body) {
          [].forEach.call(body.rows, function (tr) { [].forEach.call(tr.cells, function (c, i) { if (c.tagName === 'TD' && names[i]) { c.dataset.label = names[i]; } }); });
        });
      }
    } };
  }

  document.querySelectorAll('.copy').forEach(function (b) {
    b.addEventListener('click', function () { copy(b.parentElement.querySelector('code').textContent, function () { copied(b, say('copied_sql')); }); });
  });

  // A question mark shows what the glossary says, and leads there.
  var note = make('div', 'explained', document.body);
  note.hidden = true;
  note.setAttribute('aria-hidden', 'true'); // the link itself leads to the same words
  function explain(e) {
    var a = e.target.closest && e.target.closest('a.what'), word = a && document.getElementById(a.hash.slice(1));
    note.hidden = !word;
    if (!word) { return; }
    note.textContent = '';
    make('b', '', note).textContent = reading(word, '.vh');
    [].forEach.call(word.nextElementSibling.cloneNode(true).childNodes, function (n) { note.appendChild(n); });
    var at = a.getBoundingClientRect(), room = document.documentElement.clientWidth;
    note.style.left = Math.max(8, Math.min(at.left, room - note.offsetWidth - 8)) + 'px';
    note.style.top = (at.bottom + note.offsetHeight + 12 < window.innerHeight ? at.bottom + 6 : Math.max(8, at.top - note.offsetHeight - 6)) + 'px';
  }
  ['mouseover', 'focusin'].forEach(function (kind) { document.addEventListener(kind, explain); });
  document.addEventListener('keydown', function (e) { if (e.key === 'Escape') { note.hidden = true; } });
  window.addEventListener('scroll', function () { note.hidden = true; }, { passive: true });

  // A link to a hypothesis opens it.
  function openTarget() {
    var t = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    for (var d = t; d; d = d.parentElement) { if (d.tagName === 'DETAILS') { d.open = true; } }
    if (t) { t.scrollIntoView(); }
  }
  window.addEventListener('hashchange', openTarget);

  var here = document.querySelectorAll('.toc a');
  if ('IntersectionObserver' in window) {
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (e) {
        if (e.isIntersecting) { here.forEach(function (a) { a.classList.toggle('here', a.hash === '#' + e.target.id); }); }
      });
    }, { rootMargin: '-10% 0px -80% 0px' });
    document.querySelectorAll('main section').forEach(function (s) { seen.observe(s); });
  }

  function plotAll() {
    document.querySelectorAll('.chart').forEach(function (box, i) {
      var data = packed.charts[i];
      if (!data) { box.remove(); return; } // a picture that could not be made: its table stays open
      var canvas = make('div', '', box);
      canvas.style.cssText = 'width:100%;height:100%';
      if (data.tall) { box.style.cssText = 'aspect-ratio:auto;min-height:0;height:' + (110 + 27 * data.y.length) + 'px'; }
      charts.push({ box: box, data: data, plot: echarts.init(canvas, null, { renderer: 'svg' }) });
    });
    document.querySelectorAll('details.table:not(.keep)').forEach(function (d) { if (d.parentElement.querySelector('.chart')) { d.open = false; } });
  }

  Promise.all([unpack('packed'), unpack('library')]).then(function (blocks) {
    packed = JSON.parse(blocks[0]);
    var library = document.createElement('script'); // runs at once: the page's policy knows its hash
    library.textContent = blocks[1];
    document.head.appendChild(library);
    root.classList.add('js'); // until here the page was one without script
    equipAll();
    plotAll();
    var wanted = new URLSearchParams(location.search).get('lang');
    setLang(wanted === 'ru' || wanted === 'en' ? wanted : root.lang);
    document.querySelectorAll('.switch button').forEach(function (b) { b.addEventListener('click', function () { setLang(b.dataset.lang); }); });
    openTarget();
    var later;
    window.addEventListener('resize', function () { clearTimeout(later); later = setTimeout(redraw, 120); });
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    // Everything is unfolded on paper, and folded again afterwards.
    var folded = [];
    window.addEventListener('beforeprint', function () {
      if (root.classList.contains('paper')) { return; }
      folded = [].filter.call(document.querySelectorAll('details:not([open])'), function (d) { return !d.classList.contains('sql'); });
      folded.forEach(function (d) { d.open = true; });
      root.classList.add('paper'); // light, and as wide as a page
      redraw();
    });
    window.addEventListener('afterprint', function () { folded.forEach(function (d) { d.open = false; }); root.classList.remove('paper'); redraw(); });
    root.classList.add('ready');
  });
})();
