import { randomUUID } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import type { JsonValue } from '../core/json.ts'
import { openTrail } from '../telemetry/audit/open-trail.ts'

interface OperatorFact {
  readonly event: string
  readonly [member: string]: JsonValue
}

/**
 * Does what an operator asked for, with a line on the audit trail before it, and one after it that says how it ended: nothing
 * is done that the trail does not know. `told` is what the second line says of a result.
 */
export async function onTrail<T>(
  config: Pick<Config, 'telemetry' | 'state_directory' | 'secrets_directory'>,
  fact: OperatorFact,
  work: () => Promise<T>,
  told: (result: T) => Readonly<Record<string, JsonValue>> = () => ({}),
): Promise<T> {
  if (!config.telemetry.audit) return work()
  await using trail = await openTrail(config)
  const requestId = randomUUID()
  await trail.append({ ...fact, requestId })
  let end: Readonly<Record<string, JsonValue>> = { done: false }
  try {
    const result = await work()
    end = { ...told(result), done: true }
    return result
  } finally {
    await trail.append({ event: `${fact.event}-end`, requestId, ...end })
  }
}
