/** Forms of text that name a place where something can go. Each is bounded, so that no text takes long to read. */
const email =
  /(?:[\p{L}\p{N}._%+-]{1,64}|"[^"\s]{1,62}") ?@ ?(?:[\p{L}\p{N}-]{1,63}(?:(?:\.| \. )[\p{L}\p{N}-]{1,63}){0,8}(?:\.| \. )\p{L}[\p{L}\p{N}-]{1,62}|\[[\d.:a-f]{3,45}\])/giu
/** With a scheme, with www, or a host and something behind it. */
const link =
  /\b(?:[a-z][a-z0-9+.-]{1,15}:\/\/|www\.)[^\s<>"'`()[\]{}|\\^]{1,2048}|(?<![\p{L}\p{N}_.-])(?:[\p{L}\p{N}_-]{1,63}\.){1,127}[\p{L}][\p{L}\p{N}-]{1,23}(?::\d{1,5})?[/?#][^\s<>"'`()[\]{}|\\^]{1,2048}|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\/[^\s<>"'`()[\]{}|\\^]{0,2048}|(?<![\p{L}\p{N}:/])\/\/[\p{L}\p{N}][^\s<>"'`()[\]{}|\\^]{1,2048}/giu
/** What a reader of texts follows or runs, or calls, without slashes. */
const scheme =
  /(?<![\p{L}\p{N}_])(?:https?|ftp|javascript|vbscript|data|tel|sms|callto|skype|facetime|whatsapp|tg|intent|file|blob|magnet|mailto):(?=\/?[^\s/])[^\s<>"'`()[\]{}|\\^]{1,2048}/giu
/** Names of the highest level that are no endings of files. */
export const hostEndings =
  'com|net|org|info|biz|io|ai|app|dev|xyz|top|site|online|shop|club|live|link|click|page|cloud|tech|store|website|eu|uk|de|fr|es|nl|ch|ru|cn|jp|kr|br|ua|pl|ca|au|co|рф|中国'
/** A host by itself, as programs that show texts make a link of it. */
const host = new RegExp(
  String.raw`(?<![\p{L}\p{N}_@.-])(?:[\p{L}\p{N}_-]{1,63}\.){1,127}(?:${hostEndings})(?::\d{1,5})?(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])`,
  'giu',
)
/** IBANs, and addresses of the common currencies that no bank keeps. */
const account =
  /\b(?:[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?|bc1[a-z0-9]{8,87}|0x[0-9a-fA-F]{40}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|T[1-9A-HJ-NP-Za-km-z]{33})\b/g
/** In small letters only what passes the check of IBANs: words have the shape as well. */
const smallAccount = /\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?\b/gi
const phone = /(?<![\p{L}\p{N}+])(?:\+\d(?:[ ().-]{0,2}\d){7,14}|\(\d{3}\) ?\d{3}[ -]\d{4})(?!\d)/gu

export type AddressForm = 'mail' | 'link' | 'account' | 'phone'

/** An address as it can be compared with another one: equal texts are the same place. */
export interface Address {
  readonly form: AddressForm
  readonly compared: string
}

interface FoundAddress extends Address {
  readonly raw: string
}

/** Mail addresses, links, numbers to call and of accounts in a text, in whatever letters and with whatever is hidden between them. */
export function addressesIn(given: string): readonly FoundAddress[] {
  const text = plainly(given)
  const found = new Map<string, FoundAddress>()
  const add = (form: AddressForm, raw: string, compared: string) => {
    if (!found.has(`${form} ${compared}`)) found.set(`${form} ${compared}`, { form, raw, compared })
  }
  // What is a part of an address is no host by itself.
  let rest = text
  const take = (form: AddressForm, pattern: RegExp, compare: (raw: string) => string) => {
    for (const [raw] of text.matchAll(pattern)) add(form, raw, compare(raw))
    rest = rest.replaceAll(pattern, (raw) => ' '.repeat(raw.length))
  }
  if (text.includes('@')) take('mail', email, (raw) => raw.replaceAll(' ', '').toLowerCase())
  if (/[.:/]/.test(text)) for (const pattern of [link, scheme]) take('link', pattern, comparedLink)
  if (text.includes('.')) for (const [raw] of rest.matchAll(host)) add('link', raw, comparedLink(raw))
  if (/\d/.test(text)) {
    for (const [raw] of text.matchAll(account)) add('account', raw, comparedAccount(raw))
    for (const [raw] of text.matchAll(smallAccount)) if (isIban(raw)) add('account', raw, comparedAccount(raw))
    for (const [raw] of text.matchAll(phone)) add('phone', raw, raw.replaceAll(/[^\d+]/g, ''))
  }
  return [...found.values()]
}

/** Letters and dots as a program that follows addresses reads them: without hidden ones, brackets around dots, entities and percents. */
function plainly(given: string): string {
  const text = given
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll('\u3002', '.')
    .replaceAll(/[[({] ?(?:\.|dot) ?[\])}]/gi, '.')
    .replaceAll(/[[({] ?(?:@|at) ?[\])}]/gi, '@')
    .replaceAll(/&(?:colon|#58|#x3a);/gi, ':')
    .replaceAll(/&(?:sol|#47|#x2f);/gi, '/')
    .replaceAll(/&(?:period|#46|#x2e);/gi, '.')
    .replaceAll(/&(?:commat|#64|#x40);/gi, '@')
  return text.replaceAll(/%(?:2e|2f|3a|40)/gi, (escaped) => String.fromCharCode(Number.parseInt(escaped.slice(1), 16)))
}

/** The address that a value is, whole; null for one that is none, or holds more than one. */
export function addressOf(value: string): Address | null {
  const trimmed = value.trim()
  const [only, ...more] = addressesIn(trimmed)
  return only !== undefined && more.length === 0 && only.raw === trimmed ? only : null
}

/** A link that a sentence was written against without a space, "www.our-company.com.They sent", without that; null for another one. */
export function withoutSentence(link: string): string | null {
  const [, host] = /^((?:https?:\/\/)?www(?:\.[a-z0-9-]{1,63}){2,8})\.\p{Lu}\p{Ll}+$/u.exec(link) ?? []
  return host === undefined ? null : comparedLink(host)
}

/** Without the scheme of the web and what a sentence puts behind it, the host in small letters. A path and a query stay: they carry something. */
function comparedLink(link: string): string {
  let end = link.length
  while (end > 0 && '.,;:!?'.includes(link[end - 1]!)) end -= 1
  const alone = link.slice(0, end).replace(/^https?:\/{0,2}/i, '')
  const host = /^[^/?#]*/.exec(alone)?.[0] ?? ''
  return host.toLowerCase() + alone.slice(host.length).replace(/^\/$/, '')
}

function comparedAccount(account: string): string {
  const alone = account.replaceAll(/[ -]/g, '')
  return /^[a-z]{2}\d{2}/i.test(alone) && !alone.startsWith('bc1') ? alone.toUpperCase() : alone
}

/** ISO 13616: the rest of the number, its first four places behind it and letters as numbers, by 97 is 1. */
function isIban(account: string): boolean {
  const alone = account.replaceAll(/[ -]/g, '').toUpperCase()
  if (alone.length < 15 || alone.length > 34) return false
  let rest = 0
  for (const place of alone.slice(4) + alone.slice(0, 4)) {
    const value = Number.parseInt(place, 36)
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest === 1
}
