import type { Language, Vetted, VettedFacts } from '../core/vetted.ts'

/** The only maker of `Vetted`. Called by a validator, after every rule has passed; the architecture test holds that. */
export function vet<L extends Language>(language: L, text: string, facts: VettedFacts[L]): Vetted<L> {
  return Object.freeze({ ...facts, language, text }) as Vetted<L>
}
