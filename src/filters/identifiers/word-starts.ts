const letter = 1
const capital = 2
const digit = 4
const kinds = new Uint8Array(128)
for (let code = 48; code < 58; code += 1) kinds[code] = digit
for (let code = 65; code < 91; code += 1) kinds[code] = letter | capital
for (let code = 97; code < 123; code += 1) kinds[code] = letter
kinds[95] = letter

/** A bank's code is the only identifier that may hold no digit. */
const bankCodes = new Set([8, 11])
/** Characters between a word and the digits that belong to it: `AB 12 34 56 C`, `March 3, 1980`. */
const widestGap = 2

/**
 * Where an identifier can begin: at a word that holds a digit or has one right behind it, and at words of eight or eleven
 * capitals. Everything else of a text is passed over. Letters of other alphabets belong to a word.
 */
export function wordStarts(text: string): number[] {
  const starts: number[] = []
  const length = text.length
  let before = -1
  let beforeEnd = -1
  for (let at = 0; at < length;) {
    let code = text.charCodeAt(at)
    let kind = code < 128 ? (kinds[code] as number) : letter
    if (kind === 0) {
      at += 1
      continue
    }
    const start = at
    let seen = 0
    let isCapital = true
    do {
      seen |= kind
      if (kind !== (letter | capital)) isCapital = false
      at += 1
      if (at === length) break
      code = text.charCodeAt(at)
      kind = code < 128 ? (kinds[code] as number) : letter
    } while (kind !== 0)
    if ((seen & digit) !== 0) {
      if (before >= 0 && start - beforeEnd <= widestGap) starts.push(before)
      starts.push(start)
      before = -1
    } else {
      if (isCapital && bankCodes.has(at - start)) starts.push(start)
      before = start
      beforeEnd = at
    }
  }
  return starts
}
