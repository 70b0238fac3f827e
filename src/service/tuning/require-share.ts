import { ServiceError } from '../../core/errors.ts'

/** Throws `invalid-request` for a canary of nobody, or of more than all. */
export function requireShare(share: number): void {
  if (share > 0 && share <= 1) return
  throw new ServiceError('invalid-request', `There is no canary for a share of ${share}.`, {
    advice: 'Name a share above 0, of 1 at most; "sallyport tuning stop" ends one.',
  })
}
