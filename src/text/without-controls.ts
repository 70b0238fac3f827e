import { directionOverrides } from './hidden-characters.ts'

const unshown = new RegExp(`(?![\\t\\n])\\p{Cc}|[${directionOverrides}]`, 'gu')

/**
 * Text without the characters that would act where it is shown: escape sequences of a terminal lose what begins them, and
 * nothing turns the order of what is read. Every line ends with a line feed.
 */
export function withoutControls(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(unshown, '')
}
