import type { ErrorCode } from '../core/error-table.ts'
import { toServiceError } from '../core/errors.ts'

/** Puts on the audit trail that a request was refused before any work began; what it was about was not looked at. */
export type TellRefused = (refused: { readonly requestId: string; readonly code: ErrorCode }) => Promise<void>

/** The stages before the work: where one of them refuses, that is on the trail before its caller knows. */
export async function toldIfRefused<T>(requestId: string, tell: TellRefused, stages: () => Promise<T>): Promise<T> {
  try {
    return await stages()
  } catch (thrown) {
    await tell({ requestId, code: toServiceError(thrown).code })
    throw thrown
  }
}
