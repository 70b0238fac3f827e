/** Forms of text that name a place where something can go. Each is bounded, so that no text takes long to read. */
const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
const link =
  /\b(?:[a-z][a-z0-9+.-]{1,15}:\/\/|www\.)[^\s<>"'`()[\]{}|\\^]{1,2048}|\b(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\/[^\s<>"'`()[\]{}|\\^]{1,2048}/giu
/** IBANs, and addresses of the common currencies that no bank keeps. */
const account = /\b(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?|bc1[a-z0-9]{8,87}|0x[0-9a-fA-F]{40})\b/g

export type AddressForm = 'mail' | 'link' | 'account'

/** An address as it can be compared with another one: equal texts are the same place. */
export interface Address {
  readonly form: AddressForm
  readonly compared: string
}

interface FoundAddress extends Address {
  readonly raw: string
}

/** Mail addresses, links and numbers of accounts in a text, in whatever letters and with whatever is hidden between them. */
export function addressesIn(given: string): readonly FoundAddress[] {
  const text = given.normalize('NFKC').replaceAll(/\p{Cf}/gu, '')
  const found = new Map<string, FoundAddress>()
  const add = (form: AddressForm, raw: string, compared: string) =>
    found.set(`${form} ${compared}`, { form, raw, compared })
  if (text.includes('@')) for (const [raw] of text.matchAll(email)) add('mail', raw, raw.toLowerCase())
  if (/[./]/.test(text)) for (const [raw] of text.matchAll(link)) add('link', raw, comparedLink(raw))
  for (const [raw] of text.matchAll(account)) add('account', raw, raw.replaceAll(' ', ''))
  return [...found.values()]
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
  const alone = link.slice(0, end).replace(/^https?:\/\//i, '')
  const host = /^[^/?#]*/.exec(alone)?.[0] ?? ''
  return host.toLowerCase() + alone.slice(host.length).replace(/^\/$/, '')
}
