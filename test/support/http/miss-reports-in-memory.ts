import type { MissReports, SealedReport } from '../../../src/core/miss-reports.ts'

/** What the storage keeps of reports, for a test that has none. */
export function missReportsInMemory(): MissReports & { readonly rows: Map<string, SealedReport> } {
  const rows = new Map<string, SealedReport>()
  return {
    rows,
    async keep(report, most) {
      if ([...rows.values()].filter(({ principal }) => principal === report.principal).length >= most) return null
      const kept = { ...report, made: '2026-01-02T03:04:05.000Z' }
      rows.set(report.id, kept)
      return kept
    },
    async list(most) {
      const reports = [...rows.values()].slice(0, most)
      return { reports: reports.map(({ wrappedKey: _wrapped, sealed: _sealed, ...facts }) => facts), total: rows.size }
    },
    find: async (id) => rows.get(id) ?? null,
    async wrappedOtherwise(prefix, after, most) {
      return [...rows.values()]
        .filter(({ id, wrappedKey }) => id > after && !wrappedKey.startsWith(prefix))
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, most)
    },
    async rewrap({ id, wrappedKey: from }, wrappedKey) {
      const row = rows.get(id)
      if (row?.wrappedKey === from) rows.set(id, { ...row, wrappedKey })
    },
    forget: async (id) => rows.delete(id),
  }
}
