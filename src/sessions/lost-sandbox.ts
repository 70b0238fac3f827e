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

const gone =
  'It has a new one: variables, files that programs made and results of earlier queries are gone; run again what made them.'

/** What is told of a session whose sandbox has ended by itself, or in another process. */
export const lostSandbox = `The sandbox of this session was lost. ${gone}`

/** What is told of a session whose sandbox an operator has ended. */
export const endedSandbox = `An operator ended the sandbox of this session. ${gone}`

export function withoutContent(file: SessionFile): SessionFile {
  return {
    ...file,
    open: () => {
      throw new ServiceError('invalid-file', `${file.path} was handed over and is not kept`)
    },
  }
}
