/** The characters from one to another of ASCII, each written otherwise. */
export function each(text: string, from: string, to: string, write: (code: number) => string): string {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)]
  return Array.from(text, (character) => {
    const code = character.charCodeAt(0)
    return code >= first && code <= last ? write(code) : character
  }).join('')
}

/** Letters by those of another alphabet in its order. */
export function letters(text: string, alphabet: string): string {
  const drawn = Array.from(alphabet)
  return each(text.toLowerCase(), 'a', 'z', (code) => drawn[code - 97] as string)
}

/** Letters as capitals of a row of characters that begins with its A. */
export function shifted(text: string, first: number): string {
  return each(text.toUpperCase(), 'A', 'Z', (code) => String.fromCodePoint(first + code - 65))
}

const alike: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', i: 'і', j: 'ј', o: 'ο', p: 'р', s: 'ѕ', x: 'х', y: 'у', A: 'А', B: 'Β', E: 'Е', H: 'Н', K: 'Κ', M: 'М', N: 'Ν', O: 'О', P: 'Р', T: 'Т' } // prettier-ignore

export function lookalikes(text: string): string {
  return Array.from(text, (letter) => alike[letter] ?? letter).join('')
}

/** Something behind each letter and digit. */
export function between(text: string, mark: () => string): string {
  return Array.from(text, (character) => (/[a-z0-9]/i.test(character) ? character + mark() : character)).join('')
}

/** Every word in two, the first part of two letters. */
export function broken(text: string, mark: string): string {
  return text.replace(/\b[a-z]{4,}\b/gi, (word) => word.slice(0, 2) + mark + word.slice(2))
}

export function codes(text: string, write: (code: number) => string): string {
  return Array.from(text, (character) => write(character.codePointAt(0) ?? 0)).join('')
}

export function hidden(text: string, codeOf: (byte: number) => number): string {
  return Array.from(Buffer.from(text), (byte) => String.fromCodePoint(codeOf(byte))).join('')
}
