import type { SealedApproval, StoredApprovals } from '../../../src/core/approvals.ts'

/** What the storage keeps of approvals, for a test that has none: all are pending, and the first one is taken. */
export function approvalsInMemory(): StoredApprovals & { readonly rows: Map<string, SealedApproval> } {
  const rows = new Map<string, SealedApproval>()
  const known = (id: string): SealedApproval => {
    const row = rows.get(id)
    if (row === undefined) throw new Error(`no ${id}`)
    return row
  }
  return {
    rows,
    async ask(approval, { milliseconds, most }) {
      if (rows.size >= most) return null
      const asked = new Date(0)
      const kept = { ...approval, asked, expires: new Date(milliseconds), state: 'pending', decidedBy: null } as const
      rows.set(approval.id, kept)
      return kept
    },
    async take(principal, digest) {
      const found = [...rows.values()].find((row) => row.principal === principal && row.digest === digest)
      return found ?? null
    },
    show: async (id) => rows.get(id) ?? null,
    list: async ({ most }) => [...rows.values()].slice(0, most),
    async decide(id, verdict, decidedBy) {
      const changes =
        typeof verdict === 'string' ? { state: verdict } : { state: 'refused' as const, sealed: verdict.refusedWith }
      const decided = { ...known(id), ...changes, decidedBy }
      rows.set(id, decided)
      return decided
    },
    endOver: async (tell) => {
      for (const row of rows.values()) await tell(row)
      return rows.size
    },
    wrappedOtherwise: async (prefix, after, most) =>
      [...rows.values()]
        .filter(({ id, wrappedKey }) => id > after && !wrappedKey.startsWith(prefix))
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, most),
    async rewrap({ id }, wrappedKey) {
      rows.set(id, { ...known(id), wrappedKey })
    },
  }
}
