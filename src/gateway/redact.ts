import type { Admitted } from '../core/request.ts'
import type { FilterPart } from '../filters/filter.ts'
import type { Screener } from './screen/screener.ts'

/** The request with what the inbound profile hides from a model taken out of its messages. */
export async function redact(request: Admitted, screener: Screener, signal: AbortSignal): Promise<Admitted> {
  const parts: FilterPart[] = request.messages.map((message) => ({ text: message.content, provenance: 'user' }))
  const texts = await screener.texts(parts, signal)
  const messages = request.messages.map((message, index) => ({ role: message.role, content: texts[index] ?? '' }))
  return { ...request, messages }
}
