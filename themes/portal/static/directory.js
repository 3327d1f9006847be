/* The search over a directory of many pages: all accounts, from the file data-table of the form, read at first use.

   {"fields": ["id", "name", …, "text"], "tables": {"kind": ["市级部门", …], …}, "rows": [["rsj", …], …]}: a field with a
   table has the number of its entry there. What is found is written by the template within #found into its list. */
(function () {
  'use strict';
  var MOST = 100;
  var SOUGHT = ['name', 'organization', 'kind', 'region', 'platform', 'text'];
  var form = document.querySelector('form[data-table]');
  var list = document.getElementById('accounts');
  var found = document.getElementById('found');
  var rows = found.querySelector('ul');
  var items = null;
  var asking = false;
  var failed = false;

  function read(table, fold) {
    return table.rows.map(function (row) {
      var values = {};
      table.fields.forEach(function (name, at) {
        values[name] = table.tables[name] ? table.tables[name][row[at]] : row[at];
      });
      return {values: values, text: fold(SOUGHT.map(function (name) { return values[name]; }).join(' '))};
    });
  }

  function write(values) {
    var row = document.importNode(found.querySelector('template').content, true).firstElementChild;
    row.querySelectorAll('[data-field]').forEach(function (place) {
      place.textContent = values[place.dataset.field];
      place.hidden = !place.textContent;
    });
    row.querySelector('.avatar').classList.add(values.hue);
    row.querySelector('a').href = encodeURIComponent(values.id) + '/index.html';
    return row;
  }

  function load(detail) {
    detail.tell('正在读取全部账号…');
    if (asking) return;
    asking = true;
    fetch(form.dataset.table).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (table) { items = read(table, detail.fold); }).catch(function () { failed = true; }).then(function () {
      form.dispatchEvent(new Event('change'));
      if (failed) form.querySelector('output').textContent += '（没能读到全部账号，只在本页里找）';
    });
  }

  form.addEventListener('filter', function (event) {
    var detail = event.detail;
    list.hidden = detail.asked && !failed;
    found.hidden = !list.hidden;
    rows.textContent = '';
    // Without the file, what stands on the page is filtered.
    if (failed) return;
    event.preventDefault();
    if (!detail.asked) {
      detail.tell('共 ' + form.dataset.total + ' 个账号');
    } else if (items) {
      var fitting = items.filter(detail.fits);
      fitting.slice(0, MOST).forEach(function (item) { rows.appendChild(write(item.values)); });
      found.hidden = !fitting.length;
      detail.tell(!fitting.length ? '没有找到，请换个词，或少选一个条件。' : '共 ' + fitting.length + ' 个账号' +
        (fitting.length > MOST ? '，这里是前 ' + MOST + ' 个' : ''));
    } else {
      found.hidden = true;
      load(detail);
    }
  });
})();
