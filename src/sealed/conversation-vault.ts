import { randomBytes, type KeyObject } from 'node:crypto'
import {
  placeOfItem,
  type Conversation,
  type ConversationItem,
  type Conversations,
  type ConversationWords,
  type KeptItem,
  type PageOptions,
  type Run,
  type RunEnd,
  type RunToBegin,
  type RunWriter,
  type SealedConversation,
  type SealedRun,
  type StoredConversations,
  type SealedItem,
} from '../core/conversations.ts'
import { ServiceError } from '../core/errors.ts'
import { newId } from '../core/new-id.ts'
import { keyForUse } from './data-key.ts'
import { seal, unseal, type KeyRing } from './key-ring.ts'
import { rewrapAll, type RewrapCounts } from './rewrap-all.ts'
import { KeptRun } from './kept-run.ts'
import { openItem, sealItem } from './sealed-items.ts'

const use = 'sallyport conversations 1'
/** Bytes of what a surface keeps with a run, in JSON. */
const largestDetails = 262_144
/** Of a line of runs that is read back. */
const runsAtATime = 20
const everything = { items: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY }

/** Conversations as the storage has them: all that is said in one is sealed under a data key of its own, which the key of the service wraps. */
export class ConversationVault implements Conversations {
  readonly #stored: StoredConversations
  readonly #keys: () => Promise<KeyRing>
  readonly #now: () => number

  /** `now`: milliseconds since 1970. */
  constructor(stored: StoredConversations, keys: () => Promise<KeyRing>, now: () => number) {
    this.#stored = stored
    this.#keys = keys
    this.#now = now
  }

