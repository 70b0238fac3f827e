import { signal, type ReadonlySignal } from '@preact/signals'
import { toProblem } from '../../../api/problem.ts'
import type { AskService, ConversationParts } from '../ask-service.ts'
import { emptyDraft, type Draft } from './draft.ts'
import { keptTurns, settled } from '../turn/kept-turns.ts'
import { lookUpTurns, untilOver } from './look-up.ts'
import { isGone, PlaceOfPrograms } from './place-of-programs.ts'
import { endedAs, endOfStream, failedTurn, reduceEvent } from '../turn/reduce-events.ts'
import { ShownTurn } from '../turn/shown-turn.ts'
import type { Told } from './told.ts'
import { isRunning, newTurn, type Turn } from '../turn/turn.ts'

/** Where a conversation's metadata names the container of its programs. */
export const containerMember = 'web_container'

/** A conversation that a person has open: its turns, the one that runs, and the place of its programs. */
export class OpenConversation {
  /** What its person is writing. A question that the service did not take is in it again. */
  readonly draft = signal<Draft>(emptyDraft)
  readonly #parts: ConversationParts
  readonly #turns = signal<readonly Turn[]>([])
  readonly #title = signal<string | null>(null)
  readonly #told = signal<Told | null>(null)
  readonly #stopping = signal(false)
  readonly #model = signal<string | null>(null)
  #metadata: Readonly<Record<string, string>> = {}
  #place: PlaceOfPrograms
  #id: string | null
  #abort: AbortController | null = null
  #isStale = false
  #shown: ShownTurn | null = null

  constructor(id: string | null, parts: ConversationParts) {
    this.#id = id
    this.#parts = parts
    this.#place = this.#placeAt(null)
  }

  /** Null before the first question. */
  get id(): string | null {
    return this.#id
  }

  /** Is what it shows not what is kept of it, since that could not be read? */
  get isStale(): boolean {
    return this.#isStale
  }

  /** Its container, `cntr_…`; null before the first question. */
  get place(): string | null {
    return this.#place.id
  }

  get turns(): ReadonlySignal<readonly Turn[]> {
    return this.#turns
  }

  get title(): ReadonlySignal<string | null> {
    return this.#title
  }

  get told(): ReadonlySignal<Told | null> {
    return this.#told
  }

  /** The model that was asked last, with its data source behind a colon; null before the first question, and where nobody knows it any more. */
  get model(): ReadonlySignal<string | null> {
    return this.#model
  }

  /** Is what was asked being ended? */
  get stopping(): ReadonlySignal<boolean> {
    return this.#stopping
  }

  get isRunning(): boolean {
    return this.#turns.value.some(isRunning)
  }

  dismiss(): void {
    this.#told.value = null
  }

  renamed(title: string | null): void {
    this.#title.value = title
  }

  /** Fills it with what is kept. Rejects with `not-found` for one that is nobody's, or somebody else's. */
  async load(): Promise<void> {
    const { api } = this.#parts
    const id = this.#id
    if (id === null) return
    const [{ title, metadata }, items] = await Promise.all([api.showConversation(id), api.itemsOf(id)])
    this.#title.value = title
    this.#metadata = metadata
    this.#place = this.#placeAt(metadata[containerMember] ?? null)
    const { turns, model } = await lookUpTurns(api, keptTurns(items))
    this.#turns.value = turns
    if (model !== null) this.#model.value = model
    this.#isStale = false
    if (this.isRunning) void this.#follow()
  }

