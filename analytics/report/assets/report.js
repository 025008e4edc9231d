// The page's script: language switch, charts, copying a query. It decides nothing: words and numbers come ready from the page, and
// user names reach the DOM as text nodes only.
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');
  var charts = [];

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
      o.series.push({ name: name, type: 'line', color: colour, itemStyle: { color: colour }, lineStyle: { width: 2, color: colour }, symbol: 'circle', z: 3, clip: false,
        symbolSize: function (v, p) { return l.big && l.big[p.dataIndex] ? 14 : 6; }, data: l.value });
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
    document.querySelectorAll('.switch button').forEach(function (b) { b.setAttribute('aria-pressed', String(b.dataset.lang === root.lang)); });
    redraw();
  }

  document.querySelectorAll('.chart').forEach(function (box) {
    var data = JSON.parse(box.querySelector('script').textContent);
    var canvas = document.createElement('div');
    canvas.style.cssText = 'width:100%;height:100%';
    if (data.tall) { box.style.cssText = 'aspect-ratio:auto;min-height:0;height:' + (110 + 27 * data.y.length) + 'px'; }
    box.appendChild(canvas);
    charts.push({ box: box, data: data, plot: echarts.init(canvas, null, { renderer: 'svg' }) });
  });
  document.querySelectorAll('details.table:not(.keep)').forEach(function (d) { if (d.parentElement.querySelector('.chart')) { d.open = false; } });
  document.querySelectorAll('.switch button').forEach(function (b) { b.addEventListener('click', function () { setLang(b.dataset.lang); }); });
  document.querySelectorAll('.copy').forEach(function (b) {
    b.addEventListener('click', function () {
      var code = b.parentElement.querySelector('code');
      var done = function () { b.classList.add('ok'); setTimeout(function () { b.classList.remove('ok'); }, 1500); };
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(code.textContent).then(done, function () { getSelection().selectAllChildren(code); });
      } else {
        getSelection().selectAllChildren(code);
      }
    });
  });

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

  var wanted = new URLSearchParams(location.search).get('lang');
  setLang(wanted === 'ru' || wanted === 'en' ? wanted : root.lang);
  openTarget();
  var later;
  window.addEventListener('resize', function () { clearTimeout(later); later = setTimeout(redraw, 120); });
  window.addEventListener('beforeprint', function () { document.querySelectorAll('details').forEach(function (d) { d.open = true; }); redraw(); });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
})();
