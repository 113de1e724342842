// The API counts code points; JavaScript counts UTF-16 units, two for each character past U+FFFF.

/** The UTF-16 index of each offset in code points; `points` ascend. Throws RangeError beyond the end. */
export function utf16Offsets(text, points) {
  const units = [];
  let unit = 0;
  let point = 0;
  for (const wanted of points) {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    if (point !== wanted) throw new RangeError(`${wanted} is outside a text of ${point} characters`);
    units.push(unit);
  }
  return units;
}

/** How many code points a text has. */
export function codePoints(text) {
  let count = 0;
  for (let unit = 0; unit < text.length; count += 1) {
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  return count;
}
