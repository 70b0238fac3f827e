import type { Match } from '../text-filter.ts'

const assignment =
  /(?<![A-Za-z])(?<name>(?:password|passwd|passphrase|pwd|secret(?:[_-]?key)?|(?:api|access|auth|private|encryption|signing|client|account)[_-]?(?:key|token|secret)|apikey|token|credentials?))["'`]?\s{0,3}(?:=>|:=|[=:])\s{0,3}["'`]?(?<secret>[^\s"'`,;)}\]]{6,})/gi
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

function looksRandom(value: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length
  return value.length >= 12 && entropy(value) >= 3 && (classes >= 2 || value.length >= 24)
}

/** A password is what people choose: anything but a word of the sentence that follows the colon. */
function looksChosen(value: string): boolean {
  return /\d|[^A-Za-z0-9.]/.test(value.replace(/[.!?]$/, ''))
}

/** `name = value` where the name says that the value is a secret and the value can be one. */
export function findAssignments(text: string): Match[] {
  const matches: Match[] = []
  for (const match of text.matchAll(assignment)) {
    const { name = '', secret = '' } = match.groups ?? {}
    if (placeholder.test(secret)) continue
    const isPassword = /pass|pwd/i.test(name)
    if (!(looksRandom(secret) || (isPassword && looksChosen(secret)))) continue
    const end = match.index + match[0].length
    matches.push({ start: end - secret.length, end, category: 'secret/assignment', score: isPassword ? 0.75 : 0.7 })
  }
  return matches
}
