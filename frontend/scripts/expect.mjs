// Checks for text that other tools wrote. Each throws if the text is not as expected, so that a new version of a tool
// fails the build instead of silently changing the result.

/** Throws unless `condition` holds. `expected` completes "expected …". */
export function expect(condition, expected) {
  if (!condition) {
    throw new Error(`dashboard build: expected ${expected}`);
  }
}

/** Returns all matches of a global pattern, at least one. */
export function allMatches(text, pattern, expected) {
  const matches = [...text.matchAll(pattern)];
  expect(matches.length > 0, `${expected}, but nothing matches ${pattern}`);
  return matches;
}

/** Returns the first group of the pattern's first match. */
export function firstGroup(text, pattern, expected) {
  const match = text.match(pattern);
  expect(match, `${expected}, but nothing matches ${pattern}`);
  return match[1];
}

/** Replaces all matches of a global pattern, which must be `count`. */
export function replaceExactly(text, pattern, replacement, count, expected) {
  const found = [...text.matchAll(pattern)].length;
  expect(found === count, `${count} × ${expected}, but ${pattern} matches ${found} times`);
  return text.replaceAll(pattern, replacement);
}
