import type { Sandbox } from './sandbox.ts'

/** Where something ran, for people: `gVisor (runsc)`, with the walls that are missing there. */
export function describeSandbox({ driver, missingWalls }: Pick<Sandbox, 'driver' | 'missingWalls'>): string {
  const place = driver === 'isolate' ? 'isolate' : `gVisor (${driver})`
  return missingWalls.length === 0 ? place : `${place}; ${missingWalls.join('; ')}`
}
