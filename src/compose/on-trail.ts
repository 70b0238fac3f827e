import { randomUUID } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import type { JsonValue } from '../core/json.ts'
import { ServiceError } from '../core/errors.ts'
import { openTrail } from '../telemetry/audit/open-trail.ts'
import { unwritable } from '../telemetry/audit/service-trail.ts'

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
  await using trail = await openTrail(config).catch(refuse)
  return await aroundOnTrail((line) => trail.append(line), { fact, work, told })
}

/** Puts one line on the trail, of what was asked for and not done. */
export async function tellTrail(
  config: Pick<Config, 'telemetry' | 'state_directory' | 'secrets_directory'>,
  fact: OperatorFact,
): Promise<void> {
  if (!config.telemetry.audit) return
  await using trail = await openTrail(config).catch(refuse)
  await withRequestId((line) => trail.append(line), fact)
}

type Append = (line: OperatorFact & { readonly requestId: string }) => Promise<void>

/** The same with a trail that is open. */
export async function withRequestId(append: Append, fact: OperatorFact): Promise<void> {
  await append({ ...fact, requestId: randomUUID() }).catch(refuse)
}

interface Told<T> {
  readonly fact: OperatorFact
  readonly work: () => Promise<T>
  readonly told?: ((result: T) => Readonly<Record<string, JsonValue>>) | undefined
}

/** The same with a trail that is open, by how a line is put on it. */
export async function aroundOnTrail<T>(append: Append, { fact, work, told = () => ({}) }: Told<T>): Promise<T> {
  const requestId = randomUUID()
  await append({ ...fact, requestId }).catch(refuse)
  const end = `${fact.event}-end`
  const result = await work().catch(async (thrown: unknown) => {
    // Why it was not done is worth more than that the trail misses this line.
    await append({ event: end, requestId, done: false }).catch(() => undefined)
    throw thrown
  })
  await append({ event: end, requestId, ...told(result), done: true }).catch((cause: unknown) => {
    throw new ServiceError('service-unavailable', 'It is done, but the audit trail could not be told so.', {
      cause,
      advice: 'Do it not again: look first. Then see that the file of telemetry.audit_file can be written.',
    })
  })
  return result
}

function refuse(thrown: unknown): never {
  throw thrown instanceof ServiceError ? thrown : unwritable(thrown)
}
