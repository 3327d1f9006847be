// What can be tapped and is smaller than `least`: hit at its middle and as far from it as a finger may be.
// Half of it, less two: places are fractions of pixels. A link within a line of other text is left out (WCAG 2.2, 2.5.8, "Inline").
least => {
  const reach = least / 2 - 2;
  const isShown = one => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const isInline = one => {
    if (getComputedStyle(one).display !== 'inline') return false;
    const beside = one.parentElement.cloneNode(true);
    beside.querySelectorAll('a').forEach(link => link.remove());
    return beside.textContent.trim() !== '';
  };
  const hits = (one, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (one.contains(hit) || (hit.closest('label') && hit.closest('label').contains(one)));
  };
  const found = [];
  for (const one of document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden])')) {
    if (!isShown(one) || isInline(one)) continue;
    one.scrollIntoView({block: 'center', inline: 'center'});
    const target = one.matches('input') && one.closest('label') ? one.closest('label') : one;
    const box = target.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || box.right < 0 || box.bottom < 0) continue;
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    if (!hits(one, x, y)) continue;
    const missed = [[-reach, 0], [reach, 0], [0, -reach], [0, reach]].filter(([dx, dy]) => !hits(one, x + dx, y + dy));
    if (missed.length) found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
  }
  scrollTo(0, 0);
  return found;
}
