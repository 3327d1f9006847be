// The element that has the focus: its number, and how many pixels wide the ring is that shows it.
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ringOf = style => style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
  // A card shows it around all of itself; the switch for large type stands elsewhere, as its label.
  const label = one.labels && one.labels[0];
  const styles = [getComputedStyle(one), getComputedStyle(one, '::after'), ...(label ? [getComputedStyle(label)] : [])];
  const ring = Math.max(...styles.map(ringOf));
  return {number: window.numbered.get(one), ring, html: one.outerHTML.slice(0, 120)};
}
