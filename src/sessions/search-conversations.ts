import type { Conversation, ConversationItem, Conversations, KeptItem } from '../core/conversations.ts'

/** What is looked at for one answer: what is kept is sealed, so each conversation has to be opened to be looked at. */
export const searchBounds = { conversations: 200, characters: 8_000_000 } as const

export interface ConversationSearch {
  readonly principal: string
  /** What is looked for, whatever the case of its letters; spaces of any kind and number are one. */
  readonly text: string
  /** Goes on behind this conversation, the last one that was looked at. */
  readonly after?: string | undefined
  /** Conversations that are found. */
  readonly most: number
}

export interface SearchMatch {
  /** The item that it stands in; null for the title. */
  readonly item: string | null
  readonly where: 'title' | 'question' | 'answer' | 'instructions' | 'code' | 'result' | 'file'
  /** A piece of the text around it, and where it stands in that, in UTF-16 units. */
  readonly excerpt: string
  readonly start: number
  readonly length: number
}

export interface SearchResult {
  readonly found: readonly { readonly conversation: Conversation; readonly matches: readonly SearchMatch[] }[]
  /** Conversations that were looked at. */
  readonly searched: number
  /** The last of them; null where there are none behind it. */
  readonly last: string | null
}

const conversationsAtOnce = 20
const itemsAtOnce = 50
/** Matches that are told of one conversation. */
const mostMatches = 3
const around = 60

/** Looks through conversations of a principal, newest first, as they were screened when they were kept, until enough are found or as much was looked at as may be. */
export async function searchConversations(
  vault: Pick<Conversations, 'list' | 'items'>,
  { principal, text, after, most }: ConversationSearch,
  signal: AbortSignal,
): Promise<SearchResult> {
  const pattern = patternOf(text)
  const found: SearchResult['found'][number][] = []
  let [searched, characters, last] = [0, 0, after]
  for (let isEnd = false; !isEnd;) {
    const page = await vault.list(principal, { after: last, most: conversationsAtOnce + 1 })
    for (const conversation of page.slice(0, conversationsAtOnce)) {
      if (found.length >= most || searched >= searchBounds.conversations || characters >= searchBounds.characters) {
        return { found, searched, last: last ?? null }
      }
      const seen = await lookThrough(vault, { conversation, pattern }, signal)
      if (seen.matches.length > 0) found.push({ conversation, matches: seen.matches })
      characters += seen.characters
      searched += 1
      last = conversation.id
    }
    isEnd = page.length <= conversationsAtOnce
  }
  return { found, searched, last: null }
}

/** A pattern for a text in composed form, as texts are looked at: equal ones may be written with other code points. */
function patternOf(text: string): RegExp {
  const words = text.normalize('NFC').trim().split(/\s+/u)
  return new RegExp(words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('\\s+'), 'iu')
}

async function lookThrough(
  vault: Pick<Conversations, 'items'>,
  { conversation, pattern }: { readonly conversation: Conversation; readonly pattern: RegExp },
  signal: AbortSignal,
): Promise<{ readonly matches: readonly SearchMatch[]; readonly characters: number }> {
  const { id, principal, title } = conversation
  const matches: SearchMatch[] = title === null ? [] : matchIn(title, pattern, { item: null, where: 'title' })
  let characters = 0
  for (let after: string | undefined, more = true; more && matches.length < mostMatches;) {
    signal.throwIfAborted()
    // Null where it was deleted meanwhile.
    const page: readonly KeptItem[] =
      (await vault.items(principal, id, { after, most: itemsAtOnce, order: 'asc' })) ?? []
    for (const { id: item, item: kept } of page) {
      characters += sizeOf(kept)
      for (const { where, text } of textsOf(kept)) matches.push(...matchIn(text, pattern, { item, where }))
    }
    after = page.at(-1)?.id
    more = page.length === itemsAtOnce && characters < searchBounds.characters
  }
  return { matches: matches.slice(0, mostMatches), characters }
}

interface Place {
  readonly item: string | null
  readonly where: SearchMatch['where']
}

const roles = { system: 'instructions', user: 'question', assistant: 'answer' } as const

function textsOf(item: ConversationItem): readonly { readonly where: SearchMatch['where']; readonly text: string }[] {
  switch (item.type) {
    case 'message':
      return [{ where: roles[item.role], text: item.content }]
    case 'artifact':
      return [{ where: 'file', text: item.name }]
    case 'plan':
      return []
    case 'tool-use': {
      const { source, outcome } = item
      const code = source === null ? [] : [{ where: 'code', text: source.text } as const]
      const said = outcome.kind === 'result' ? (outcome.cell?.stdout.text ?? outcome.summary) : outcome.message
      return [...code, { where: 'result', text: said }]
    }
  }
}

/** About what it costs to open an item: its tables count, too. */
function sizeOf(item: ConversationItem): number {
  const texts = textsOf(item).reduce((sum, { text }) => sum + text.length, 0)
  if (item.type !== 'tool-use' || item.outcome.kind !== 'result') return texts
  const { table } = item.outcome
  return texts + (table === null ? 0 : table.rows.length * table.columns.length * 8)
}

function matchIn(text: string, pattern: RegExp, place: Place): SearchMatch[] {
  const whole = text.normalize('NFC')
  const match = pattern.exec(whole)
  if (match === null) return []
  const from = startOf(whole, Math.max(0, match.index - around))
  const to = startOf(whole, Math.min(whole.length, match.index + match[0].length + around))
  return [{ ...place, excerpt: whole.slice(from, to), start: match.index - from, length: match[0].length }]
}

/** Not within a pair of surrogates. */
const startOf = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at)
