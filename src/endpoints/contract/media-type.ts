/** A media type in lower case without its parameters; those that say something about a body beside it. */
export interface MediaType {
  readonly name: string
  /** As written but for its case; null where there is none. */
  readonly charset: string | null
}

const token = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/

/** null for what is no media type, or says its character set twice. */
export function readMediaType(text: string): MediaType | null {
  const [name = '', ...parameters] = text
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charsets = parameters.flatMap((parameter) => /^charset\s*=\s*"?([^"]*)"?$/.exec(parameter)?.[1] ?? [])
  return token.test(name) && charsets.length <= 1 ? { name, charset: charsets[0] ?? null } : null
}

export const isJsonType = (name: string): boolean => /^application\/(?:[\w.-]+\+)?json$/.test(name)

/** Types that are read by whoever gets them in ways that nothing here checks. */
const unread = /^(?:multipart\/|application\/x-www-form-urlencoded$|image\/|text\/html$|application\/xml$|text\/xml$)/

export const isUnread = (name: string): boolean => unread.test(name)
