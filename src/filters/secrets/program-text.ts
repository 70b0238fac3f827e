/** Words of a name as programs write them: `refresh_token` has two, `RSAPrivateKey` three, `utf8` one and a number. */
const partOfName = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g
const nameCharacters = /^[\w$#@/:.~-]+$/
const longestWord = 17
const shortestMean = 2.5
const mostDigits = 3
/** Curves that are called by their numbers. */
const curve = /(?:ed|x|curve)25519|secp\d{3}[kr]1/gi
/** So many consonants in a row are in no word, but in abbreviations in capitals. */
const unpronounceable = /[b-df-hj-np-tv-xz]{5}/
const longestAbbreviation = 6

function isWord(part: string): boolean {
  if (part.length > longestWord) return false
  return (/^[A-Z]+$/.test(part) && part.length <= longestAbbreviation) || !unpronounceable.test(part.toLowerCase())
}

/** One number of up to three digits may stand in or behind the words: `x509`, `base64url`. */
function hasFewDigits(segment: string): boolean {
  const numbers = segment.match(/\d+/g) ?? []
  const isNumber = /^\d+$/.test(segment)
  return numbers.length < 2 && numbers.every((digits) => digits.length <= (isNumber ? 1 : mostDigits))
}

/**
 * Is the value made of words, as names of variables, types, constants and URNs are? What was drawn at random has short
 * stretches of letters, long ones without a vowel, or digits all over.
 */
export function isMadeOfWords(value: string): boolean {
  if (/^\d/.test(value) || !nameCharacters.test(value)) return false
  const letters = (value.match(partOfName) ?? []).filter((part) => !/\d/.test(part))
  const count = letters.reduce((sum, part) => sum + part.length, 0)
  return (
    count >= letters.length * shortestMean &&
    letters.every(isWord) &&
    value
      .replace(curve, '')
      .split(/[^A-Za-z0-9]+/)
      .every(hasFewDigits)
  )
}

const path = String.raw`[A-Za-z_$][\w$]*(?:(?:\.#?|::|->|\?\.|!\.)[A-Za-z_$][\w$]*)*`
const called = new RegExp(String.raw`^[!&*(]*${path}[!?]?[([<{]`)
const letters = path.replaceAll(String.raw`\w`, 'A-Za-z_')
const reference = new RegExp(String.raw`^[(!&*?:=<[{|\\]*${letters}(?:\|${letters})*[)\]>!?:]*$`)
/** Types that are called by their width. */
const wideType = /^(?:Big)?(?:U?Int|Float|SHA|UTF|Base|X)\d{1,4}[A-Za-z]*$/i
/** A role of reStructuredText. */
const role = /^:[a-z]+:/
const template = /^\{+[A-Za-z_][\w.]*(?:![rsa])?(?:[:}]|$)/

/**
 * Is what stands behind a name without quotes a piece of a program: a call, an index, a type, a reference? Words of letters
 * alone count as one: nobody can tell them from a name.
 */
export function isExpression(value: string): boolean {
  return called.test(value) || reference.test(value) || wideType.test(value) || role.test(value) || template.test(value)
}

/** Does a format put a value in here: `{password!r}`? */
export function isTemplate(value: string): boolean {
  return template.test(value)
}
