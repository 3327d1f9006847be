// The element that has the focus: its number, and how many pixels wide the ring is that shows it.
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ringOf = element => {
    const style = getComputedStyle(element);
    return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
  };
  const near = [one, one.closest('label'), one.parentElement].filter(Boolean);
  const ring = Math.max(...near.map(ringOf));
  return {number: window.numbered.get(one), ring, html: one.outerHTML.slice(0, 120)};
}
