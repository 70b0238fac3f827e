import type { AgentEnding, AgentEvent, ToolSource } from './events.ts'
import type { JsonValue } from './json.ts'
import type { PlanStep } from './plan.ts'
import type { Taint } from './provenance.ts'
import type { Principal } from './principal.ts'
import type { SaidMessage } from './said-message.ts'
import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** How a run stands. `incomplete` ended at a limit of its own, `interrupted` lost the process that ran it: what it had finished is kept, and nothing goes on by itself. */
export type RunState = 'running' | 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'interrupted'

/** The state that a run has by the ending of its agent. */
export const stateOfEnding: Readonly<Record<AgentEnding, Exclude<RunState, 'running'>>> = {
  answer: 'completed',
  'step-limit': 'incomplete',
  'token-limit': 'incomplete',
  'time-limit': 'incomplete',
  'cost-limit': 'incomplete',
  'correction-limit': 'incomplete',
  'empty-turns': 'failed',
  'model-length': 'incomplete',
  'model-filtered': 'incomplete',
  cancelled: 'cancelled',
  failed: 'failed',
}

type Said<Type extends AgentEvent['type']> = Omit<Extract<AgentEvent, { readonly type: Type }>, 'type'>

/** How a call of a tool came out, as it was screened. */
export type ToolOutcome =
  | ({ readonly kind: 'result' } & Omit<Said<'tool-result'>, 'callId' | 'tool' | 'origins'>)
  | ({ readonly kind: 'refusal' } & Omit<Said<'tool-refusal'>, 'callId' | 'tool'>)
  | { readonly kind: 'failure'; readonly message: string }

/** One thing that was said or done in a conversation. `origins`: where it came from; absent where nobody has followed it. */
export type ConversationItem =
  | SaidMessage
  /** What a model meant to do, as it then was. */
  | { readonly type: 'plan'; readonly steps: readonly PlanStep[] }
  | {
      readonly type: 'tool-use'
      readonly callId: string
      readonly tool: string
      /** What ran, where it may be shown. */
      readonly source: ToolSource | null
      readonly outcome: ToolOutcome
      readonly origins?: readonly Taint[]
    }
  | {
      readonly type: 'artifact'
      /** The stored file; null for one that could not be kept, as its name still says. */
      readonly fileId: string | null
      readonly name: string
      readonly mediaType: string
      readonly bytes: number
      readonly isMasked?: boolean
      readonly origins?: readonly Taint[]
    }

/** An item as it is kept. */
export interface KeptItem {
  /** `item_`, the digits of its conversation, and its place: `itemIdOf` and `placeOfItem` go between the two. */
  readonly id: string
  readonly conversation: string
  /** Counts from 0 in its conversation, with gaps where items were deleted. */
  readonly place: number
  /** The run that said it; null where it was added by its owner. */
  readonly run: string | null
  readonly made: Date
  readonly item: ConversationItem
}

/** Which items, conversations or runs. */
export interface PageOptions {
  /** The id of the last one that was seen, whether or not it is still there. */
  readonly after?: string | undefined
  readonly most: number
}

export interface ConversationWords {
  /** For people; null for none. */
  readonly title: string | null
  /** Whatever its owner says of it. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface Conversation extends ConversationWords {
  /** `conv_…` */
  readonly id: string
  readonly principal: Principal['id']
  readonly made: Date
  /** When it last got an item. */
  readonly used: Date
}

/** How a run ended: the words of its `end`. */
export type RunEnd = Said<'end'>

export interface RunFacts {
  /** `run_…` */
  readonly id: string
  readonly conversation: string
  readonly principal: Principal['id']
  /** The run that it goes on with; null for the first one. */
  readonly previous: string | null
  readonly state: RunState
  readonly model: string
  readonly requestId: string
  readonly begun: Date
  /** Null as long as it runs. */
  readonly ended: Date | null
}

export interface Run extends RunFacts {
  /** What the surface has to know of it later, in its own words. */
  readonly details: JsonValue
  /** Null as long as it runs, and where it was interrupted. */
  readonly end: RunEnd | null
}

