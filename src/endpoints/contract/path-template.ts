import { UnfitDocument } from './unfit-document.ts'

interface Segment {
  readonly before: string
  /** Name of the parameter; null where all of the segment stands fast. */
  readonly name: string | null
  readonly after: string
}

/** A path of a document. */
export interface PathTemplate {
  readonly text: string
  readonly names: readonly string[]
  /** Sorts what says more before what says less: /a/me before /a/{id}. */
  readonly order: string
  /** The texts of its parameters as written, by name; null for a path that is another one. */
  match(segments: readonly string[]): ReadonlyMap<string, string> | null
  /** The path with these texts, escaped already, in their places. */
  pathOf(texts: ReadonlyMap<string, string>): string
}

/** Throws `UnfitDocument` for a path that could be read in two ways. */
export function pathTemplate(text: string, place: string): PathTemplate {
  if (!text.startsWith('/')) throw new UnfitDocument(place, 'does not begin with a slash')
  if (/[?#\\%\s]|[^\x21-\x7e]/.test(text.replaceAll(/\{[^{}]*\}/g, ''))) {
    throw new UnfitDocument(
      place,
      'holds characters that no path of a document has: plain ASCII without escapes is read',
    )
  }
  const segments = text
    .slice(1)
    .split('/')
    .map((segment): Segment => {
      const found = /^([^{}]*)\{([^{}]+)\}([^{}]*)$/.exec(segment)
      if (found === null && /[{}]/.test(segment)) throw new UnfitDocument(place, 'has two parameters in one segment')
      if (segment === '.' || segment === '..') throw new UnfitDocument(place, 'has a segment of dots')
      const [, before = segment, name = null, after = ''] = found ?? []
      return { before, name, after }
    })
  const names = segments.flatMap(({ name }) => name ?? [])
  if (new Set(names).size < names.length) throw new UnfitDocument(place, 'has the same parameter twice')
  return {
    text,
    names,
    order: segments
      .map(({ name, before, after }) => (name === null ? '0' : before + after === '' ? '2' : '1'))
      .join(''),
    match(given) {
      if (given.length !== segments.length) return null
      const texts = new Map<string, string>()
      for (const [index, { before, name, after }] of segments.entries()) {
        const segment = given[index] ?? ''
        if (name === null) {
          if (segment !== before) return null
          continue
        }
        const isLonger = segment.length > before.length + after.length
        if (!isLonger || !segment.startsWith(before) || !segment.endsWith(after)) return null
        texts.set(name, segment.slice(before.length, segment.length - after.length))
      }
      return texts
    },
    pathOf: (texts) =>
      `/${segments.map(({ before, name, after }) => before + (name === null ? '' : (texts.get(name) ?? '')) + after).join('/')}`,
  }
}
