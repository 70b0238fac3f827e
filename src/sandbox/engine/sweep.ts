import type { SweepReport } from '../../core/facts.ts'
import type { SandboxDriver } from '../driver.ts'
import { ownerState, type OwnerLabels } from './owner.ts'

interface SweepOptions {
  readonly driver: SandboxDriver
  readonly self: OwnerLabels
  /** Sandboxes of this engine that are in use, being made or being removed. */
  readonly known: ReadonlySet<string>
}

/** A removal is mostly waiting; more at once would take the processors from those at work. */
const removalsAtOnce = 4

/** Removes every sandbox whose owner is dead, and those of this engine that it no longer knows. Touches no other. */
export async function sweep(options: SweepOptions, signal: AbortSignal): Promise<SweepReport> {
  const { driver, self, known } = options
  const found = await driver.list(signal)
  const leftovers: string[] = []
  for (const sandbox of found) {
    const state = sandbox.ownerState ?? (await ownerState(sandbox.owner, self))
    // A sandbox does not survive a reboot, so one that runs with another boot id belongs to a process of another
    // machine.
    const elsewhere = sandbox.ownerState === undefined && sandbox.owner.bootId !== self.bootId && sandbox.running
    if (state === 'dead' ? !elsewhere : state === 'self' && !known.has(sandbox.id)) leftovers.push(sandbox.id)
  }
  const removed: string[] = []
  const failed: { id: string; fault: unknown }[] = []
  const removeNext = async (): Promise<void> => {
    for (let id = leftovers.shift(); id !== undefined; id = leftovers.shift()) {
      signal.throwIfAborted()
      try {
        await driver.remove(id, signal)
        removed.push(id)
      } catch (fault) {
        failed.push({ id, fault })
      }
    }
  }
  await Promise.all(Array.from({ length: removalsAtOnce }, removeNext))
  return { removed, failed, kept: found.length - removed.length - failed.length }
}