  async create(principal: string, words: ConversationWords, items: readonly ConversationItem[]): Promise<Conversation> {
    const { made, key } = await this.#make(principal, words)
    const sealed = items.map((item) => sealItem(key, { conversation: made.id, run: null }, item))
    return { ...wordsOf(words), ...factsOf(await this.#stored.create(made, sealed)) }
  }

  async show(principal: string, id: string): Promise<Conversation | null> {
    const found = await this.#stored.show(principal, id)
    return found === null ? null : await this.#open(found)
  }

  async latest(principal: string): Promise<Conversation | null> {
    const found = await this.#stored.latest(principal)
    return found === null ? null : await this.#open(found)
  }

  async list(principal: string, page: PageOptions): Promise<readonly Conversation[]> {
    const found = await this.#stored.list(principal, page)
    return Promise.all(found.map((each) => this.#open(each)))
  }

  async change(principal: string, id: string, words: ConversationWords): Promise<Conversation | null> {
    const found = await this.#stored.show(principal, id)
    if (found === null) return null
    const sealed = seal(await this.#keyOf(found), JSON.stringify(wordsOf(words)), aboutOf(found))
    const isThere = await this.#stored.change(principal, id, sealed)
    return isThere ? { ...wordsOf(words), ...factsOf(found) } : null
  }

  delete(principal: string, id: string): Promise<boolean> {
    return this.#stored.delete(principal, id)
  }

  async add(principal: string, id: string, items: readonly ConversationItem[]): Promise<readonly KeptItem[] | null> {
    const found = await this.#stored.show(principal, id)
    if (found === null) return null
    const key = await this.#keyOf(found)
    const sealed = items.map((item) => sealItem(key, { conversation: id, run: null }, item))
    const kept = await this.#stored.add(principal, id, sealed)
    return kept?.map((item) => openItem(key, id, item)) ?? null
  }

  async items(principal: string, id: string, page: PageOptions & { readonly order: 'asc' | 'desc' }) {
    const found = await this.#stored.show(principal, id)
    if (found === null) return null
    const { after, most, order } = page
    const place = after === undefined ? null : placeOfItem(id, after)
    if (after !== undefined && place === null) throw noItem(after)
    const key = await this.#keyOf(found)
    return (await this.#stored.items(id, { after: place, most, order })).map((item) => openItem(key, id, item))
  }

  async deleteItem(principal: string, id: string, itemId: string): Promise<boolean> {
    const place = placeOfItem(id, itemId)
    return place !== null && (await this.#stored.deleteItem(principal, id, place))
  }

  async begin(principal: string, asked: RunToBegin): Promise<RunWriter> {
    const { model, requestId, isExclusive } = asked
    const { conversation, previous, create, key, found } = await this.#placeOf(principal, asked)
    const run = { id: newId('run', this.#now()), conversation, principal, previous, model, requestId }
    const details = JSON.stringify(asked.details)
    if (details.length > largestDetails) {
      throw new ServiceError('payload-too-large', `What is said of a run has more than ${largestDetails} characters.`)
    }
    const items = asked.items.map((item) => sealItem(key, { conversation, run: run.id }, item))
    const sealed = seal(key, details, aboutRun(run, 'begin'))
    const begun = await this.#stored.begin({ ...run, sealed }, { isExclusive, create, items })
    if (found !== null) await this.#entitle(found, key, asked.words?.title ?? null)
    const { sealed: _sealed, sealedEnd: _none, ...facts } = begun
    return new KeptRun({ run: { ...facts, details: asked.details, end: null }, stored: this.#stored, key, sealEnd })
  }

  async showRun(principal: string, id: string): Promise<Run | null> {
    const found = await this.#stored.showRun(principal, id)
    if (found === null) return null
    const conversation = await this.#stored.show(principal, found.conversation)
    return conversation === null ? null : openRun(await this.#keyOf(conversation), found)
  }

  async lastRun(principal: string, id: string): Promise<Run | null> {
    const found = await this.#stored.show(principal, id)
    const last = found === null ? null : await this.#stored.lastRun(id)
    return found === null || last === null ? null : openRun(await this.#keyOf(found), last)
  }

  async runs(principal: string, conversation: string, page: PageOptions): Promise<readonly Run[] | null> {
    const found = await this.#stored.show(principal, conversation)
    if (found === null) return null
    const key = await this.#keyOf(found)
    return (await this.#stored.runs(conversation, page)).map((run) => openRun(key, run))
  }

  runItems(principal: string, id: string): Promise<readonly KeptItem[] | null> {
    return this.#itemsOf(principal, id, () => this.#stored.runItems([id]))
  }

  history(
    principal: string,
    id: string,
    most: Parameters<Conversations['history']>[2] = everything,
  ): Promise<readonly KeptItem[] | null> {
    return this.#itemsOf(principal, id, async () => {
      const line = await this.#stored.lineOf(principal, id)
      const found: SealedItem[] = []
      // The newest run is the first.
      for (let at = 0, characters = 0; at < line.length; at += runsAtATime) {
        const items = await this.#stored.runItems(line.slice(at, at + runsAtATime))
        found.unshift(...items)
        characters += items.reduce((sum, { pieces }) => sum + pieces.join('').length, 0)
        if (found.length >= most.items || characters >= most.characters) break
      }
      return found
    })
  }

  deleteRun(principal: string, id: string): Promise<boolean> {
    return this.#stored.deleteRun(principal, id)
  }

  askToCancel(principal: string, id: string) {
    return this.#stored.askToCancel(principal, id)
  }

  /** Wraps by the key in use what former ones have wrapped. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }

  async #itemsOf(principal: string, id: string, items: () => Promise<readonly SealedItem[]>) {
    const run = await this.#stored.showRun(principal, id)
    const conversation = run === null ? null : await this.#stored.show(principal, run.conversation)
    if (conversation === null) return null
    const key = await this.#keyOf(conversation)
    return (await items()).map((item) => openItem(key, conversation.id, item))
  }

  async #make(principal: string, words: ConversationWords) {
    const id = newId('conv', this.#now())
    const dataKey = randomBytes(32)
    const key = keyForUse(dataKey, use)
    const sealed = seal(key, JSON.stringify(wordsOf(words)), aboutOf({ id, principal }))
    return { made: { id, principal, wrappedKey: (await this.#keys()).wrap(dataKey, id), sealed }, key }
  }

  /** The conversation that a run goes on with, and the run before it. */
  async #placeOf(principal: string, { conversation, previous, words = noWords }: RunToBegin) {
    const before = previous == null ? null : await this.#stored.showRun(principal, previous)
    if (previous != null && before === null) throw noRun(previous)
    if (before !== null && conversation !== null && before.conversation !== conversation) throw noRun(before.id)
    const id = conversation ?? before?.conversation ?? null
    if (id === null) {
      const { made, key } = await this.#make(principal, words)
      return { conversation: made.id, previous: null, create: made, key, found: null }
    }
    const found = await this.#stored.show(principal, id)
    if (found === null) throw noConversation(id)
    const last = before ?? (await this.#stored.lastRun(id))
    return { conversation: id, previous: last?.id ?? null, create: null, key: await this.#keyOf(found), found }
  }

  /** Gives a conversation without a title one. Where its owner gives it words at the same time, these are what it has. */
  async #entitle(found: SealedConversation, key: KeyObject, title: string | null): Promise<void> {
    const { title: has, metadata } = await this.#open(found)
    if (title === null || has !== null) return
    const sealed = seal(key, JSON.stringify({ title, metadata }), aboutOf(found))
    await this.#stored.change(found.principal, found.id, sealed, found.sealed)
  }

  async #open(found: SealedConversation): Promise<Conversation> {
    const key = await this.#keyOf(found)
    const words = opened(found.id, () => unseal(key, found.sealed, aboutOf(found))) as ConversationWords
    return { ...words, ...factsOf(found) }
  }

  async #keyOf({ id, wrappedKey }: SealedConversation): Promise<KeyObject> {
    return keyForUse((await this.#keys()).unwrap(wrappedKey, id), use)
  }
}

const noWords: ConversationWords = { title: null, metadata: {} }

const wordsOf = ({ title, metadata }: ConversationWords): ConversationWords => ({ title, metadata })

const factsOf = ({ id, principal, made, used }: SealedConversation) => ({ id, principal, made, used })

/** Whoever can write the storage cannot give a conversation to another caller. */
const aboutOf = ({ id, principal }: Pick<SealedConversation, 'id' | 'principal'>): string =>
  JSON.stringify([id, principal])

type AboutRun = Pick<SealedRun, 'id' | 'conversation' | 'principal' | 'previous' | 'model' | 'requestId'>

function aboutRun({ id, conversation, principal, previous, model, requestId }: AboutRun, part: 'begin' | 'end') {
  return JSON.stringify([id, conversation, principal, previous, model, requestId, part])
}

function sealEnd(key: KeyObject, run: AboutRun, end: RunEnd): string {
  return seal(key, JSON.stringify(end), aboutRun(run, 'end'))
}

function openRun(key: KeyObject, { sealed, sealedEnd, ...facts }: SealedRun): Run {
  const details = opened(facts.id, () => unseal(key, sealed, aboutRun(facts, 'begin'))) as Run['details']
  if (sealedEnd === null) return { ...facts, details, end: null }
  const end = opened(facts.id, () => unseal(key, sealedEnd, aboutRun(facts, 'end'))) as RunEnd
  const { approval } = end
  // JSON has no dates.
  const revived =
    approval === undefined ? end : { ...end, approval: { ...approval, expires: new Date(approval.expires) } }
  return { ...facts, details, end: revived }
}

function opened(id: string, open: () => Buffer): unknown {
  try {
    return JSON.parse(open().toString('utf8'))
  } catch (cause) {
    throw new ServiceError('internal', `What is kept of ${id} is not what was put there.`, { cause })
  }
}

function noItem(id: string): ServiceError {
  return new ServiceError('not-found', `"${id.slice(0, 100)}" is no id of an item of this conversation.`, {
    parameter: 'after',
  })
}

function noRun(id: string): ServiceError {
  return new ServiceError('not-found', `There is no run "${id.slice(0, 100)}" to go on with.`, {
    advice: "It was deleted, or forgotten by its age, or is another conversation's.",
  })
}

function noConversation(id: string): ServiceError {
  return new ServiceError('not-found', `There is no conversation "${id.slice(0, 100)}".`, {
    advice: "It was deleted, or forgotten by its age, or is somebody else's.",
  })
}
