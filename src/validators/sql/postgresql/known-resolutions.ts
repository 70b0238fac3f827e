import type { Resolution } from '../../../core/catalog.ts'
import { RecentCache } from '../cache.ts'
import { readOutline } from './grammar/outline.ts'
import type { Resolved } from './known-templates.ts'
import { fitsForm, literalForms } from './literal-forms.ts'
import { namesObjects } from './names/types.ts'

interface Known extends Resolved {
  /** The literals of the text that was resolved, in order. */
  readonly literals: readonly string[]
}

/**
 * Resolutions of statements by their shape, in which plain literals are left out: whatever they are, the statement means the
 * same. A literal of a type that does not take any text (an enum, a number in quotes) is part of what was asked: the
 * analyzer is asked again for another one.
 */
export class KnownResolutions {
  readonly #known: RecentCache<Known>

  constructor(entries: number) {
    this.#known = new RecentCache(entries)
  }

  find(shape: string, statement: string): Resolved | null {
    const known = this.#known.get(shape)
    if (known !== undefined && fits(known, statement)) return known
    return this.#known.get(exactKey(shape, statement)) ?? null
  }

  remember(shape: string, statement: string, resolution: Resolution): Resolved {
    const forms = literalForms(statement, resolution)
    const known = { resolution, forms, literals: readOutline(statement)?.literals ?? [] }
    const isOpen = forms !== null && !forms.includes('fixed')
    if (!namesObjects(resolution)) this.#known.set(isOpen ? shape : exactKey(shape, statement), known)
    return known
  }
}

function exactKey(shape: string, statement: string): string {
  return `${shape}\0${statement}`
}

function fits({ forms, literals }: Known, statement: string): boolean {
  if (forms === null) return false
  if (!forms.includes('moment')) return true
  const others = readOutline(statement)?.literals
  if (others?.length !== forms.length) return false
  return forms.every((form, index) => fitsForm(form, others[index] ?? '', literals[index] ?? ''))
}
