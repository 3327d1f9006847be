// Numbers of all that a keyboard should reach, as they stand in the page; each element gets its number for focused.js.
() => {
  const all = document.querySelectorAll('a[href], button, summary, select, input, textarea, [tabindex="0"], audio[controls], video[controls]');
  const shown = [...all].filter(one =>
    !one.disabled && one.type !== 'hidden' && one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}));
  window.numbered = new Map(shown.map((one, number) => [one, number]));
  return shown.map((_, number) => number);
}
