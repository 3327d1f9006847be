/* Finds what is in the channel, in the reader's browser, from the files below search/ beside this page.
   How words become grams and grams become files is in aggregator/plugins/stories/search: both must do it alike.
   ES2017, as old WebViews have no more. */
(function () {
  'use strict';

  var FIRST = 10;        // results shown at once
  var NEXT = 20;         // and more at each press
  var GRAMS = 5;         // pairs of characters asked for: what they cannot tell apart, the words themselves do
  var PARTS = 8;         // parts of the index asked at once, the newest first
  var EXCERPT = 90;      // characters of an excerpt
  var BEFORE = 24;       // of them before the first word found
  var BLANK = '\x01';
  // Traditional characters that stand in GB 2312 all the same.
  var TRADITIONAL_TOO = '乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽';
  var MARKS = /[\x00-/:-@[-`{-\xbf\u2000-\u2bff\u3000-\u3006\u3008-\u3020\u3030\u30fb\ufe10-\ufe6f\uff00-\uffff]/g;
  var SPACES = /[ \t\xa0\u2000-\u200f\u202f\u2060\u3000\ufeff]/;
  var FACETS = ['department', 'column', 'validity'];
  var NAMES = ['q', 'department', 'column', 'year', 'validity', 'sort'];

  var form = document.getElementById('search');
  var found = document.getElementById('found');
  var list = document.getElementById('results');
  var more = document.getElementById('more');
  var ways = document.getElementById('ways');
  var files = {};        // address -> promise of what it holds
  var folds = {};        // character -> how it is compared
  var search = null;     // the one whose results are shown

  /* Texts --------------------------------------------------------------------------------------------------- */

  function foldCharacter(one) {
    if (SPACES.test(one)) return BLANK;
    return one.normalize('NFKC').toLowerCase().replace(MARKS, ' ');
  }

  /* The text as it is compared, and where in the text each of its characters stands. */
  function fold(text) {
    var out = [], at = [], gap = false, blank = false, last = '';
    for (var i = 0; i < text.length; i++) {
      var one = text[i];
      var folded = folds[one] || (folds[one] = foldCharacter(one));
      for (var j = 0; j < folded.length; j++) {
        var unit = folded[j];
        if (unit === BLANK) { blank = true; continue; }
        if (unit === ' ') { gap = true; continue; }
        if (gap || (blank && /[0-9a-z]/.test(last) && /[0-9a-z]/.test(unit))) { out.push(' '); at.push(i); }
        gap = blank = false;
        out.push(unit); at.push(i); last = unit;
      }
    }
    return { text: out.join(''), at: at };
  }

  /* Words of a query, each the list of pieces between its marks: 国发〔2026〕3号 has three. Quotes hold one together. */
  function readWords(query) {
    var words = [], pattern = /["“”「『]([^"“”」』]*)["“”」』]|[^\s"“”「『]+/g, match;
    while ((match = pattern.exec(query))) {
      var pieces = fold(match[1] === undefined ? match[0] : match[1]).text.split(' ').filter(Boolean);
      if (pieces.length) words.push(pieces);
    }
    return words;
  }

  /* Where the words stand in a folded text: [start, end] each; null if one is missing. */
  function locate(words, text) {
    var spots = [];
    for (var i = 0; i < words.length; i++) {
      var pattern = new RegExp(words[i].join(' ?'), 'g'), match, missing = true;
      while ((match = pattern.exec(text))) {
        spots.push([match.index, match.index + match[0].length]);
        missing = false;
      }
      if (missing) return null;
    }
    return spots.sort(function (a, b) { return a[0] - b[0]; });
  }

  /* Simplified characters for what is typed in Traditional ones. The table is loaded if there may be one. */
  async function simplify(query) {
    if (!mayBeTraditional(query)) return query;
    var table = await load('traditional.json', 'json');
    return query.normalize('NFKC').replace(/[\u3400-\u9fff]/g, function (one) {
      var index = table[0].indexOf(one);
      return index < 0 ? one : table[1][index];
    });
  }

  function mayBeTraditional(query) {
    var known = listKnown();
    return (query.normalize('NFKC').match(/[\u3400-\u9fff]/g) || []).some(function (one) {
      return TRADITIONAL_TOO.indexOf(one) >= 0 || known.indexOf(one) < 0;
    });
  }

  /* The Han characters of GB 2312, all of them Simplified but for a few: browsers have them in a table. */
  function listKnown() {
    if (listKnown.characters === undefined) {
      var bytes = [];
      for (var row = 0xb0; row < 0xf8; row++) for (var cell = 0xa1; cell < 0xff; cell++) bytes.push(row, cell);
      listKnown.characters = window.TextDecoder ? new TextDecoder('gbk').decode(new Uint8Array(bytes)) : '';
    }
    return listKnown.characters;
  }

  /* Files --------------------------------------------------------------------------------------------------- */

  function load(path, kind) {
    if (!files[path]) {
      // Always asked for: a file that the index no longer fits would find something else.
      files[path] = fetch('search/' + path, { cache: 'no-cache' }).then(function (answer) {
        if (answer.status === 404) return null;
        if (!answer.ok) throw new Error(String(answer.status));
        return kind === 'json' ? answer.json() : kind === 'text' ? answer.text() : answer.arrayBuffer();
      });
      files[path].catch(function () { delete files[path]; });
    }
    return files[path];
  }

  function hash(gram) {
    var sum = -1;
    for (var i = 0; i < gram.length; i++) {
      var unit = gram.charCodeAt(i);
      for (var part = 0; part < 2; part++) {
        sum ^= part ? unit >> 8 : unit & 255;
        for (var bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
      }
    }
    return (sum ^ -1) >>> 0;
  }

  /* The pairs of characters to ask for, spread over the words. A lone character is only known of titles. */
  function chooseGrams(words) {
    var grams = [], lone = [];
    words.forEach(function (pieces) {
      pieces.forEach(function (piece) {
        if (piece.length < 2) { lone.push(piece); return; }
        for (var i = 0; i < piece.length - 1; i += 2) grams.push(piece.substr(i, 2));
        if (piece.length % 2) grams.push(piece.substr(-2));
      });
    });
    grams = grams.filter(function (gram, index) { return grams.indexOf(gram) === index; });
    if (!grams.length) return { grams: lone, lone: true };
    while (grams.length > GRAMS) {
      // Those in the middle first: names and numbers stand at the ends.
      grams.splice(grams.length >> 1, 1);
    }
    return { grams: grams, lone: false };
  }

  /* Bits for each article of a part: 1 where a gram is in its words, 2 where it is in its title. */
  async function lookUp(part, gram, lone) {
    var number = hash(gram), shard = await load(part[0] + '/' + (number & part[1] - 1) + '.bin');
    var bits = new Uint8Array(part[2]), bytes = new Uint8Array(shard || 0), article = 0;
    var mark = (number >>> 24) % 255 + 1, mark2 = (number >>> 16 & 255) % 255 + 1;
    for (var i = 0; i < bytes.length; i++) {
      if (!bytes[i]) { article++; continue; }
      if (bytes[i] === mark && !lone) bits[article] |= 1;
      if (bytes[i] === mark2) bits[article] |= lone ? 3 : 2;
    }
    return bits;
  }

  /* What may be a result in one part: [part, number, in the title], the newest first. */
  async function findInPart(part, asked) {
    var found = await Promise.all(asked.grams.map(function (gram) { return lookUp(part, gram, asked.lone); }));
    var facets = await Promise.all(asked.facets.map(function (facet) { return lookUp(part, facet, false); }));
    var results = [];
    for (var article = part[2] - 1; article >= 0; article--) {
      var bits = 3;
      for (var i = 0; i < found.length; i++) bits &= found[i][article];
      for (var j = 0; j < facets.length && bits & 1; j++) bits &= facets[j][article] & 1 ? 3 : 0;
      if (bits & 1) results.push([part, article, bits > 1]);
    }
    return results;
  }

  /* One search ---------------------------------------------------------------------------------------------- */

  function readChoices() {
    var choices = {};
    NAMES.forEach(function (name) { choices[name] = form.elements[name].value.trim(); });
    return choices;
  }

  async function begin(choices) {
    var mine = search = { choices: choices, waiting: [], shown: 0, seen: 0, results: [], words: [], lone: false };
    list.textContent = '';
    list.setAttribute('aria-busy', 'true');
    list.hidden = more.hidden = true;
    ways.hidden = false;
    document.title = (choices.q ? choices.q + ' - ' : '') + document.title.replace(/^.* - (?=搜索 - )/, '');
    if (!choices.q) { end(''); return; }
    tell('正在搜索…');
    try {
      var index = await load('index.json', 'json');
      mine.words = readWords(await simplify(choices.q));
      if (mine !== search) return;
      if (!index || !mine.words.length) { end(index ? '请输入要找的字或词。' : '本站还没有可以搜的内容。'); return; }
      var chosen = chooseGrams(mine.words);
      mine.lone = chosen.lone;
      mine.block = index.block;
      mine.asked = {
        grams: chosen.grams,
        lone: chosen.lone,
        facets: FACETS.filter(function (name) { return choices[name]; })
          .map(function (name) { return name + ':' + choices[name]; })
      };
      mine.waiting = index.parts.filter(function (part) { return !choices.year || part[0].indexOf(choices.year) === 0; });
      await showMore(mine, FIRST);
    } catch (error) {
      complain(mine);
    }
  }

  /* Show so many more results, and look into older parts if those at hand are not enough. */
  async function showMore(mine, wanted) {
    var fresh = [];
    list.setAttribute('aria-busy', 'true');
    more.hidden = true;
    while (fresh.length < wanted) {
      if (mine.seen >= mine.results.length) {
        if (!mine.waiting.length) break;
        await findMore(mine);
        if (mine !== search) return;
        continue;
      }
      var next = mine.results.slice(mine.seen, mine.seen + wanted - fresh.length);
      mine.seen += next.length;
      var read = await Promise.all(next.map(function (one) { return readResult(mine, one); }));
      if (mine !== search) return;
      fresh = fresh.concat(read.filter(Boolean));
    }
    mine.shown += fresh.length;
    fresh.forEach(function (one) { list.appendChild(one); });
    list.hidden = !mine.shown;
    ways.hidden = mine.shown > 0;
    more.hidden = mine.seen >= mine.results.length && !mine.waiting.length;
    more.textContent = mine.seen < mine.results.length ? '显示更多' : '查更早的';
    tellCount(mine);
    return fresh[0];
  }

  async function findMore(mine) {
    var parts = mine.waiting.slice(0, PARTS);
    var found = await Promise.all(parts.map(function (part) { return findInPart(part, mine.asked); }));
    mine.waiting = mine.waiting.slice(PARTS);
    var fresh = [].concat.apply([], found);
    if (mine.choices.sort !== 'date') {
      fresh = fresh.filter(function (one) { return one[2]; }).concat(fresh.filter(function (one) { return !one[2]; }));
    }
    mine.results = mine.results.concat(fresh);
  }

  async function readResult(mine, result) {
    var part = result[0], block = Math.floor(result[1] / mine.block);
    var names = await load(part[0] + '/ids' + block + '.txt', 'text');
    var name = (names || '').split('\n')[result[1] % mine.block];
    var story = name ? await load('s/' + name + '.json', 'json') : null;
    return story && isMeant(mine, story) ? makeResult(mine, name, story) : null;
  }

  /* Marks of grams may be others' by chance; the words themselves decide. */
  function isMeant(mine, story) {
    var choices = mine.choices;
    if (choices.column && story.column !== choices.column) return false;
    if (choices.department && (story.accounts || []).indexOf(choices.department) < 0) return false;
    if (choices.validity && story.validity !== choices.validity) return false;
    var plain = story.plain || [story.title, story.text || ''];
    story.foldedTitle = fold(plain[0]);
    story.foldedText = fold(plain[1]);
    if (mine.lone) return locate(mine.words, story.foldedTitle.text) !== null;
    var whole = [story.foldedTitle.text, fold((story.numbers || []).join('\n')).text, story.foldedText.text];
    return locate(mine.words, whole.join(' ')) !== null;
  }

  /* The page ------------------------------------------------------------------------------------------------ */

  function make(name, content, className) {
    var element = document.createElement(name);
    if (className) element.className = className;
    if (content) element.textContent = content;
    return element;
  }

  function makeResult(mine, name, story) {
    var item = make('li', '', 'card'), heading = make('h2'), link = make('a');
    link.href = 's/' + name + '.html';
    link.appendChild(highlight(mine, story.title, story.foldedTitle, 0, story.title.length));
    heading.appendChild(link);
    item.appendChild(heading);
    var text = story.text || '', spots = findAny(mine, story.foldedText);
    var start = spots.length ? Math.max(0, spots[0][0] - BEFORE) : 0, end = Math.min(text.length, start + EXCERPT);
    if (text) {
      var excerpt = make('p', '', 'excerpt');
      if (start) excerpt.appendChild(document.createTextNode('…'));
      excerpt.appendChild(highlight(mine, text, story.foldedText, start, end));
      if (end < text.length) excerpt.appendChild(document.createTextNode('…'));
      item.appendChild(excerpt);
    }
    var meta = make('p', '', 'meta'), time = make('time', story.date);
    time.dateTime = story.date;
    if (story.tag) meta.appendChild(make('span', story.tag, 'tag'));
    if (story.validity) meta.appendChild(make('span', story.validity, story.validity === '有效' ? 'tag green' : 'tag plain'));
    (story.numbers || []).slice(0, 1).forEach(function (number) { meta.appendChild(make('span', number)); });
    meta.appendChild(make('span', story.by));
    meta.appendChild(time);
    item.appendChild(meta);
    return item;
  }

  /* [start, end] in the text as it is, of each place where one of the words stands. */
  function findAny(mine, folded) {
    var spots = [];
    mine.words.forEach(function (word) {
      (locate([word], folded.text) || []).forEach(function (spot) {
        spots.push([folded.at[spot[0]], folded.at[spot[1] - 1] + 1]);
      });
    });
    return spots.sort(function (a, b) { return a[0] - b[0]; });
  }

  function highlight(mine, text, folded, start, end) {
    var shown = document.createDocumentFragment(), from = start;
    findAny(mine, folded).forEach(function (spot) {
      if (spot[0] < from || spot[1] > end) return;
      shown.appendChild(document.createTextNode(text.slice(from, spot[0])));
      shown.appendChild(make('mark', text.slice(spot[0], spot[1])));
      from = spot[1];
    });
    shown.appendChild(document.createTextNode(text.slice(from, end)));
    return shown;
  }

  function tell(words) { found.textContent = words; }

  function end(words) {
    tell(words);
    list.setAttribute('aria-busy', 'false');
  }

  function tellCount(mine) {
    var all = mine.seen >= mine.results.length && !mine.waiting.length, chosen = isFiltered(mine.choices);
    if (!mine.shown && all) {
      end('没有找到“' + mine.choices.q + '”。' + (chosen ? '可以把上面的部门、栏目、年份、有效性改成“全部”再试，' : '可以')
        + '换个说法或少打几个字，例如把“公积金怎么提取”改成“公积金 提取”。');
      return;
    }
    var number = mine.shown + mine.results.length - mine.seen;
    end((all ? '找到 ' : '找到约 ') + number + ' 条' + (mine.waiting.length ? '，更早的还没有查' : '')
      + (mine.shown < number ? '，下面是前 ' + mine.shown + ' 条' : '') + '。'
      + (mine.lone ? '只有一个字，只查标题；多打一个字就查全文。' : ''));
  }

  function isFiltered(choices) {
    return NAMES.some(function (name) { return name !== 'q' && name !== 'sort' && choices[name]; });
  }

  function complain(mine) {
    if (mine !== search) return;
    end('没有连上网络，搜索没有做完。请检查网络，再点一次“搜索”。');
    more.hidden = true;
    ways.hidden = false;
  }

  /* What the reader does ------------------------------------------------------------------------------------ */

  function writeAddress(choices) {
    var asked = new URLSearchParams();
    NAMES.forEach(function (name) { if (choices[name]) asked.set(name, choices[name]); });
    var query = asked.toString();
    return location.pathname + (query ? '?' + query : '');
  }

  function readAddress() {
    var asked = new URLSearchParams(location.search);
    NAMES.forEach(function (name) {
      var field = form.elements[name];
      field.value = asked.get(name) || '';
      // A choice that is not there any more is none.
      if (field.selectedIndex === -1) field.value = '';
    });
    begin(readChoices());
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    var choices = readChoices(), address = writeAddress(choices);
    if (address !== location.pathname + location.search) history.pushState(null, '', address);
    begin(choices);
  });
  form.addEventListener('change', function (event) {
    if (event.target.name === 'q') return;
    history.replaceState(null, '', writeAddress(readChoices()));
    begin(readChoices());
  });
  more.addEventListener('click', async function () {
    var mine = search, keyboard = document.activeElement === more;
    try {
      var first = await showMore(mine, NEXT);
      if (first && keyboard) first.querySelector('a').focus({ preventScroll: true });
    } catch (error) {
      complain(mine);
    }
  });
  window.addEventListener('popstate', readAddress);
  document.getElementById('no-script').hidden = true;
  readAddress();
}());
