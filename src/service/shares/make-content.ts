import type { Conversation, Conversations, KeptItem } from '../../core/conversations.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Grant } from '../../core/grant.ts'
import type { Principal } from '../../core/principal.ts'
import type { ShareContent, SharedItem } from '../../core/shares.ts'
import type { Files } from '../../core/stored-files.ts'
import { knownAddresses } from '../../gateway/screen/known-addresses.ts'
import { mayRevealSql } from '../../gateway/screen/reveal.ts'
import { conversationTitle } from '../../sessions/conversation-title.ts'
import { createNames, unseenNames, type Audience } from './audience.ts'
import type { HideValues } from './hide-values.ts'
import { judgeItems } from './judge-items.ts'
import { judgeStatement } from './judge-statement.ts'
import { screenItem } from './screen-items.ts'
import { withMarks } from './shared-marks.ts'
import { textOfFile } from './text-of-file.ts'

export interface ContentParts {
  readonly conversations: Pick<Conversations, 'items' | 'runs'>
  readonly files: Pick<Files, 'open'>
  readonly hideValues: HideValues
}

export interface ContentWish {
  readonly conversation: Conversation
  /** One answer alone; null for all of the conversation. */
  readonly run: string | null
  /** Whoever makes it, as they are granted things now. */
  readonly author: { readonly principal: Principal; readonly grant: Grant }
  readonly audience: Audience
}

const atOnce = 100

/**
 * A conversation as its audience may have it, of what is kept: nothing is asked or run again but the gate. First what they may not read goes, with all
 * that was written after it; then every value that was restored for its author; then what their own filter profile hides.
 */
export async function makeContent(parts: ContentParts, wish: ContentWish, signal: AbortSignal): Promise<ShareContent> {
  const { conversation, run, author, audience } = wish
  const items = await itemsUntil(parts.conversations, conversation, run)
  const models = await modelsOf(parts.conversations, conversation)
  // A run that named no source was asked of its author's first.
  const sourceOf = (kept: KeptItem): string | null =>
    models.get(kept.run ?? '')?.split(':')[1] ?? author.grant.dataSources[0] ?? null
  const names: string[] = []
  const sees = onceEach(async (name: string | null): Promise<boolean> => {
    if (name === null) return true
    const unseen = await unseenOf(audience, name, signal)
    names.push(...(unseen ?? []))
    return unseen !== null
  })
  const judged = await judgeItems(items, {
    sees: (kept) => sees(sourceOf(kept)),
    judge: async ({ source }, kept) =>
      (await sees(sourceOf(kept)))
        ? await judgeStatement(source, sourceOf(kept), audience, signal)
        : { kind: 'may-not', why: 'policy' },
    textOf: (artifact) => textOfFile(parts.files, conversation.principal, artifact),
    showsSql: audience.grant.revealSql !== 'never',
  })
  const wanted = judged.filter(({ kept }) => run === null || kept.run === run)
  // Its title is in the words of its author, as a question is; that of a conversation may speak of what one answer does not.
  const titled: SharedItem = { type: 'message', role: 'user', text: titleOf(conversation, run, items) }
  const hidden = await parts.hideValues([titled, ...wanted.map(({ item }) => item)], author, signal)
  const screening = { screener: screenerOf(audience, items), names: createNames(names), signal }
  const shared: SharedItem[] = []
  for (const item of hidden) shared.push(await screenItem(item, screening))
  const [title, ...rest] = shared
  const sharedOfKept = wanted.flatMap(({ kept }, place) => {
    const item = rest[place]
    return item === undefined ? [] : [{ kept, item }]
  })
  return { title: title?.type === 'message' && title.text !== '' ? title.text : null, items: withMarks(sharedOfKept) }
}

function titleOf({ title }: Conversation, run: string | null, items: readonly KeptItem[]): string {
  if (run === null) return title ?? ''
  const messages = items.flatMap((kept) => (kept.run === run && kept.item.type === 'message' ? [kept.item] : []))
  return conversationTitle(messages) ?? ''
}

/** What the audience does not see of a source; null where it sees nothing of it. */
async function unseenOf(
  { grant, source }: Audience,
  name: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (!grant.dataSources.includes(name)) return null
  try {
    return await unseenNames(source(name), signal)
  } catch (thrown) {
    if (thrown instanceof ServiceError && (thrown.code === 'forbidden' || thrown.code === 'not-found')) return null
    throw thrown
  }
}

/** Work that is done once for each key. */
function onceEach<Key, Value>(work: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const done = new Map<Key, Promise<Value>>()
  return (key) => {
    const value = done.get(key) ?? work(key)
    done.set(key, value)
    return value
  }
}

/** All items, or those until the end of a run, oldest first: what a model wrote may repeat what stands before it. */
async function itemsUntil(
  conversations: ContentParts['conversations'],
  { principal, id }: Conversation,
  run: string | null,
): Promise<readonly KeptItem[]> {
  const items: KeptItem[] = []
  for (let after: string | undefined, more = true; more; after = items.at(-1)?.id) {
    const page = (await conversations.items(principal, id, { order: 'asc', most: atOnce, after })) ?? []
    items.push(...page)
    more = page.length === atOnce
  }
  return run === null ? items : items.slice(0, items.findLastIndex((kept) => kept.run === run) + 1)
}

/** The models of the runs of a conversation, by their ids. */
async function modelsOf(
  conversations: ContentParts['conversations'],
  { principal, id }: Conversation,
): Promise<ReadonlyMap<string, string>> {
  const models = new Map<string, string>()
  for (let after: string | undefined, more = true; more;) {
    const page = (await conversations.runs(principal, id, { most: atOnce, after })) ?? []
    for (const run of page) models.set(run.id, run.model)
    after = page.at(-1)?.id
    more = page.length === atOnce
  }
  return models
}

function screenerOf({ principal, grant, screenerFor, linkHosts }: Audience, items: readonly KeptItem[]) {
  const messages = items.flatMap(({ item }) => (item.type === 'message' ? [item] : []))
  const statements = items.flatMap(({ item }) =>
    item.type === 'tool-use' && item.source?.language === 'sql' ? [item.source.text] : [],
  )
  const isShown = mayRevealSql(grant, messages)
  const addresses = knownAddresses(messages, linkHosts)
  return screenerFor({ principal, grant, addresses }, 'outbound', () => (isShown ? null : statements))
}
