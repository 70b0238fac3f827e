import { hash } from 'node:crypto'
import type { Principal } from '../../core/principal.ts'

/** One person behind the key of an application, by a digest: nothing that names a person is kept. */
export function personSubject(principal: string, person: string): string {
  return `user:${hash('sha256', JSON.stringify([principal, person]))}`
}

/** Whose suspension keeps this caller out: their own, and for whom an application asks by its signature, that person's. */
export function subjectsOf({ id, endUser }: Principal): readonly string[] {
  return endUser === undefined ? [id] : [id, personSubject(id, endUser)]
}

/** Of whom is counted what this caller does: of the person, where an application has signed for whom it asks. */
export function countedSubject({ id, endUser }: Principal): string {
  return endUser === undefined ? id : personSubject(id, endUser)
}
