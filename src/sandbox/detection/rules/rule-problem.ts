import { ServiceError } from '../../../core/errors.ts'

/** A rule file that cannot be taken as it stands: `item` is the rule, macro or list at fault. */
export function ruleProblem(item: string, why: string): ServiceError {
  return new ServiceError('invalid-config', `${item}: ${why}`, {
    advice: 'docs/detection.md says which part of the form of Falco is understood. Change the item, or leave it out.',
  })
}
