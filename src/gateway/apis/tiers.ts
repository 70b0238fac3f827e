import type { CallFacts } from '../../core/model-call.ts'
import type { JsonObject } from './api.ts'
import { invalid } from './members.ts'

/**
 * Values that cost what the model costs: as the provider's project is set up, or its plain tier (platform.openai.com,
 * "Priority processing"; docs.claude.com, "Service tiers", "Data residency").
 */
const plain: ReadonlySet<string> = new Set(['auto', 'default', 'standard', 'standard_only', 'global', 'not_available'])

/** What these members of a body ask for that has a price of its own. Throws `invalid-request` for one that is no text. */
export function tiersOf(body: JsonObject, members: readonly string[]): Pick<CallFacts, 'tiers'> {
  const tiers = members.flatMap((parameter) => {
    const name = body[parameter] ?? null
    if (name === null) return []
    if (typeof name !== 'string') throw invalid(parameter, 'must be a text')
    return plain.has(name) ? [] : [{ name, parameter }]
  })
  return tiers.length === 0 ? {} : { tiers }
}
