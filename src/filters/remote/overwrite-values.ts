import type { Filter, FilterContext, FilterPart } from '../filter.ts'
import { createIdentifiersFilter } from '../identifiers/identifiers-filter.ts'
import { createPiiFilter } from '../pii/pii-filter.ts'
import { createSecretsFilter } from '../secrets/secrets-filter.ts'

/** Parts in which values are written over. Every text stays as long as it is, so that places in it stay where they are. */
export type OverwriteValues = (parts: readonly FilterPart[], context: FilterContext) => readonly FilterPart[]

/** What findings have to have at least, as where values are hidden from models. */
const sure = 0.5
const written = 'x'

/** Writes over personal data and secrets that have a form of their own, also where they are encoded. */
export function createOverwriteValues(): OverwriteValues {
  const filters: readonly Filter[] = [createPiiFilter(), createIdentifiersFilter(), createSecretsFilter()]
  return (parts, context) => {
    const found = filters.flatMap((filter) => filter.inspectAtOnce?.(parts, context) ?? [])
    const byPart = Map.groupBy(
      found.filter(({ score }) => score >= sure),
      ({ part }) => part,
    )
    return parts.map((part, index) => {
      const findings = byPart.get(index)
      if (findings === undefined) return part
      const text = findings.reduce(
        (rest, { start, end }) => rest.slice(0, start) + written.repeat(end - start) + rest.slice(end),
        part.text,
      )
      return Object.assign({}, part, { text })
    })
  }
}
