/** One page of those for operators. */
export interface Section {
  readonly name: string
  readonly title: string
}

/** The pages, in the order in which they are looked at: how the service is, who may use it, what it is made of, what waits. */
export const sections = [
  { name: 'overview', title: 'Overview' },
  { name: 'sandboxes', title: 'Sandboxes' },
  { name: 'approvals', title: 'Approvals' },
  { name: 'feedback', title: 'Feedback' },
  { name: 'keys', title: 'Keys and limits' },
  { name: 'suspensions', title: 'Suspensions' },
  { name: 'shares', title: 'Shares' },
  { name: 'policy', title: 'Policy' },
  { name: 'models', title: 'Models and routes' },
  { name: 'sources', title: 'Data sources' },
  { name: 'audit', title: 'Audit trail' },
] as const satisfies readonly Section[]

export type SectionName = (typeof sections)[number]['name']

/** The section of a path below `operate`; the overview where it names none that there is. */
export function sectionOf(segment: string | undefined): SectionName {
  return sections.find(({ name }) => name === segment)?.name ?? 'overview'
}
