/** Digits and signs as the letters they are drawn for; "l" as "i", since a stroke is either. */
export const drawnFor = new Uint16Array(128)
for (let code = 97; code <= 122; code += 1) {
  drawnFor[code] = code
  drawnFor[code - 32] = code
}
for (const [from, to] of Object.entries({
  0: 'o',
  1: 'i',
  2: 'z',
  3: 'e',
  4: 'a',
  5: 's',
  6: 'g',
  7: 't',
  8: 'b',
  9: 'g',
  '@': 'a',
  $: 's',
  l: 'i',
  L: 'i',
})) {
  drawnFor[from.charCodeAt(0)] = to.charCodeAt(0)
}
