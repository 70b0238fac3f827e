import type { AgentEnding, AgentEvent } from '../../core/events.ts'
import type { TableData } from '../../core/result.ts'

type End = Extract<AgentEvent, { type: 'end' }>
type Artifact = Extract<AgentEvent, { type: 'artifact' }>['artifact']

/** A step of a run, for the machine-readable outputs. */
export interface CollectedStep {
  readonly tool: string
  readonly kind: 'result' | 'refused' | 'failed'
  readonly milliseconds: number | null
  readonly ranIn: string | null
  readonly message: string
}

/** What a run said, put together: the text of its last step is the answer, what was said on the way is commentary. */
export class CollectedAnswer {
  readonly steps: CollectedStep[] = []
  readonly tables: TableData[] = []
  readonly artifacts: Artifact[] = []
  #text = ''
  #end: End | null = null

  /** Takes one event; returns commentary that turned out not to be the answer, null where there is none. */
  take(event: AgentEvent): string | null {
    switch (event.type) {
      case 'step-start':
        return this.#turnIntoCommentary()
      case 'text-delta':
        this.#text += event.text
        return null
      case 'tool-call':
        return this.#turnIntoCommentary()
      case 'tool-result': {
        const { tool, milliseconds, ranIn, summary } = event
        this.steps.push({ tool, kind: 'result', milliseconds, ranIn, message: summary })
        const table = event.table ?? event.cell?.results.findLast((item) => item.data !== undefined)?.data
        if (table !== undefined) this.tables.push(table)
        return null
      }
      case 'tool-refusal':
        this.steps.push({ tool: event.tool, kind: 'refused', milliseconds: null, ranIn: null, message: event.message })
        return null
      case 'tool-failure':
        this.steps.push({ tool: event.tool, kind: 'failed', milliseconds: null, ranIn: null, message: event.message })
        return null
      case 'artifact':
        this.artifacts.push(event.artifact)
        return null
      case 'end':
        this.#end = event
        return null
    }
  }

  get text(): string {
    return this.#text.trim()
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

  #turnIntoCommentary(): string | null {
    const commentary = this.#text.trim()
    this.#text = ''
    return commentary === '' ? null : commentary
  }
}
