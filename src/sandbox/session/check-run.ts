import { ServiceError } from '../../core/errors.ts'
import type { SandboxLanguage } from '../../core/languages.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { SandboxLimits } from '../limits.ts'
import type { RunOptions } from '../sandbox.ts'

export type RunTimeLimits = Pick<SandboxLimits, 'wallMilliseconds' | 'wallCeilingMilliseconds'>

const codeBytes = 524_288

/** How long a run may take, in milliseconds. Throws `invalid-request` for a time out of its bounds and for code that is too long. */
export function checkRun(
  code: Vetted<SandboxLanguage>,
  { timeoutMilliseconds }: RunOptions,
  { wallMilliseconds, wallCeilingMilliseconds }: RunTimeLimits,
): number {
  const wall = timeoutMilliseconds ?? wallMilliseconds
  if (!(wall >= 1) || wall > wallCeilingMilliseconds) {
    throw new ServiceError('invalid-request', `A run may take 1 to ${wallCeilingMilliseconds} ms, not ${wall}`, {
      parameter: 'timeout_ms',
    })
  }
  if (Buffer.byteLength(code.text) > codeBytes) {
    throw new ServiceError('invalid-request', `Code may have up to ${codeBytes} bytes`, { parameter: 'code' })
  }
  return wall
}
