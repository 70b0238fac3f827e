import type { AgentEnding, AgentEvent, ToolSource } from '../../core/events.ts'
import type { PlanStep } from '../../core/plan.ts'
import type { CellResult, TableData } from '../../core/result.ts'
import { SpacedText } from '../../core/spaced-text.ts'
import type { Finding } from '../../core/verdict.ts'

type End = Extract<AgentEvent, { type: 'end' }>
type Artifact = Extract<AgentEvent, { type: 'artifact' }>['artifact']

/** A step of a run, for the machine-readable outputs. */
export interface CollectedStep {
  readonly tool: string
  readonly kind: 'result' | 'refused' | 'failed'
  /** What the model wrote; null where the tool takes none, or where the caller may not see it. */
  readonly source: ToolSource | null
  readonly milliseconds: number | null
  readonly ranIn: string | null
  readonly message: string
  /** What came of a program; null for other tools and for steps that failed. */
  readonly cell: CellResult | null
  /** Rows of a statement. */
  readonly table: TableData | null
}

/** What a run said, put together: the text of its last step is the answer, what was said on the way is commentary. */
export class CollectedAnswer {
  readonly steps: CollectedStep[] = []
  readonly tables: TableData[] = []
  readonly artifacts: Artifact[] = []
  /** What the model meant to do at last; null where it said nothing of it. */
  plan: readonly PlanStep[] | null = null
  /** What a filter replaced or cut on the way. */
  readonly findings: Finding[] = []
  /** Sources of calls that have no outcome yet, by the id of the call. */
  readonly #sources = new Map<string, ToolSource | null>()
  #text = ''
  /** The last message of the run, which a step without a call does not end. */
  readonly #message = new SpacedText()
  #end: End | null = null

  /**
   * Takes one event; returns commentary that turned out not to be the answer, null where the event ends no commentary.
   */
  take(event: AgentEvent): string | null {
    switch (event.type) {
      case 'step-start':
        return this.#turnIntoCommentary()
      case 'text-delta':
        this.#text += event.text
        this.#message.add(event.step, event.text)
        return null
      case 'plan':
        this.plan = event.steps
        this.#message.take()
        return this.#turnIntoCommentary()
      case 'tool-call':
        this.#sources.set(event.callId, event.source)
        this.#message.take()
        return this.#turnIntoCommentary()
      case 'tool-result': {
        const { tool, milliseconds, ranIn, summary, cell, table } = event
        this.findings.push(...(event.findings ?? []))
        const source = this.#sourceOf(event.callId)
        this.steps.push({ tool, kind: 'result', source, milliseconds, ranIn, message: summary, cell, table })
        const shown = table ?? cell?.results.findLast((item) => item.data !== undefined)?.data
        if (shown !== undefined) this.tables.push(shown)
        return null
      }
      case 'tool-refusal':
        this.#stopped(event, 'refused')
        return null
      case 'tool-failure':
        this.#stopped(event, 'failed')
        return null
      case 'artifact':
        this.artifacts.push(event.artifact)
        return null
      case 'end':
        this.#end = event
        this.findings.push(...(event.findings ?? []))
        return null
    }
  }

  get text(): string {
    return this.#text.trim()
  }

  /** What is to be added to a place in the last message of the run for the place in this text; the text is its end, and without blanks around it. */
  get offset(): number {
    return this.#text.trimStart().length - this.#message.text.length
  }

  /** The result that the answer is about: the last one. */
  get table(): TableData | null {
    return this.tables.at(-1) ?? null
  }

  /** Null when the stream broke off: then the run did not end, whatever its text says. */
  get end(): End | null {
    return this.#end
  }

  get ending(): AgentEnding | null {
    return this.#end?.ending ?? null
  }

  #stopped(
    { callId, tool, message }: { readonly callId: string; readonly tool: string; readonly message: string },
    kind: 'refused' | 'failed',
  ): void {
    const nothing = { milliseconds: null, ranIn: null, cell: null, table: null }
    this.steps.push({ tool, kind, source: this.#sourceOf(callId), message, ...nothing })
  }

  #sourceOf(callId: string): ToolSource | null {
    const source = this.#sources.get(callId) ?? null
    this.#sources.delete(callId)
    return source
  }

  #turnIntoCommentary(): string | null {
    const commentary = this.#text.trim()
    this.#text = ''
    return commentary === '' ? null : commentary
  }
}
