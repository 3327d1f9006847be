/* The filter of the policy library reaches the years that its front page does not show: their pages are read when
   somebody asks, and hold the same items. static/filter.js asks by its event "filter". */
(function () {
  'use strict';
  var form = document.querySelector('form[data-total]');
  if (!form || !window.fetch || !window.DOMParser || !window.Promise) return;
  var list = document.getElementById(form.dataset.filter);
  var departments = form.elements.department;
  var found = document.createElement('ol');
  var pages = {};
  var last;

  function addDepartment(name) {
    var known = Array.from(departments.options).some(function (option) { return option.value === name; });
    if (!known) departments.add(new Option(name));
  }

  /* The items of a page and of the pages that it is divided into, each once. */
  function load(address) {
    if (!pages[address]) {
      pages[address] = fetch(address).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      }).then(function (text) {
        var page = new DOMParser().parseFromString(text, 'text/html');
        var items = Array.from(page.querySelectorAll('[data-item]')).map(function (element) {
          addDepartment(element.dataset.department);
          return document.importNode(element, true);
        });
        // Of a parsed text, links know no address of their own page.
        var parts = Array.from(page.querySelectorAll('a[data-part]')).map(function (link) {
          return load(new URL(link.getAttribute('href'), address).href);
        });
        return Promise.all(parts).then(function (more) { return more.reduce(join, items); });
      });
      pages[address].catch(function () { delete pages[address]; });
    }
    return pages[address];
  }

  function join(one, other) { return one.concat(other); }

  function loadYears(year) {
    var links = Array.from(document.querySelectorAll('a[data-year]')).filter(function (link) {
      return !year || link.dataset.year === year;
    });
    return Promise.all(links.map(function (link) { return load(link.href); })).then(function (years) {
      return years.reduce(join, []);
    });
  }

  function show(items, detail) {
    var fitting = items.filter(function (item) {
      var text = (item.dataset.text || '') + ' ' + item.textContent;
      return detail.fits({text: detail.fold(text), values: item.dataset});
    });
    found.textContent = '';
    fitting.forEach(function (item) { found.appendChild(item); });
    list.hidden = true;
    found.hidden = fitting.length === 0;
    detail.tell(fitting.length ? '共 ' + fitting.length + ' 份文件' : '没有找到，请换个词，或少选一个条件。');
  }

  form.addEventListener('filter', function (event) {
    var detail = last = event.detail;
    event.preventDefault();
    if (!detail.asked) {
      list.hidden = false;
      found.hidden = true;
      detail.tell('共 ' + form.dataset.total + ' 份文件，先列出最新的 ' + list.querySelectorAll('[data-item]').length + ' 份');
      return;
    }
    detail.tell('正在查找往年的文件…');
    loadYears(form.elements.year.value).then(function (items) {
      if (detail === last) show(items, detail);
    }, function () {
      if (detail === last) detail.tell('没有取到往年的文件，请检查网络后再试，或者按年份查看。');
    });
  });
  form.addEventListener('focusin', function () { loadYears('').catch(function () {}); }, {once: true});

  found.className = 'group documents';
  found.hidden = true;
  list.parentNode.insertBefore(found, list.nextSibling);
  // An address that somebody passed on may name a department of former years.
  var asked = new URL(location.href).searchParams.get('department');
  if (asked) addDepartment(asked);
})();
