import type { RawFinding } from '../location.ts'

export type CheckedText = { readonly text: string } | { readonly finding: RawFinding }

/** Words after which a text in quotes is a value or an alias; after any other word it could be part of a literal. */
const beforeText = new Set(
  'select distinct where and or not in like between when then else case on having as by from is date time timestamp escape separator interval div mod both leading trailing'.split(
    ' ',
  ),
)

const regular = 'Regular expressions are not allowed: write LIKE.'
const insteadOfOperator: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  regexp: regular,
  rlike: regular,
  similar: regular,
  ilike: 'Write LIKE for ILIKE: it ignores case here.',
  path: 'JSON_TABLE is not allowed: write JSON_EXTRACT(value, path).',
})

const pattern =
  /(?<space>\s+)|(?<line>--(?=\s|$)[^\n]*)|(?<block>\/\*(?![!+M])(?:[^*]|\*(?!\/))*\*\/)|(?<text>'(?:[^'\\]|'')*')|(?<name>`[^`\\]+`)|(?<number>\d+(?:\.\d+)?(?![\w.$]))|(?<word>[A-Za-z_]\w*)|(?<mark>->>|->|<=>|<=|>=|<>|!=|-(?!-)|\/(?!\*)|[+*%=<>(),.;])/uy

/**
 * The text as tokens that MySQL, MariaDB and the parser read alike, whatever their modes: no backslashes, no double
 * quotes, no comments that are code, no user or system variables, no literals with a prefix, nothing beyond ASCII
 * outside quotes. Fails closed: anything else is refused. Comments leave as spaces, so that places stay.
 */
export function checkText(source: string): CheckedText {
  const out: string[] = []
  let before = { kind: 'mark', token: '' }
  for (let index = 0; index < source.length;) {
    pattern.lastIndex = index
    const match = pattern.exec(source)
    if (match === null) return refuse(source, index, whyNot(source.slice(index)))
    const token = match[0]
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? 'mark'
    const isComment = kind === 'line' || kind === 'block' || (token === ';' && before.token === '')
    out.push(isComment ? token.replaceAll(/[^\n]/g, ' ') : token)
    index += token.length
    if (isComment || kind === 'space') continue
    const problem = misplaced(kind, token, before)
    if (problem !== null) return refuse(source, index - token.length, problem)
    before = { kind, token }
  }
  return { text: out.join('') }
}

function misplaced(kind: string, token: string, before: { kind: string; token: string }): string | null {
  if (before.token === ';') return 'Only one statement may be sent.'
  if (kind === 'text') {
    if (before.kind === 'text') return 'Two texts stand side by side: write CONCAT(…).'
    if (before.kind === 'word' && !beforeText.has(before.token.toLowerCase())) {
      const instead = insteadOfOperator[before.token.toLowerCase()]
      if (instead !== undefined) return instead
      return `A text stands right after "${before.token}". Literals with a prefix are not allowed; an alias takes AS.`
    }
    if (before.kind === 'number' || before.kind === 'name')
      return 'A text stands where an operator or a comma is missing.'
  }
  if (kind === 'mark' && token === '<=>') return 'Write IS NULL, or = instead of <=>.'
  return null
}

function whyNot(rest: string): string {
  if (rest.startsWith('--')) return 'Two dashes begin a comment only before a space; write - -1 for a number.'
  if (rest.startsWith('/*')) return 'A comment that is code to the server, or that does not end, is not allowed.'
  if (rest.startsWith("'")) return 'A text does not end, or holds a backslash. Write a quote as two quotes.'
  if (rest.startsWith('`')) return 'A name in backticks does not end, or holds a backslash.'
  if (rest.startsWith('"')) return 'Double quotes are not allowed: texts stand in single quotes, names in backticks.'
  if (rest.startsWith('#')) return 'Comments begin with two dashes and a space.'
  if (rest.startsWith('@') || rest.startsWith(':=')) return 'Variables are not allowed.'
  if (/^\d/.test(rest)) return 'Numbers are plain digits with an optional fraction.'
  if (rest.startsWith('::')) return 'Write CAST(value AS type) for ::.'
  if (rest.startsWith('||')) return 'Write CONCAT(a, b), or OR, for ||.'
  if (rest.startsWith('&&')) return 'Write AND for &&.'
  if (rest.startsWith('[')) return 'Names stand in backticks, not in brackets.'
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  return /[\u0080-\u{10ffff}]/u.test(character)
    ? 'Names beyond plain letters stand in backticks.'
    : `"${character}" is not allowed here.`
}

function refuse(source: string, index: number, message: string): CheckedText {
  return { finding: { rule: 'sql/mysql-text', offset: Buffer.byteLength(source.slice(0, index)), message } }
}
