interface LinkTarget {
  readonly href: string
  /** Where it leads, as it is told beside the link. */
  readonly shown: string
}

/**
 * The target of a link in text that nobody vouches for: an absolute address of the web or of mail without a name or a
 * password in it. Null for anything else, which then is text.
 */
export function safeLink(href: string): LinkTarget | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) return null
  let url: URL
  try {
    url = new URL(href)
  } catch {
    return null
  }
  if (url.protocol === 'mailto:') return { href: url.href, shown: url.pathname }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  if (url.username !== '' || url.password !== '') return null
  return { href: url.href, shown: url.host }
}
