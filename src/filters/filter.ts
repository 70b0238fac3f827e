import type { Provenance } from '../core/provenance.ts'
import type { AnswerSoFar } from './answer-so-far.ts'
import type { KnownAddresses } from './links/known-addresses.ts'

/** Who is speaking to whom: into a model, or out to the caller. */
export type Direction = 'inbound' | 'outbound'

/** A piece of text to look at. */
export interface FilterPart {
  readonly text: string
  readonly provenance: Provenance
  /** Name of the column or field the text stands in: says what a bare number is. */
  readonly label?: string
  /** The text is a name or a number that programs compare: no word of it is somebody's name. */
  readonly isCompared?: boolean
  /** What a reader's program makes of the text: Markdown is rendered, HTML loads what it names. */
  readonly form?: 'markdown' | 'html'
  /** Other values of the column the text stands in: numbers with a check digit by chance stand among others without. */
  readonly siblings?: readonly string[]
  /** The stretch that is decided on; what stands around it is only there to be read with it. */
  readonly focus?: { readonly start: number; readonly end: number }
}

/** What a detector saw. `start` and `end` are UTF-16 offsets into the part's text, end exclusive. */
export interface FilterFinding {
  readonly part: number
  readonly start: number
  readonly end: number
  /** `pii/email`, `secret/private-key`, `sql-leak`, … */
  readonly category: string
  /** What stands in its place where it is masked; what its category says where this is absent. */
  readonly instead?: string
  /** Is it about the same thing as one that was said before? Then it is counted with it. */
  readonly continues?: boolean
  /** 0 to 1. */
  readonly score: number
  /** How grave it is, whatever its likelihood: 1 mild, 2 grave, 3 the gravest of its kind. Of detectors that tell. */
  readonly severity?: 1 | 2 | 3
  /** Detector and its version, e.g. `pii-patterns@1`. */
  readonly detector: string
}

export interface FilterContext {
  readonly direction: Direction
  readonly group: string
  /** SQL that was run for this answer: what `sql-leak` looks for. */
  readonly executedSql: readonly string[]
  /** Any SQL counts, also a statement that was not run (yet). */
  readonly anySql?: boolean
  /** Only what has a form of its own is wanted: a detector need not look for names of people and places. */
  readonly structuredOnly?: boolean
  /** What a model was told before the conversation: an answer must not repeat it. */
  readonly systemPrompts?: readonly string[]
  /** Texts that stand nowhere but in what a model was told: an answer that holds one has repeated it. */
  readonly canaries?: readonly string[]
  /** Names of tables and columns that callers are shown under other names. */
  readonly hiddenNames?: readonly string[]
  /** Addresses that may stand in an answer as links; without them plain addresses are left alone. */
  readonly addresses?: KnownAddresses
  /** Stands for one answer that is asked about piece by piece: what is split over its pieces adds up. */
  readonly answer?: AnswerSoFar
}

/** A detector: reports, never acts. The profile decides what a finding means. */
export interface Filter {
  /** With its version where `version` does not say it: `pii-patterns@1`. */
  readonly name: string
  readonly version?: string
  /** All that it may report; without them it may report anything. */
  readonly categories?: readonly string[]
  /** `costly` ones ask another process: they are asked beside the others, and left where a block is certain before. */
  readonly cost?: 'cheap' | 'costly'
  /** It has to see all parts in one call, for what is split over them, and gives way to other work of the process by itself. */
  readonly readsTogether?: boolean
  /** What a failure of this detector means: stop the answer, or go on without it (stated, never silent). */
  readonly onFailure: 'closed' | 'open'
  inspect(parts: readonly FilterPart[], context: FilterContext, signal: AbortSignal): Promise<readonly FilterFinding[]>
  /** The same, of a detector that waits for nothing: it is then asked so. */
  readonly inspectAtOnce?: (parts: readonly FilterPart[], context: FilterContext) => readonly FilterFinding[]
}
