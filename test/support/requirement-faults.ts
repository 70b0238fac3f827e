import type { Requirement } from '../requirements.ts'
import type { Citations } from './citations.ts'

export interface RequirementParts {
  readonly requirements: readonly Requirement[]
  readonly cited: Citations
  /** Texts of the documents by their paths. */
  readonly documents: ReadonlyMap<string, string>
}

/** What is wrong between the promises, the tests that hold them and the documents that make them; a sentence for each. */
export function requirementFaults({ requirements, cited, documents }: RequirementParts): readonly string[] {
  const ids = requirements.map(({ id }) => id)
  const citedIds = new Set(cited.citations.map(({ id }) => id))
  const addresses = new Set([...documents].flatMap(([path, text]) => headingsOf(text).map((at) => `${path}#${at}`)))
  const promising = new Set(requirements.map(({ where }) => where.split('#')[0]))
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: two promises have this id`),
    ...requirements.filter(({ id }) => !citedIds.has(id)).map(({ id, text }) => `${id}: no test holds it: ${text}`),
    ...requirements
      .filter(({ where }) => !addresses.has(where))
      .map(({ id, where }) => `${id}: there is no heading ${where}`),
    ...cited.citations.filter(({ id }) => !ids.includes(id)).map(({ id, place }) => `${id}: ${place} cites no promise`),
    ...cited.idle.map(
      (place) => `${place}: verifies() holds nothing: no running test begins with it, or its id is not written out`,
    ),
    ...[...documents.keys()].filter((path) => !promising.has(path)).map((path) => `${path}: promises nothing`),
  ]
}

/** The addresses of the headings of a document, as they are made where it is read: `## A, b` is `a-b`. */
function headingsOf(markdown: string): readonly string[] {
  const prose = markdown.replace(/^```.*?^```/gms, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}
