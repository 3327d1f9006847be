// What script adds to pages that work without it. ES2017, for old phones; nothing here is needed to read or to move on.
(function () {
  'use strict';
  const root = document.documentElement;

  function find(selector) {
    return Array.from(document.querySelectorAll(selector));
  }

  function show(element) {
    element.classList.remove('later');
  }

  // --- large type: remembered; private windows refuse to, and that is no harm --------------------------------
  function rememberLargeType() {
    const box = document.getElementById('large-type');
    try {
      if (localStorage.getItem('large-type') === '1') box.checked = true;
    } catch (refused) { /* the box works all the same */ }
    box.addEventListener('change', function () {
      try {
        localStorage.setItem('large-type', box.checked ? '1' : '0');
      } catch (refused) { /* as above */ }
      frameWideTables();
    });
  }

  // --- menus: one open at a time, closed by Escape and by a click elsewhere ----------------------------------
  function tameMenus() {
    const menus = find('.menu details');
    function closeOthers(kept) {
      menus.forEach(function (menu) { if (menu !== kept) menu.open = false; });
    }
    menus.forEach(function (menu) {
      menu.addEventListener('toggle', function () { if (menu.open) closeOthers(menu); });
    });
    document.addEventListener('click', function (event) { closeOthers(event.target.closest('.menu details')); });
    document.addEventListener('keydown', function (event) {
      const open = menus.find(function (menu) { return menu.open; });
      if (event.key !== 'Escape' || !open) return;
      if (open.contains(document.activeElement)) open.querySelector('summary').focus();
      closeOthers(null);
    });
  }

  // --- copying addresses --------------------------------------------------------------------------------------
  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    // Sites without https, and WeChat of old.
    const area = document.createElement('textarea');
    area.value = text;
    area.readOnly = true;
    area.className = 'unseen';
    document.body.appendChild(area);
    area.select();
    area.setSelectionRange(0, text.length);
    const done = document.execCommand('copy');
    document.body.removeChild(area);
    return done ? Promise.resolve() : Promise.reject(new Error('copying is refused'));
  }

  function tell(button, words) {
    const former = button.dataset.words || button.textContent;
    button.dataset.words = former;
    button.textContent = words;
    announce(words);
    setTimeout(function () { button.textContent = former; }, 2500);
  }

  function announce(words) {
    let region = document.getElementById('told');
    if (!region) {
      region = document.createElement('p');
      region.id = 'told';
      region.className = 'unseen';
      region.setAttribute('role', 'status');
      document.getElementById('main').appendChild(region);
    }
    // A region that was added a moment ago is not heard yet.
    setTimeout(function () { region.textContent = words; }, 100);
  }

  function findAddress() {
    const canonical = document.querySelector('link[rel=canonical]');
    return canonical ? canonical.href : location.href;
  }

  function offerCopying() {
    find('[data-copy]').forEach(function (button) {
      button.addEventListener('click', function () {
        copyText(button.dataset.copy || findAddress()).then(
          function () { tell(button, '已复制'); },
          function () { tell(button, '请手动复制'); }
        );
      });
      show(button);
    });
  }

  function offerSharing() {
    find('[data-share]').forEach(function (button) {
      button.hidden = !navigator.share;
      button.addEventListener('click', function () {
        navigator.share({ title: document.title, url: findAddress() }).catch(function () { /* closed by the reader */ });
      });
    });
  }

  function offerPrinting() {
    find('[data-print]').forEach(function (button) {
      button.addEventListener('click', function () { window.print(); });
    });
  }

  // --- reading aloud: sentence by sentence, as some browsers fall silent after 15 seconds of one text ----------
  const SENTENCE = /[^。！？；!?;\n]+[。！？；!?;\n]*/g;
  const LONGEST = 120;

  function listSentences() {
    const parts = find('article h1, article .brief h2, article .brief .gist, article .brief div, article .body');
    return parts.reduce(function (all, part) {
      return all.concat(part.innerText.match(SENTENCE) || []);
    }, []).reduce(function (all, sentence) {
      for (let at = 0; at < sentence.length; at += LONGEST) all.push(sentence.slice(at, at + LONGEST).trim());
      return all;
    }, []).filter(Boolean);
  }

  function findVoice() {
    return speechSynthesis.getVoices().find(function (voice) { return /^(zh|cmn)/i.test(voice.lang); });
  }

  function offerReading(play, stop) {
    if (!('speechSynthesis' in window && 'SpeechSynthesisUtterance' in window)) {
      play.hidden = true;
      return;
    }
    let sentences = [];
    let next = 0;
    let current = null;

    function rest(words) {
      current = null;
      speechSynthesis.cancel();
      play.textContent = words;
      play.setAttribute('aria-pressed', 'false');
    }
    function finish() {
      rest('听全文');
      next = 0;
      stop.hidden = true;
    }
    function speak() {
      if (next >= sentences.length) {
        finish();
        return;
      }
      const utterance = new SpeechSynthesisUtterance(sentences[next]);
      utterance.lang = 'zh-CN';
      utterance.voice = findVoice() || null;
      utterance.onend = function () {
        if (current !== utterance) return;
        next += 1;
        speak();
      };
      utterance.onerror = function () {
        if (current !== utterance) return;
        finish();
        tell(play, '这里不能朗读');
      };
      // Kept here, too: a browser may throw away what nobody holds, and its end would never come.
      current = utterance;
      speechSynthesis.speak(utterance);
    }
    play.addEventListener('click', function () {
      if (current) {
        // Not speechSynthesis.pause(), which Android takes for an end.
        rest('继续听');
        return;
      }
      if (!next) sentences = listSentences();
      rest('暂停');
      play.setAttribute('aria-pressed', 'true');
      stop.hidden = false;
      speak();
    });
    stop.addEventListener('click', function () {
      finish();
      play.focus();
    });
    window.addEventListener('pagehide', finish);
  }

  function offerTools() {
    find('.tools').forEach(function (tools) {
      offerReading(tools.querySelector('[data-speak]'), tools.querySelector('[data-stop]'));
      show(tools);
    });
  }

  // --- tables that are wider than the page: reached and moved by keyboard ---------------------------------------
  function frameWideTables() {
    find('.body table').forEach(function (table) {
      const framed = table.parentNode.classList.contains('scroll');
      if (framed || table.scrollWidth <= table.clientWidth) return;
      const frame = document.createElement('div');
      frame.className = 'scroll';
      frame.tabIndex = 0;
      frame.setAttribute('role', 'group');
      frame.setAttribute('aria-label', '表格，可以左右滑动');
      table.parentNode.insertBefore(frame, table);
      frame.appendChild(table);
    });
  }

  if (/MicroMessenger/i.test(navigator.userAgent)) root.classList.add('wechat');
  rememberLargeType();
  tameMenus();
  offerCopying();
  offerSharing();
  offerPrinting();
  offerTools();
  frameWideTables();
}());
