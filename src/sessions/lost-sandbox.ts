import { ServiceError } from '../core/errors.ts'
import type { SessionFile } from './session-file.ts'

export interface LostSandbox {
  /** A sentence for people of what is gone; null where nothing is. */
  readonly renewed: string | null
  /** What had run there, oldest first: run again, it makes again what is gone. Null where that is not known, or there was more than is kept. */
  readonly programs: readonly string[] | null
}

export interface RenewedSandbox<Sandbox> extends LostSandbox {
  readonly sandbox: Sandbox
}

export const lostSandbox =
  'The sandbox of this session was lost. It has a new one: variables, files that programs made and results of earlier queries are gone; run again what made them.'

export function withoutContent(file: SessionFile): SessionFile {
  return {
    ...file,
    open: () => {
      throw new ServiceError('invalid-file', `${file.path} was handed over and is not kept`)
    },
  }
}
