/* Shows what stands behind "#" in the address of this page, as text and nothing else: where a link leads ("outside"),
   or the page on which somebody found a mistake ("page"). It goes nowhere by itself. */
(function () {
  'use strict';
  var box = document.querySelector('[data-fragment]');
  var without = document.querySelector('[data-without]');
  var go = document.querySelector('[data-go]');
  var mail = document.querySelector('[data-mail]');
  var subject = mail && mail.getAttribute('href');

  function read() {
    var text;
    try {
      text = decodeURIComponent(location.hash.slice(1));
      if (box.dataset.fragment === 'outside') return readOutside(text);
      return readPage(text);
    } catch (error) {
      return null;
    }
  }

  // A name before the host would make the address look like another's.
  function readOutside(text) {
    var url = new URL(text);
    return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null;
  }

  function readPage(text) {
    var root = new URL(box.dataset.root, location.href);
    var url = new URL(text, root);
    return text && url.href.indexOf(root.href) === 0 ? url.href : null;
  }

  function show() {
    var address = read();
    box.hidden = !address;
    if (without) without.hidden = Boolean(address);
    if (go) go.removeAttribute('href');
    if (!address) return;
    box.querySelector('[data-address]').textContent = address;
    if (go) {
      go.href = address;
      go.rel = 'noopener noreferrer';
      go.referrerPolicy = 'no-referrer';
    }
    if (mail) mail.href = subject + '&body=' + encodeURIComponent('出错的网页：' + address + '\n');
  }

  show();
  addEventListener('hashchange', show);
})();
