import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** The bare connection of a request that asks to speak another protocol on it. */
export interface Upgrade {
  readonly socket: Duplex
  /** What came behind the request already. */
  readonly head: Buffer
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>()

export function keepUpgrade(request: IncomingMessage, upgrade: Upgrade): void {
  upgrades.set(request, upgrade)
}

/** Null for a request that asks for no other protocol, and for one whose connection was taken. */
export function takeUpgrade(request: IncomingMessage): Upgrade | null {
  const upgrade = upgrades.get(request) ?? null
  upgrades.delete(request)
  return upgrade
}