  /**
   * Asks, and resolves when the answer is over; a turn says how it went. `files`: stored ones that programs are to find. A question that
   * the service did not take goes back to who wrote it, unless they are writing another one.
   */
  async ask(
    question: string,
    { model, files }: { readonly model: string; readonly files: readonly string[] },
  ): Promise<void> {
    if (this.isRunning) throw new Error('An answer is still being given.')
    const { api, now } = this.#parts
    const at = this.#turns.value.length
    const abort = new AbortController()
    this.#abort = abort
    this.#told.value = null
    this.#model.value = model
    const turn = new ShownTurn(newTurn(question, now()), this.#parts.wait, (shown) => {
      this.#turns.value = this.#turns.value.with(at, shown)
    })
    this.#turns.value = [...this.#turns.value, turn.now]
    this.#shown = turn
    try {
      await this.#answer({ question, model, files, signal: abort.signal }, turn)
      turn.change((before) => endOfStream(before, now()))
    } catch (thrown) {
      const { code, message, advice, document } = toProblem(thrown)
      const said = [message, advice ?? ''].join(' ').trim()
      const decision = typeof document['decision_id'] === 'string' ? document['decision_id'] : null
      turn.change((before) =>
        abort.signal.aborted || before.response !== null
          ? endOfStream(before, now())
          : { ...failedTurn(before, { code, message: said }, now()), decision },
      )
    } finally {
      turn.show()
      this.#abort = null
      this.#shown = null
    }
    const { draft } = this
    if (turn.now.response === null && draft.value.words.trim() === '') draft.value = { ...draft.value, words: question }
    if (abort.signal.aborted) return
    await this.#settle(turn)
    turn.show()
    await this.#readTitle(api)
  }

  /**
   * Ends what runs: closes the stream, waits until the service says that nothing runs for it any more, and ends its sandbox. Resolves
   * when that is so; what became of it is told.
   */
  async stop(): Promise<void> {
    const shown = this.#shown
    shown?.show()
    const at = this.#turns.value.findLastIndex(isRunning)
    if (at < 0 || this.#stopping.value) return
    const { api, now } = this.#parts
    const begun = now()
    this.#stopping.value = true
    const { response = null } = this.#turns.value[at] ?? {}
    this.#abort?.abort()
    try {
      const whole = response === null ? { status: 'cancelled' } : await api.cancelResponse(response)
      const stopped = (turn: Turn): Turn => ({ ...endedAs({ ...turn, fault: null }, whole, now()), fault: null })
      if (shown === null) this.#turns.value = this.#turns.value.with(at, stopped(this.#turns.value[at] as Turn))
      else shown.change(stopped)
      shown?.show()
      const had = await this.#place.end()
      const seconds = ((now() - begun) / 1_000).toFixed(1)
      const ended = `Stopped. The sandbox has ended (${seconds} s): its variables are gone, its files will be in the next one.`
      this.#told.value = { kind: 'good', text: had ? ended : 'Stopped. No sandbox was at work.' }
    } catch (thrown) {
      const { message, advice } = toProblem(thrown)
      const text = `The answer was stopped here, but the service did not say that all of it has ended: ${message} ${advice ?? ''}`
      this.#told.value = { kind: 'warning', text: text.trim() }
    } finally {
      this.#stopping.value = false
    }
  }

  /** The container that programs of the person run in, made where there is none. */
  async container(): Promise<string> {
    const before = this.#place.id
    const id = await this.#place.ready([])
    if (id !== before) await this.#noteContainer(id)
    return id
  }

  /** The same after it was not found. */
  async renewedContainer(): Promise<string> {
    const id = await this.#place.renewed([])
    await this.#noteContainer(id)
    return id
  }

  async #answer(
    {
      question,
      model,
      files,
      signal: left,
    }: {
      readonly question: string
      readonly model: string
      readonly files: readonly string[]
      readonly signal: AbortSignal
    },
    turn: ShownTurn,
  ): Promise<void> {
    const { api, now, onMade } = this.#parts
    if (this.#id === null) {
      this.#id = (await api.createConversation()).id
      onMade(this.#id)
    }
    const conversation = this.#id
    left.throwIfAborted()
    const before = this.#place.id
    let container = await this.#place.ready(files)
    for (let attempt = 0; ; attempt += 1) {
      left.throwIfAborted()
      if (container !== before) await this.#noteContainer(container)
      try {
        const onName = (name: string): void => turn.change((before) => ({ ...before, name }))
        const events = api.ask({ model, input: question, conversation, container }, { signal: left, onName })
        for await (const { data } of events) turn.change((before) => reduceEvent(before, data, now()))
        return
      } catch (thrown) {
        if (attempt > 0 || turn.now.response !== null || !isGone(thrown)) throw thrown
        container = await this.#place.renewed(files)
      }
    }
  }

  /** Reads what is kept of a turn that is over: how it ended where its stream broke off, and its words, marks and files. */
  async #settle(turn: ShownTurn): Promise<void> {
    const { api, now } = this.#parts
    const { response, state } = turn.now
    if (this.#id === null || response === null) return
    try {
      if (state === 'cut') {
        const whole = await api.showResponse(response)
        turn.change((cut) => (whole['status'] === 'in_progress' ? cut : endedAs(cut, whole, now())))
      }
      const kept = keptTurns(await api.itemsOf(this.#id))
      turn.change((over) => settled(over, kept))
    } catch (thrown) {
      // What was seen stays; only marks and links may be missing.
      const { message } = toProblem(thrown)
      this.#isStale = true
      this.#told.value = { kind: 'warning', text: `What is kept of this answer could not be read: ${message}` }
    }
  }

  async #readTitle(api: AskService): Promise<void> {
    if (this.#id === null || this.#title.value !== null) return
    try {
      this.#title.value = (await api.showConversation(this.#id)).title
    } catch {
      // It is shown without one, as a new conversation is.
    }
  }

  /** Waits for an answer that another page reads, and shows it then. */
  async #follow(): Promise<void> {
    const { api, wait } = this.#parts
    const isLeft = (): boolean => !this.isRunning
    const response = this.#turns.value.find(({ state }) => state === 'elsewhere')?.response ?? null
    if (response === null) return
    const fault = await untilOver(api, response, { wait, isLeft })
    if (isLeft()) return
    // Where it cannot be read now, it is asked for again.
    if (fault === null) await this.load().catch(() => this.#follow())
    else this.#change(response, { state: 'failed', fault })
  }

  #change(response: string | null, change: Partial<Turn>): void {
    this.#turns.value = this.#turns.value.map((each) => (each.response === response ? { ...each, ...change } : each))
  }

  async #noteContainer(id: string): Promise<void> {
    if (this.#id === null) return
    this.#metadata = { ...this.#metadata, [containerMember]: id }
    await this.#parts.api.changeConversation(this.#id, { metadata: this.#metadata })
  }

  #placeAt(id: string | null): PlaceOfPrograms {
    return new PlaceOfPrograms(this.#parts.api, id, (text) => {
      this.#told.value = { kind: 'info', text }
    })
  }
}