export interface RunToBegin {
  /** The conversation that it goes on with; null makes one. With `previous` it may be null, too: it is that run's then. */
  readonly conversation: string | null
  /** The run that it goes on with, `previous_response_id`; absent, the last one of the conversation. */
  readonly previous?: string | null | undefined
  /**
   * Is it the only one that may run in its conversation? Then another one is refused with `conflict` as long as it runs. Runs that go on
   * from a `previous` one side by side are not.
   */
  readonly isExclusive: boolean
  readonly model: string
  readonly requestId: string
  /** Kept with it, at most 256 KiB in JSON. */
  readonly details: JsonValue
  /** What was said to begin it; kept before `begin` resolves. */
  readonly items: readonly ConversationItem[]
  /** Of a conversation that this makes; of one without a title, the title. */
  readonly words?: ConversationWords
}

/** Where a turn is kept that its caller wants kept. */
export interface KeptTurn {
  /** The conversation that it goes on with; null for a new one. */
  readonly conversation: string | null
  /** The run that it goes on from; absent, the last one of the conversation. */
  readonly previous?: string | null
  readonly details?: JsonValue
  /** Of a conversation that this makes. */
  readonly words?: ConversationWords
  /** Told of the run when it is begun, before anything of the answer comes. */
  readonly onRun?: (run: Run) => void
}

/**
 * A run while this process runs it. Leaving scope before `end` resolved makes it `interrupted`. Each method rejects with `conflict` where the run
 * is no longer this process's: another one found it dead, or its conversation was deleted.
 */
export interface RunWriter extends AsyncDisposable {
  readonly run: Run
  /** Aborts with `cancelled` when somebody asked for its end, in whichever process, and with `sandbox-lost` where this process was taken for dead. */
  readonly signal: AbortSignal
  /** Resolves when they are on the disk. */
  add(items: readonly ConversationItem[]): Promise<readonly KeptItem[]>
  /** Resolves when it is on the disk that the run is over. */
  end(state: Exclude<RunState, 'running'>, end: RunEnd | null): Promise<void>
}

/**
 * Conversations of callers with their runs, each its principal's own: another's is `null`, as one that never was. What a method resolves for is on
 * the disk. Each rejects with `storage-unavailable` where the store is at fault, and with `internal` where a row was changed by somebody else or
 * the key of the service is another one.
 */
export interface Conversations {
  create(principal: string, words: ConversationWords, items: readonly ConversationItem[]): Promise<Conversation>
  show(principal: string, id: string): Promise<Conversation | null>
  /** The one that was used last; null for none. */
  latest(principal: string): Promise<Conversation | null>
  /** Newest first. */
  list(principal: string, page: PageOptions): Promise<readonly Conversation[]>
  change(principal: string, id: string, words: ConversationWords): Promise<Conversation | null>
  /** Its key and everything in it, for good; the files of its runs are for whoever calls this. False for none. */
  delete(principal: string, id: string): Promise<boolean>
  /** Rejects with `conflict` while a run that is exclusive runs in it; null for no such conversation. */
  add(principal: string, id: string, items: readonly ConversationItem[]): Promise<readonly KeptItem[] | null>
  /** Null for no such conversation. */
  items(
    principal: string,
    id: string,
    page: PageOptions & { readonly order: 'asc' | 'desc' },
  ): Promise<readonly KeptItem[] | null>
  /** False for none. */
  deleteItem(principal: string, id: string, itemId: string): Promise<boolean>
  /** Rejects with `not-found` for a conversation or a previous run that is not there, with `conflict` where another one runs. */
  begin(principal: string, run: RunToBegin): Promise<RunWriter>
  showRun(principal: string, id: string): Promise<Run | null>
  /** The last one that began in a conversation; null for none. */
  lastRun(principal: string, conversation: string): Promise<Run | null>
  /** Oldest first; null for no such conversation. */
  runs(principal: string, conversation: string, page: PageOptions): Promise<readonly Run[] | null>
  /** What belongs to one run, in its order; null for none. */
  runItems(principal: string, id: string): Promise<readonly KeptItem[] | null>
  /**
   * What was said up to the end of a run, of it and of those that it goes on with, oldest first; null for none. With bounds, of the last runs alone that
   * reach one of them.
   */
  history(
    principal: string,
    id: string,
    most?: { readonly items: number; readonly characters: number },
  ): Promise<readonly KeptItem[] | null>
  /** Its items as well; false for none, and for one that runs. */
  deleteRun(principal: string, id: string): Promise<boolean>
  /** Asks whichever process runs it to end it; resolves with how it stands, null for none. */
  askToCancel(principal: string, id: string): Promise<RunState | null>
}

