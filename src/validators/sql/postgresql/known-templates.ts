import { bytesOf } from '../../../core/sizes.ts'
import type { Resolution } from '../../../core/catalog.ts'
import { checkBytes } from '../bytes.ts'
import { RecentCache } from '../cache.ts'
import { readOutline, type Outline } from './grammar/outline.ts'
import { fillTemplate, fixLiterals, placesOfFree, type Template } from './grammar/template.ts'
import { fitsForm, type LiteralForm } from './literal-forms.ts'
import { namesObjects } from './names/types.ts'
import type { SqlGateOptions } from '../options.ts'

interface Known {
  readonly template: Template
  /** The form of each free literal, in order. */
  readonly forms: readonly LiteralForm[]
  readonly resolution: Resolution
}

/** A resolution, and what else may stand for each literal of the canonical text: null where that is not known. */
export interface Resolved {
  readonly resolution: Resolution
  readonly forms: readonly LiteralForm[] | null
}

/** Longest source looked at, in UTF-16 code units. */
const maximumSource = 4_096

/**
 * Templates of statements that passed every check. A source that differs from such a statement in free literals only has
 * its tree but for their values (decision 20), so it is answered from the template, without a process that parses. What
 * depends on a text or a literal itself is checked again on each: bytes, brackets, the length of literals, and whether
 * the analyzer would read it as it read the one before.
 */
export class KnownTemplates {
  readonly #options: SqlGateOptions
  /** Which literals are free, by outline. */
  readonly #free: RecentCache<Template['isFree']>
  /** Known statements by their outline and the literals that are not free. */
  readonly #known: RecentCache<Known>

  constructor(options: SqlGateOptions) {
    this.#options = options
    this.#free = new RecentCache(options.cache_entries)
    this.#known = new RecentCache(options.cache_entries)
  }

  /** The canonical text and the resolution of a source; null where it has to be parsed. */
  find(source: string): { readonly canonical: string; readonly resolution: Resolution } | null {
    if (source.length > maximumSource) return null
    const outline = readOutline(source)
    const isFree = outline === null ? undefined : this.#free.get(outline.text)
    if (outline === null || isFree === undefined) return null
    const known = this.#known.get(keyOf(outline, isFree))
    if (known === undefined || !this.#isWithinBudgets(source, outline)) return null
    const isRead = known.template.order.every((number, index) =>
      fitsForm(known.forms[index] ?? 'fixed', outline.literals[number] ?? '', ''),
    )
    if (!isRead) return null
    const canonical = fillTemplate(known.template, outline)
    return canonical === null ? null : { canonical, resolution: known.resolution }
  }

  /** Remembers what a statement that passed every check has in common with others. */
  remember(source: string, made: Template | null, { resolution, forms }: Resolved): void {
    if (made === null || source.length > maximumSource || namesObjects(resolution)) return
    const outline = readOutline(source)
    const canonical = outline === null ? null : readOutline(fillTemplate(made, outline) ?? '')
    if (outline === null || canonical === null) return
    const found = placesOfFree(made, outline).map((place) => forms?.[canonical.starts.indexOf(place)] ?? 'fixed')
    const template = fixLiterals(made, outline, (index) => found[index] === 'fixed')
    if (template === null) return
    this.#free.set(outline.text, template.isFree)
    const free = found.filter((form) => form !== 'fixed')
    this.#known.set(keyOf(outline, template.isFree), { template, forms: free, resolution })
  }

  #isWithinBudgets(source: string, { literals }: Outline): boolean {
    const { maximum_kb: maximum, maximum_depth: maximumBrackets, maximum_literal_kb: longest } = this.#options
    if (checkBytes(source, { maximumBytes: bytesOf.kb(maximum), maximumBrackets }) !== null) return false
    return literals.every((literal) => literal.length <= bytesOf.kb(longest))
  }
}

/** Tells which literals are free, too: none is empty as written, and none holds a NUL. */
function keyOf(outline: Outline, isFree: Template['isFree']): string {
  return [outline.text, ...outline.literals.map((literal, index) => (isFree[index] === true ? '' : literal))].join('\0')
}
