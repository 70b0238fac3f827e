import type { CallUsage } from '../../core/model-call.ts'
import { numberOf } from '../../core/price.ts'

/** What a call has cost so far: by the provider's own count, and the bytes that came where it gives none. */
export class CallMeter {
  usage: CallUsage | null = null
  bytes = 0
  /** Of those that came what came after the last count. */
  uncountedBytes = 0
  /** Has anything of the answer come? */
  hasContent = false

  came(bytes: number): void {
    this.bytes += bytes
    this.uncountedBytes += bytes
  }

  /** Providers count up in the course of a stream: the most of each is what counts. */
  count(usage: CallUsage | null): void {
    if (usage === null) return
    const { parts, toolUses, isBegun = this.usage === null } = this.usage ?? {}
    this.uncountedBytes = 0
    this.usage = {
      inputTokens: Math.max(usage.inputTokens, this.usage?.inputTokens ?? 0),
      outputTokens: Math.max(usage.outputTokens, this.usage?.outputTokens ?? 0),
      ...(usage.parts === undefined && parts === undefined ? {} : { parts: mostOfEach(parts, usage.parts) }),
      ...(usage.toolUses === undefined && toolUses === undefined
        ? {}
        : { toolUses: mostOfEach(toolUses, usage.toolUses) }),
      ...(isBegun && usage.isBegun === true ? { isBegun } : {}),
    }
  }
}

function mostOfEach(one: Readonly<Record<string, number>> = {}, other: Readonly<Record<string, number>> = {}) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, Math.max(numberOf(one, name), numberOf(other, name))]))
}
