import { randomBytes } from 'node:crypto'
import { ownIdentity, startTicksOf, type ProcessIdentity } from '../../processes/process-identity.ts'

/**
 * Who made a sandbox: an engine of one process, which the start time and the boot id distinguish from every other
 * process with the same pid.
 */
export interface OwnerLabels extends ProcessIdentity {
  /**
   * Identifies one of several engines in that process, so that none takes another's sandboxes for its own forgotten
   * ones.
   */
  readonly engine: string
}

/** `unknown` where this process cannot judge; such sandboxes are left alone. */
export type OwnerState = 'self' | 'living' | 'dead' | 'unknown'

/** A new engine of this process. */
export async function readOwner(): Promise<OwnerLabels> {
  return { ...(await ownIdentity()), engine: randomBytes(8).toString('hex') }
}

/** Is the owner of a sandbox alive? Judged by pid and start time together, so a pid used again does not count. */
export async function ownerState(owner: OwnerLabels, self: OwnerLabels): Promise<OwnerState> {
  if (owner.bootId !== self.bootId) return 'dead'
  if (owner.pidNamespace !== self.pidNamespace) return 'unknown'
  if (owner.pid === self.pid && owner.startTicks === self.startTicks && owner.engine === self.engine) return 'self'
  return (await startTicksOf(owner.pid)) === owner.startTicks ? 'living' : 'dead'
}

const prefix = 'sallyport.'

export function toLabels(id: string, owner: OwnerLabels): Record<string, string> {
  return {
    [`${prefix}sandbox`]: id,
    [`${prefix}owner-pid`]: String(owner.pid),
    [`${prefix}owner-start`]: owner.startTicks,
    [`${prefix}owner-boot`]: owner.bootId,
    [`${prefix}owner-namespace`]: owner.pidNamespace,
    [`${prefix}owner-engine`]: owner.engine,
  }
}

/** Null where the labels are not ours or not whole. Earlier releases named no engine. */
export function fromLabels(labels: Readonly<Record<string, string>>): { id: string; owner: OwnerLabels } | null {
  const [id, pid, startTicks, bootId, pidNamespace, engine = ''] = [
    labels[`${prefix}sandbox`],
    labels[`${prefix}owner-pid`],
    labels[`${prefix}owner-start`],
    labels[`${prefix}owner-boot`],
    labels[`${prefix}owner-namespace`],
    labels[`${prefix}owner-engine`],
  ]
  if (id === undefined || !/^\d+$/.test(pid ?? '')) return null
  if (startTicks === undefined || bootId === undefined || pidNamespace === undefined) return null
  return { id, owner: { pid: Number(pid), startTicks, bootId, pidNamespace, engine } }
}

export const sandboxLabel = `${prefix}sandbox`
