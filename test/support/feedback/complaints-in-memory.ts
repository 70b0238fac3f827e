import type { ComplaintFacts, Complaints, SealedComplaint } from '../../../src/core/complaints.ts'

type Kept = SealedComplaint & { readonly comment: string }

/** What a storage keeps of complaints, as far as those who make them see it, for a test that has none. */
export function complaintsInMemory(made: () => string = () => '2026-01-02T03:04:05.000Z') {
  const rows = new Map<string, Kept>()
  return {
    rows,
    find: async (id: string) => rows.get(id) ?? null,
    async keep(
      facts: Omit<ComplaintFacts, 'made' | 'state'>,
      comment: string,
      mostADay: number,
    ): ReturnType<Complaints['keep']> {
      const own = [...rows.values()].filter(({ principal }) => principal === facts.principal)
      const same = own.find(({ decision, answer }) => decision === facts.decision && answer === facts.answer)
      if (same !== undefined) return { outcome: 'repeated', complaint: same }
      if (own.length >= mostADay) return { outcome: 'limit', complaint: null }
      const kept = { ...facts, state: 'waiting', made: made(), wrappedKey: '', sealed: '', comment } as const
      rows.set(facts.id, kept)
      return { outcome: 'kept', complaint: kept }
    },
    settle(id: string, state: Kept['state']): void {
      const row = rows.get(id)
      if (row !== undefined) rows.set(id, { ...row, state })
    },
  }
}
