import type { Secret } from '../../core/secret.ts'
import type { FilterContext } from '../filter.ts'
import type { Span } from '../views/text-view.ts'

/** What another program says of a text. */
export interface Verdict {
  readonly category: string
  /** 0 to 1, as the program gives it. */
  readonly score: number
  /** UTF-16 offsets into the text, within it and not empty; without it the verdict is about all of the text. */
  readonly place?: Span
}

/** One request to the program, and how many bytes its answer may have. */
export interface SourceRequest {
  readonly url: string
  readonly body?: unknown
  readonly token?: Secret | null
  readonly headersFor?: (body: string) => Readonly<Record<string, string>>
  readonly maximumBytes: number
}

/** Sends a request, and gives the JSON of its answer; rejects as `jsonAnswer` does. */
export type Ask = (request: SourceRequest) => Promise<unknown>

/** Another program that gives verdicts over texts: what it is asked with, and how its answers are understood. */
export interface VerdictSource {
  /** The program, as the first word of a message. */
  readonly who: string
  /** What it was built for, told with every decision: the model, or the configuration that it runs. */
  readonly version: string
  /** All that it may report. */
  readonly categories: readonly string[]
  /** How much goes into one question. */
  readonly batch: { readonly characters: number; readonly texts: number }
  /**
   * The verdicts over each of the texts. Rejects with a RemoteFault for every answer but a whole and right one about exactly
   * these texts.
   */
  verdicts(
    texts: readonly string[],
    about: { readonly context: FilterContext; readonly ask: Ask },
  ): Promise<readonly (readonly Verdict[])[]>
  /** Resolves where it could be asked now. Sends no text of anybody. */
  probe(ask: Ask): Promise<void>
}
