import type { Match } from '../text-filter.ts'
import { isExpression, isMadeOfWords, isTemplate } from './program-text.ts'

const assignment =
  /(?<![A-Za-z])((?:password|passwd|passphrase|pwd|secret(?:[_-]?key)?|(?:api|access|auth|private|encryption|signing|client|account)[_-]?(?:key|token|secret)|apikey|token|credentials?))["'`]?\s{0,3}(?:=>|:=|[=:])\s{0,3}["'`]?([^\s"'`,;)}\]]{6,})/gi
const placeholder =
  /^(?:[*x•.…_-]+|<[^>]*>?|\[[^\]]*\]?|\$\{?.*|%\w+%?|\{\{.*|your[_-].*|changeme|example.*|none|null|nil|true|false|undefined|string|str|text|bytes|number|required|optional|redacted|hidden|process\.env.*|os\.environ.*|os\.getenv.*|getenv.*|config\..*|settings\..*|self\..*|[A-Za-z_]+\()$/i

/** Shannon entropy in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** What types and conditions begin with. */
const operators = /^[!&*]+/
const randomCharacters = /^[\w.~+/=:%@!#$^*&|-]+$/

function looksRandom(value: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length
  const isVaried = value.length >= 12 && entropy(value) >= 3 && (classes >= 2 || value.length >= 24)
  return isVaried && randomCharacters.test(value) && !value.replace(operators, '').split('|').every(isMadeOfWords)
}

/** What an address holds that lets somebody in has its own pattern. */
const address = /^[a-z][a-z+.-]*:\/\//i
const path = /^(?:~|\.{0,2}\/|[A-Za-z]:[\\/])/
/** A label, or the name of another setting: `new-password`, `DB_PASSWORD`. */
const label = /^(?=.*(?:pass|pwd|secret|token|key|cred))[a-z]+(?:[._-][a-z]+)*$/i

/** A password is what people choose: anything but a word of the sentence that follows the colon, or a piece of a program. */
function looksChosen(value: string, isQuoted: boolean): boolean {
  if (!/\d|[^A-Za-z0-9.]/.test(value.replace(/[.!?]$/, ''))) return false
  return !label.test(value) && !(isQuoted ? isTemplate(value) : isExpression(value))
}

/** Parameters of an address go on behind the value. */
const nextParameter = /&[\w.%-]+=[^]*/

interface Assigned {
  readonly name: string
  readonly secret: string
  readonly isQuoted: boolean
}

function isSecret({ name, secret, isQuoted }: Assigned): boolean {
  if (placeholder.test(secret) || address.test(secret)) return false
  // The working directory has the same name.
  if (/^pwd$/i.test(name) && path.test(secret)) return false
  return looksRandom(secret) || (isPassword(name) && looksChosen(secret, isQuoted))
}

const isPassword = (name: string): boolean => /pass|pwd/i.test(name)

/** `name = value` where the name says that the value is a secret and the value can be one. */
export function findAssignments(text: string): Match[] {
  const matches: Match[] = []
  assignment.lastIndex = 0
  for (let found = assignment.exec(text); found !== null; found = assignment.exec(text)) {
    const [, name = '', whole = ''] = found
    const start = found.index + found[0].length - whole.length
    const [quote = '', after = ''] = [text[start - 1], text[start + whole.length]]
    const isQuoted = quote === after && /["'`]/.test(quote)
    const secret = isQuoted ? whole : whole.replace(nextParameter, '')
    const end = start + secret.length
    assignment.lastIndex = end
    if (!isSecret({ name, secret, isQuoted })) continue
    matches.push({ start, end, category: 'secret/assignment', score: isPassword(name) ? 0.75 : 0.7 })
  }
  return matches
}
