/* Lists that are filtered while one types. ES2017, as WebViews of old phones know no more.

   <form class="filter later" data-filter="ID" data-unit="份文件">   shown once this runs
     <input type="search" name="q">  <select name="year">…</select>  <output></output>
   <ul id="ID">  [data-group] > [data-item data-text="…" data-year="2026"]   several values: "a|b"

   All words must occur in an item's data-text or its own words. The state is in the address. Whoever has more items
   than the page listens for "filter" on the form and prevents what would be done here; its detail is `asked`,
   `fold(text)`, `fits({text, values})` and `tell(text)`. */
(function () {
  'use strict';

  function fold(text) {
    // Input methods part syllables by an apostrophe.
    return (text.normalize ? text.normalize('NFKC') : text).toLowerCase().replace(/['’]/g, '').replace(/ü/g, 'v');
  }

  function start(form) {
    var list = document.getElementById(form.dataset.filter);
    var output = form.querySelector('output');
    var fields = Array.from(form.querySelectorAll('[name]'));
    var unit = form.dataset.unit || '项';
    var timer = 0;
    var items = Array.from(list.querySelectorAll('[data-item]')).map(function (element) {
      var text = fold((element.dataset.text || '') + ' ' + element.textContent);
      return {element: element, values: element.dataset, text: text};
    });

    function tell(text) {
      if (output) output.textContent = text;
    }

    function show() {
      var words = [];
      var chosen = [];
      fields.forEach(function (field) {
        if (field.name === 'q') words = fold(field.value).split(/\s+/).filter(Boolean);
        else if (field.value) chosen.push(field);
      });
      function fits(item) {
        return words.every(function (word) { return item.text.indexOf(word) >= 0; }) && chosen.every(function (field) {
          return (item.values[field.name] || '').split('|').indexOf(field.value) >= 0;
        });
      }
      var detail = {asked: words.length + chosen.length > 0, fold: fold, fits: fits, tell: tell};
      if (!form.dispatchEvent(new CustomEvent('filter', {detail: detail, cancelable: true}))) return;
      var count = items.filter(function (item) {
        item.element.hidden = !fits(item);
        return !item.element.hidden;
      }).length;
      list.querySelectorAll('[data-group]').forEach(function (group) {
        group.hidden = !group.querySelector('[data-item]:not([hidden])');
      });
      tell(count ? '共 ' + count + ' ' + unit : '没有找到，请换个词，或少选一个条件。');
    }

    function keep() {
      var address = new URL(location.href);
      fields.forEach(function (field) {
        var value = field.value.trim();
        if (value) address.searchParams.set(field.name, value);
        else address.searchParams.delete(field.name);
      });
      history.replaceState(history.state, '', address.href);
    }

    function change() {
      show();
      // Safari refuses more than a hundred states in half a minute.
      clearTimeout(timer);
      timer = setTimeout(keep, 300);
    }

    var known = new URL(location.href).searchParams;
    fields.forEach(function (field) {
      if (known.get(field.name)) field.value = known.get(field.name);
      if (field.selectedIndex < 0) field.selectedIndex = 0;
    });
    form.addEventListener('input', change);
    form.addEventListener('change', change);
    // The fields are emptied after the event.
    form.addEventListener('reset', function () { setTimeout(change); });
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      // Closes the keyboard of a phone.
      document.activeElement.blur();
    });
    form.classList.remove('later');
    show();
  }

  document.querySelectorAll('form[data-filter]').forEach(start);
})();
