import { ServiceError } from '../../core/errors.ts'
import type { MediaType } from '../contract/media-type.ts'

/** One value of a form as it was sent. */
export interface FormPart {
  readonly name: string
  /** null where its sender says none. */
  readonly type: MediaType | null
  readonly bytes: Buffer
}

export interface FormLimits {
  readonly parts: number
}

/** What makes a form one that is not read. */
export const formFault = (what: string): ServiceError =>
  new ServiceError('invalid-request', `The form ${what}.`, { parameter: 'body' })

export const tooManyParts = ({ parts }: FormLimits): ServiceError => formFault(`has more than ${parts} parts`)

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of these bytes; null for what is no UTF-8. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
