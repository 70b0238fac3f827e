import { compileLinear } from '../../filters/custom/options.ts'

/** Tests a text in time in proportion to its length. */
export interface LinearPattern {
  test(text: string): boolean
}

/**
 * A pattern as JSON Schema means it, by ECMA-262 with the flag `u`, on an engine that takes time in proportion to the text. That
 * engine reads some signs in another way (`.`, `\s`, `\A`, `[^]`), so each is said in signs that both read alike. Throws a
 * SyntaxError for what is no pattern of ECMAScript, and what the engine throws for what would have to look around or back.
 */
export function ecmaPattern(source: string): LinearPattern {
  // Without the flag: escapes of signs that need none are common in documents and harmless.
  void new RegExp(source)
  const pattern = compileLinear(translated(source))
  return { test: (text) => pattern.test(text) }
}

type Range = readonly [first: number, last: number]

/** WhiteSpace and LineTerminator of ECMA-262, for which `\s` stands. */
const spaces: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const lastCharacter = 0x10_ffff
const noSpaces = [...spaces, [lastCharacter + 1, lastCharacter + 1] as const].map(([first], at): Range => [
  (spaces[at - 1]?.[1] ?? -1) + 1,
  first - 1,
])

const sign = (code: number): string => String.raw`\x{${code.toString(16)}}`
const ranges = (list: readonly Range[]): string => list.map(([first, last]) => `${sign(first)}-${sign(last)}`).join('')

const classes: Readonly<Record<string, string>> = { s: ranges(spaces), S: ranges(noSpaces) }
const anyCharacter = `[${ranges([[0, lastCharacter]])}]`
/** All but line terminators. */
const dot = String.raw`[^\n\r\x{2028}\x{2029}]`
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 }

/** Signs of a pattern, by what they begin with outside of a class. */
const outside = /^(?:\[\^?\]|\[\^?|\((?:\?(?:<[A-Za-z_]\w*>|<?[=!]|[^]))?|\{\d+(?:,\d*)?\}|[^])/u
const hex = String.raw`[\da-fA-F]`
const escape = new RegExp(
  String.raw`^\\(?:u(?<pair>[dD][89abAB]${hex}{2}\\u[dD][c-fC-F]${hex}{2})|u(?<four>${hex}{4})|u\{(?<code>${hex}{1,6})\}|x(?<two>${hex}{2})|` +
    String.raw`c(?<control>[a-zA-Z])|(?<property>[pP]\{[\w=]+\})|(?<zero>0(?!\d))|(?<plain>[^]))`,
  'u',
)

function translated(source: string): string {
  const written: string[] = []
  let isInClass = false
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at)
    const escaped = escape.exec(rest)
    const [read = '']: readonly string[] = escaped ?? (isInClass ? /^[^]/u : outside).exec(rest) ?? []
    at += read.length
    if (escaped !== null) written.push(ofEscape(escaped.groups ?? {}, isInClass))
    else if (isInClass) {
      isInClass = read !== ']'
      written.push(read === '[' ? String.raw`\[` : read)
    } else {
      isInClass = read === '[' || read === '[^'
      written.push(ofSign(read))
    }
  }
  return written.join('')
}

function ofSign(read: string): string {
  if (read === '.') return dot
  if (read === '[^]') return anyCharacter
  if (read === '[]') throw new SyntaxError('it holds a class of nothing')
  // A brace that bounds no number of times, and brackets that close nothing, stand for themselves.
  if (read === '{' || read === '}' || read === ']') return `\\${read}`
  if (/^\(\?[^:<=!]/u.test(read)) throw new SyntaxError(`it holds "${read}", which is not read`)
  return read
}

function ofEscape(found: Readonly<Record<string, string | undefined>>, isInClass: boolean): string {
  const { pair, four, code, two, control, property, zero, plain = '' } = found
  if (pair !== undefined) {
    const [high, low] = pair.split(String.raw`\u`).map((half) => Number.parseInt(half, 16))
    return sign(String.fromCharCode(high ?? 0, low ?? 0).codePointAt(0) ?? 0)
  }
  const number = four ?? code ?? two
  if (zero !== undefined) return sign(0)
  if (number !== undefined) return sign(Number.parseInt(number, 16))
  if (control !== undefined) return sign(control.charCodeAt(0) % 32)
  if (property !== undefined) return `\\${property.replace(/(?:Script|sc|General_Category|gc)=/u, '')}`
  if (Object.hasOwn(controls, plain)) return sign(controls[plain] ?? 0)
  if (Object.hasOwn(classes, plain)) return isInClass ? (classes[plain] ?? '') : `[${classes[plain]}]`
  if (/^[dDwW]$/u.test(plain) || (/^[bB]$/u.test(plain) && !isInClass)) return `\\${plain}`
  if (plain === 'b') return sign(8)
  if (/^[\dA-Za-z]$/u.test(plain)) throw new SyntaxError(`it holds the escape "\\${plain}", which is not read`)
  return sign(plain.codePointAt(0) ?? 0)
}
