import { signal, type ReadonlySignal } from '@preact/signals'
import { toProblem } from '../../api/problem.ts'
import type { AskService } from './ask-service.ts'
import { keptTurns, settled } from './kept-turns.ts'
import { isGone, PlaceOfPrograms } from './place-of-programs.ts'
import { endedAs, endOfStream, failedTurn, reduceEvent } from './reduce-events.ts'
import { isRunning, newTurn, type Turn } from './turn.ts'

/** What a person is told beside their turns. */
export interface Told {
  readonly kind: 'info' | 'good' | 'warning'
  readonly text: string
}

interface ConversationParts {
  readonly api: AskService
  /** Milliseconds by a clock that only goes forward. */
  readonly now: () => number
  /** Told when the service has made the conversation. */
  readonly onMade: (id: string) => void
}

/** So many turns are looked up for how they ended when a conversation is opened; older ones are shown as they are kept. */
const mostLookedUp = 20
/** Where a conversation's metadata names the container of its programs. */
export const containerMember = 'web_container'

/** A conversation that a person has open: its turns, the one that runs, and the place of its programs. */
export class OpenConversation {
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

  constructor(id: string | null, parts: ConversationParts) {
    this.#id = id
    this.#parts = parts
    this.#place = this.#placeAt(null)
  }

  /** Null before the first question. */
  get id(): string | null {
    return this.#id
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
    this.#turns.value = keptTurns(items)
    await Promise.all(this.#turns.value.slice(-mostLookedUp).map((turn) => this.#lookUp(turn)))
  }

  /** Asks, and resolves when the answer is over; a turn says how it went. `files`: stored ones that programs are to find. */
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
    this.#turns.value = [...this.#turns.value, newTurn(question, now())]
    const change = (edit: (turn: Turn) => Turn): void => {
      this.#turns.value = this.#turns.value.map((turn, place) => (place === at ? edit(turn) : turn))
    }
    try {
      await this.#answer({ question, model, files, signal: abort.signal }, change)
      change((turn) => endOfStream(turn, now()))
    } catch (thrown) {
      const { code, message, advice, document } = toProblem(thrown)
      const said = [message, advice ?? ''].join(' ').trim()
      const decision = typeof document['decision_id'] === 'string' ? document['decision_id'] : null
      change((turn) =>
        abort.signal.aborted || turn.response !== null
          ? endOfStream(turn, now())
          : { ...failedTurn(turn, { code, message: said }, now()), decision },
      )
    } finally {
      this.#abort = null
    }
    if (abort.signal.aborted) return
    await this.#settle(at, change)
    await this.#readTitle(api)
  }

  /**
   * Ends what runs: closes the stream, waits until the service says that nothing runs for it any more, and ends its sandbox. Resolves
   * when that is so; what became of it is told.
   */
  async stop(): Promise<void> {
    const abort = this.#abort
    if (abort === null || abort.signal.aborted) return
    const { api, now } = this.#parts
    const begun = now()
    this.#stopping.value = true
    const at = this.#turns.value.findLastIndex(isRunning)
    const { response = null } = this.#turns.value[at] ?? {}
    abort.abort()
    try {
      const whole = response === null ? { status: 'cancelled' } : await api.cancelResponse(response)
      this.#turns.value = this.#turns.value.map((turn, place) =>
        place === at ? { ...endedAs({ ...turn, fault: null }, whole, now()), fault: null } : turn,
      )
      const had = this.#place.id !== null
      await this.#place.end()
      const seconds = ((now() - begun) / 1_000).toFixed(1)
      this.#told.value = {
        kind: 'good',
        text: had
          ? `Stopped. The sandbox has ended (${seconds} s): its variables are gone, its files will be in the next one.`
          : 'Stopped. No sandbox was at work yet.',
      }
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
    change: (edit: (turn: Turn) => Turn) => void,
  ): Promise<void> {
    const { api, now, onMade } = this.#parts
    if (this.#id === null) {
      this.#id = (await api.createConversation()).id
      onMade(this.#id)
    }
    const conversation = this.#id
    const before = this.#place.id
    let container = await this.#place.ready(files)
    for (let attempt = 0; ; attempt += 1) {
      if (container !== before) await this.#noteContainer(container)
      left.throwIfAborted()
      try {
        const onName = (name: string): void => change((turn) => ({ ...turn, name }))
        const events = api.ask({ model, input: question, conversation, container }, { signal: left, onName })
        for await (const { data } of events) change((turn) => reduceEvent(turn, data, now()))
        return
      } catch (thrown) {
        const hasBegun = this.#turns.value.at(-1)?.response !== null
        if (attempt > 0 || hasBegun || !isGone(thrown)) throw thrown
        container = await this.#place.renewed(files)
      }
    }
  }

  /** Reads what is kept of a turn that is over: how it ended where its stream broke off, and its words, marks and files. */
  async #settle(at: number, change: (edit: (turn: Turn) => Turn) => void): Promise<void> {
    const { api, now } = this.#parts
    const turn = this.#turns.value[at]
    if (this.#id === null || turn === undefined || turn.response === null) return
    try {
      if (turn.state === 'cut') {
        const whole = await api.showResponse(turn.response)
        change((cut) => (whole['status'] === 'in_progress' ? cut : endedAs(cut, whole, now())))
      }
      const kept = keptTurns(await api.itemsOf(this.#id))
      change((over) => settled(over, kept))
    } catch (thrown) {
      // What was seen stays; only marks and links may be missing.
      const { message } = toProblem(thrown)
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

  /** How a kept turn ended; runs of other surfaces have no response, and are taken for whole. */
  async #lookUp(turn: Turn): Promise<void> {
    const { response } = turn
    if (response === null) return
    try {
      const whole = await this.#parts.api.showResponse(response)
      const isLast = this.#turns.value.at(-1)?.response === response
      if (isLast && typeof whole['model'] === 'string') this.#model.value = whole['model']
      const { state, fault, decision, findings, milliseconds } = endedAs(
        turn,
        { ...whole, output: null },
        turn.begun ?? 0,
      )
      this.#turns.value = this.#turns.value.map((each) =>
        each.response === response ? { ...each, state, fault, decision, findings, milliseconds } : each,
      )
    } catch (thrown) {
      if (toProblem(thrown).status !== 404) throw thrown
    }
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
