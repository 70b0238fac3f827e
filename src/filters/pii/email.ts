import { textBefore } from '../text-before.ts'
import type { Match } from '../text-filter.ts'

const local = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}$/u
const domain = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,63}/uy
const spelled =
  /(?<![\w.+-])[\w.+-]{1,64}\s{0,3}(?:[[({<]\s?(?:at|@)\s?[\])}>]|\s(?:at|@)\s|@)\s{0,3}\w[\w-]{0,62}(?:\s{0,3}(?:[[({<]\s?(?:dot|\.)\s?[\])}>]|\sdot\s|\.)\s{0,3}\w[\w-]{0,62}){1,6}/gi
const tells = /[[({<]\s?(?:at|dot|@|\.)\s?[\])}>]|\sdot\s/i
const closed = /(?:[[({<]\s?(?:dot|\.)\s?[\])}>]|\sdot\s|\.)\s{0,3}[a-z]{2,24}$/i

/** Addresses as RFC 5321 has them, found from their `@`. */
function plainAddresses(text: string): Match[] {
  const matches: Match[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const before = local.exec(textBefore(text, at, 64))?.[0]
    domain.lastIndex = at + 1
    const after = domain.exec(text)?.[0]
    if (before === undefined || after === undefined) continue
    const name = before.replace(/^[.'`"*_~|{]+(?=[\p{L}\p{N}])/u, '')
    matches.push({ start: at - name.length, end: at + 1 + after.length, category: 'pii/email', score: 0.95 })
  }
  return matches
}

/** `name [at] domain (dot) com`, `name at domain dot com`: written so that a pattern misses it. */
function spelledAddresses(text: string): Match[] {
  if (!/dot|[[({<]\s?[.@a]/i.test(text)) return []
  return [...text.matchAll(spelled)]
    .filter((match) => tells.test(match[0]) && closed.test(match[0]))
    .map((match) => ({ start: match.index, end: match.index + match[0].length, category: 'pii/email', score: 0.75 }))
}

export function findEmails(text: string): Match[] {
  return [...plainAddresses(text), ...spelledAddresses(text)]
}
