/* A link to another's site leads by way of the page that asks. Without this script it is a plain link with a mark. */
(function () {
  'use strict';
  var settings = document.currentScript.dataset;
  var trusted = settings.trusted.split(' ');

  function isOurs(host) {
    return host === location.hostname || trusted.some(function (name) {
      return ('.' + host).slice(-name.length - 1) === '.' + name;
    });
  }

  function lead(event) {
    var link = event.target.closest && event.target.closest('a[href]');
    if (!link || !/^https?:$/.test(link.protocol) || isOurs(link.hostname) || link.hasAttribute('data-go')) return;
    var address = link.getAttribute('href');
    // For this one step: what is copied or printed stays the link's own address.
    link.href = settings.page + '#' + encodeURIComponent(link.href);
    setTimeout(function () { link.setAttribute('href', address); });
  }

  document.addEventListener('click', lead);
  document.addEventListener('auxclick', lead);
})();
