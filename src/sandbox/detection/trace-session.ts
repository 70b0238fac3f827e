import { eventTypes } from './event-types.ts'
import type { DetectionRule } from './rules/rule.ts'

/** Of the process that reached a point: without its group, nobody could tell whose event it is. */
const usualContext = ['time', 'group_id', 'parent_thread_group_id', 'process_name', 'credentials']

/** Points by which processes are known, whatever rules ask for. */
const processPoints = ['execve', 'clone', 'procexit']

/**
 * The sink waits up to so many times for the relay to have read, 25 µs and twice as long each time, before it drops a
 * message and counts it: an eighth of a second in all. What a sandbox does meanwhile waits, too, so that a flood slows
 * down who makes it.
 */
const patience = { retries: 20, backoff: '25us', backoff_max: '10ms' }

/** A trace session of gVisor (`runsc trace create --config`): the points that these rules need, sent to a socket. */
export function traceSession(rules: readonly DetectionRule[], endpoint: string): object {
  const wanted = new Set([...processPoints, ...rules.flatMap((rule) => rule.types)])
  const points = new Map<string, object>()
  for (const name of wanted) {
    const type = eventTypes.get(name)
    if (type === undefined) continue
    points.set(type.point, {
      name: type.point,
      ...(type.optional === undefined ? {} : { optional_fields: type.optional }),
      context_fields: type.context === undefined ? usualContext : [...usualContext, ...type.context],
    })
  }
  return {
    name: 'Default',
    points: [...points.values()],
    sinks: [{ name: 'remote', config: { endpoint, ...patience } }],
  }
}

/** The names of the system calls that messages tell by their numbers. */
export function namesByNumber(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...eventTypes].flatMap(([name, { number }]) => (number === undefined ? [] : [[String(number), name]])),
  )
}
