import { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import type { StoredFile } from '../core/stored-files.ts'

export interface ContainerWish {
  readonly name: string
  /** How long it may be unused. */
  readonly idleMilliseconds: number
  readonly limits: RequestedLimits
  /** Stored files of its caller's that it begins with. */
  readonly fileIds: readonly string[]
}

/** What its owner may know of a container. */
export interface ContainerFacts extends Pick<ContainerWish, 'name' | 'idleMilliseconds' | 'limits'> {
  /** 32 hexadecimal digits. */
  readonly id: string
  readonly made: Date
  readonly used: Date
  /** False once it has expired: nothing runs in it any more. */
  readonly isOpen: boolean
  /** How many of its sandboxes were lost; each took its variables with it, and its files that are kept were put back. */
  readonly sandboxesLost: number
}

export interface ContainerFile {
  readonly stored: StoredFile
  /** Below `/mnt/data`. */
  readonly path: string
  readonly source: 'user' | 'assistant'
}

/** A file as a container has it. */
export interface HeldFile extends Omit<ContainerFile, 'stored'> {
  readonly fileId: string
  /** Was it given to this container alone, so that it goes with it? */
  readonly isOwn: boolean
}

/** A container as the process has it. */
export interface Container {
  readonly id: string
  readonly principal: Principal['id']
  readonly session: string
  readonly wish: ContainerWish
  readonly made: Date
  used: Date
  isOpen: boolean
  losses: number
  /** The deletion of what was given to it alone, once that has begun. */
  dropping: Promise<void> | null
  readonly files: Map<string, HeldFile>
}

/** Of one that never was the caller's. */
export const noContainer = (): ServiceError =>
  new ServiceError('not-found', 'There is no such container.', {
    parameter: 'container_id',
    advice: "It was deleted, is somebody else's, or its process has ended: POST /v1/containers makes another one.",
  })

/** Of one that was. */
export function expired({ idleMilliseconds }: Pick<ContainerWish, 'idleMilliseconds'>): ServiceError {
  const minutes = Math.round(idleMilliseconds / 60_000)
  return new ServiceError('not-found', `The container has expired: it was unused for ${minutes} min, or too old.`, {
    parameter: 'container_id',
    advice: 'Make another one; its variables are gone, and files that answers cite can still be read.',
  })
}
