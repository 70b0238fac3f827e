import type { Language, Vetted } from '../core/vetted.ts'
import type { Verdict } from '../core/verdict.ts'

/**
 * Decides whether a source may run. Every finding is reported at once. Never throws for what the source holds: a source
 * that cannot be parsed, or that kills the parser, is refused with a finding; only `signal` makes it reject.
 */
export interface Validator<L extends Language> {
  readonly language: L
  validate(source: string, signal: AbortSignal): Promise<Verdict<Vetted<L>>>
}
