/** One page of those for operators. */
export interface Section {
  readonly name: string
  readonly title: string
}

/** The pages, in the order in which they are looked at: what waits, who may use the service, what it is made of. */
export const sections = [
  { name: 'feedback', title: 'Feedback' },
  { name: 'keys', title: 'Keys and limits' },
  { name: 'suspensions', title: 'Suspensions' },
  { name: 'models', title: 'Models and routes' },
  { name: 'audit', title: 'Audit trail' },
] as const satisfies readonly Section[]

export type SectionName = (typeof sections)[number]['name']

/** The section of a path below `operate`; the first one where it names none that there is. */
export function sectionOf(segment: string | undefined): SectionName {
  return sections.find(({ name }) => name === segment)?.name ?? sections[0].name
}
