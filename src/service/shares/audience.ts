import type { Catalog } from '../../core/catalog.ts'
import type { Grant } from '../../core/grant.ts'
import type { Principal } from '../../core/principal.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { ScreenerFor } from '../../gateway/screen/screener-for.ts'
import type { GrantedSource } from '../../sources/source.ts'

/** Those for whom a share is made, with what decides about what they may read. */
export interface Audience {
  /** Stands for callers of the group: no credential is its. */
  readonly principal: Principal
  readonly grant: Grant
  readonly screenerFor: ScreenerFor
  /** Hosts of the operator's, to which links may lead. */
  readonly linkHosts: readonly string[]
  /** A data source as the group sees it. Throws `not-found` for none; where the group sees nothing of it, it rejects whatever is asked of it with `forbidden`. */
  readonly source: (name: string) => GrantedSource
  /** Do the rules of the operator let a caller of the group run this? */
  readonly allows: (statement: Vetted<'sql'>) => Promise<boolean>
}

/**
 * Names of tables and columns of a source that the audience sees nowhere in it. What a source holds is asked anew: the names that
 * were told to whoever made the share count for nothing.
 */
export async function unseenNames(source: GrantedSource, signal: AbortSignal): Promise<readonly string[]> {
  // It binds the policy that `visible` goes by.
  await source.database.catalog(signal)
  const { relations }: Catalog = await source.catalogOfGate(signal)
  const seen = new Set<string>()
  const all = new Set<string>()
  for (const { schema, name, columns } of relations) {
    const relation = `${schema}.${name}`
    all.add(name)
    if (source.visible(relation, null)) seen.add(name)
    for (const column of columns) {
      all.add(column.name)
      if (source.visible(relation, column.name)) seen.add(column.name)
    }
  }
  return [...all].filter((name) => !seen.has(name))
}

/** A name that no sentence has by chance: of several words. */
const isTelling = (name: string): boolean => /[_$\d]|[a-z][A-Z]/.test(name)
const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/**
 * Says whether a text names one of these. A plain word, such as `salary`, counts in prose only where it stands as a name does, in quotation
 * marks or behind the name of its table; in a program it always counts.
 */
export function createNames(names: readonly string[]): (text: string, form: 'prose' | 'code') => boolean {
  const anywhere = patternOf(names.map((name) => String.raw`(?<![\w$])${escaped(name)}(?![\w$])`))
  const inProse = patternOf(
    names.map((name) => {
      const plain = escaped(name)
      if (isTelling(name)) return String.raw`(?<![\w$])${plain}(?![\w$])`
      return String.raw`["'${'`'}]${plain}["'${'`'}]|[\w"'${'`'}]\.${plain}(?![\w$])|(?<![\w$])${plain}\.\w`
    }),
  )
  return (text, form) => (form === 'code' ? anywhere : inProse)?.test(text) === true
}

const patternOf = (parts: readonly string[]): RegExp | null =>
  parts.length === 0 ? null : new RegExp(parts.join('|'), 'i')