const itemPattern = /^item_([0-9a-f]{32})_(\d{1,15})$/

export function itemIdOf(conversation: string, place: number): string {
  return `item_${conversation.replace(/^conv_/, '')}_${place}`
}

/** Null for what is no id of an item of this conversation. */
export function placeOfItem(conversation: string, itemId: string): number | null {
  const [, digits, place] = itemPattern.exec(itemId) ?? []
  return `conv_${digits}` === conversation ? Number(place) : null
}

/** A conversation as it is stored: its words are sealed by a data key of its own, which the key of the service wraps. */
export interface SealedConversation extends WrappedRow {
  readonly principal: string
  readonly made: Date
  readonly used: Date
  readonly sealed: string
}

/** An item as it is stored, in pieces so that no row is large. */
export interface SealedItem {
  readonly place: number
  readonly run: string | null
  readonly made: Date
  readonly pieces: readonly string[]
}

export interface SealedRun extends RunFacts {
  readonly sealed: string
  /** Null as long as it runs. */
  readonly sealedEnd: string | null
}

/** Seals an item for the place that it gets. */
export type SealAt = (place: number) => readonly string[]

/** Conversations in the storage. Every id is looked for beside its principal. */
export interface StoredConversations extends WrappedRows {
  create(conversation: Omit<SealedConversation, 'made' | 'used'>, items: readonly SealAt[]): Promise<SealedConversation>
  show(principal: string, id: string): Promise<SealedConversation | null>
  latest(principal: string): Promise<SealedConversation | null>
  list(principal: string, page: PageOptions): Promise<readonly SealedConversation[]>
  /** With `was`, only as long as it is what is there. */
  change(principal: string, id: string, sealed: string, was?: string): Promise<boolean>
  delete(principal: string, id: string): Promise<boolean>
  /** Null for no such conversation; rejects with `conflict` while an exclusive run runs in it. */
  add(principal: string, id: string, items: readonly SealAt[]): Promise<readonly SealedItem[] | null>
  /** `after`: a place. */
  items(
    conversation: string,
    page: { readonly after: number | null; readonly most: number; readonly order: 'asc' | 'desc' },
  ): Promise<readonly SealedItem[]>
  deleteItem(principal: string, conversation: string, place: number): Promise<boolean>
  /**
   * Rejects with `conflict` where another exclusive one runs, with `not-found` where the conversation is gone. `create`: a conversation that is
   * made with it.
   */
  begin(
    run: Omit<SealedRun, 'state' | 'begun' | 'ended' | 'sealedEnd'>,
    options: {
      readonly isExclusive: boolean
      readonly create: Omit<SealedConversation, 'made' | 'used'> | null
      readonly items: readonly SealAt[]
    },
  ): Promise<SealedRun>
  /** Rejects with `conflict` where the run is not one that this process runs. */
  addToRun(run: RunFacts, items: readonly SealAt[]): Promise<readonly SealedItem[]>
  endRun(run: RunFacts, state: RunState, sealedEnd: string | null): Promise<void>
  /** Makes it `interrupted` as soon as the storage can be written. Never rejects. */
  leaveRun(run: RunFacts): Promise<void>
  showRun(principal: string, id: string): Promise<SealedRun | null>
  /** The last one that began; null for none. */
  lastRun(conversation: string): Promise<SealedRun | null>
  runs(conversation: string, page: PageOptions): Promise<readonly SealedRun[]>
  runItems(runs: readonly string[]): Promise<readonly SealedItem[]>
  /** Ids of a run and of those that it goes on with, the newest first. */
  lineOf(principal: string, id: string): Promise<readonly string[]>
  deleteRun(principal: string, id: string): Promise<boolean>
  askToCancel(principal: string, id: string): Promise<RunState | null>
  /** Calls back where a run of this process has to end, as somebody asked for it or as the process was taken for dead; disposing stops that. */
  watchCancel(run: string, onStop: (why: 'asked' | 'lost') => void): Disposable
}
