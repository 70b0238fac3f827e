import { ServiceError } from '../core/errors.ts'
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
  /** `cntr_…` */
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

/** What a model is told of a file that a program made. */
export const madeHere = 'Made here by a program.'

/** Of one that never was the caller's. */
export const noContainer = (): ServiceError =>
  new ServiceError('not-found', 'There is no such container.', {
    parameter: 'container_id',
    advice: "It was deleted, is somebody else's, or has expired long ago: POST /v1/containers makes another one.",
  })

/** Of one that was. */
export function expired({ idleMilliseconds }: Pick<ContainerWish, 'idleMilliseconds'>): ServiceError {
  const minutes = Math.round(idleMilliseconds / 60_000)
  return new ServiceError('not-found', `The container has expired: it was unused for ${minutes} min, or too old.`, {
    parameter: 'container_id',
    advice: 'Make another one; its variables are gone, and files that answers cite can still be read.',
  })
}

/** Of one that has as many files as it may have. */
export const tooManyFiles = (most: number): ServiceError =>
  new ServiceError('quota-exceeded', `The container has ${most} files already.`, {
    parameter: 'container_id',
    advice: 'Take out what is not needed any more: DELETE /v1/containers/{id}/files/{file}.',
  })

/** Of a place that a list of files has not. */
export const noPlace = (): ServiceError =>
  new ServiceError('invalid-request', 'after: is nothing that is in this list.', {
    parameter: 'after',
    advice: 'It may be gone meanwhile: begin again without it.',
  })

/** Of one that others change all the time. */
export const changedTooOften = (): ServiceError =>
  new ServiceError('conflict', 'The container is being changed by others all the time.', {
    parameter: 'container_id',
    advice: 'Ask again.',
  })
