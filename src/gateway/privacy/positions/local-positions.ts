import type { ApiPositions } from './position.ts'

/** A text by itself, of no API: JSON in it is read as JSON, as everywhere. */
export const localPositions: ApiPositions = {
  first: [],
  turns: [],
  request: { text: 'text' },
  answer: { text: 'text' },
  event: {},
}

/** A text as the body of a request that has these positions. */
export const bodyOfText = (text: string): string => `{"text":${JSON.stringify(text)}}`

export function textOfBody(body: string): string {
  return (JSON.parse(body) as { readonly text: string }).text
}

/** `customer.email` for the position `text.customer.email`; the empty text for the whole. */
export const positionInText = (position: string): string => position.replace(/^text\.?/, '')
