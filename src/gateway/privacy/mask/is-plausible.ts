import { ofWords } from '../../../filters/categories.ts'
import type { BodyText } from './body-texts.ts'
import type { ValueSpan } from './mask-text.ts'
import { isTimeZone } from './time-zones.ts'

/** Can what was found be a value where it stands? Names of people and places are none in what programs compare, or in a time zone. */
export function isPlausible(
  { start, end, category }: ValueSpan,
  text: Pick<BodyText, 'kind' | 'text'> | undefined,
): boolean {
  return !ofWords.has(category) || (text?.kind === 'words' && !isTimeZone(text.text, start, end))
}
