import { ServiceError } from '../../../core/errors.ts'
import type { FilterPart } from '../../../filters/filter.ts'
import type { Detect, ReplacedValue } from './mask-body.ts'

/**
 * Looks through the headers that go to an upstream for what has a form of its own: names, values, in turn. Nothing can be put
 * back into what a provider reads of a header, so that one which holds a value is refused. Returns what is sent by the
 * profile's own rule; rejects with `refused`, naming the header and not the value.
 */
export async function refuseValuesIn(
  headers: readonly string[],
  detect: Detect,
  signal: AbortSignal,
): Promise<readonly ReplacedValue[]> {
  const names = headers.filter((_, at) => at % 2 === 0)
  const parts = headers.flatMap((text, at): FilterPart[] =>
    at % 2 === 1 ? [{ text, isCompared: true, provenance: 'user' }] : [],
  )
  if (parts.length === 0) return []
  const found = await detect(parts, signal)
  const refused = found.find(({ action }) => action !== 'annotate')
  if (refused !== undefined) throw refuseHeader(names[refused.part] ?? '', refused.category)
  return found.map(({ part, category }) => ({ path: `headers.${names[part] ?? ''}`, category }))
}

function refuseHeader(name: string, category: string): ServiceError {
  return new ServiceError('refused', `The header ${name} holds ${category}, which is not sent to this model.`, {
    parameter: name,
    advice: 'Send the header without it, or leave it out: values are hidden in bodies only.',
  })
}
