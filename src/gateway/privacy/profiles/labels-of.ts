import { customCategories } from '../../../filters/custom/options.ts'
import type { PrivacyOptions } from './options.ts'
import { Labels } from '../tokens/labels.ts'

/** The labels of all kinds that these profiles can find: one set of them, so that every text in a token's form is told. */
export function labelsOf({ profiles }: Pick<PrivacyOptions, 'profiles'>): Labels {
  return new Labels(Object.values(profiles).flatMap(customCategories))
}
