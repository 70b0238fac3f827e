/** So many are kept, the newest: a reason that was begun for each of ten thousand items is none that anybody returns to. */
const mostDrafts = 200

const kept = new Map<string, unknown>()

/** Texts that were begun and not sent, by who wrote them and what they are of. They are in the memory of the tab and nowhere else. */
export const drafts = {
  read: (name: string): unknown => kept.get(name),
  keep: (name: string, draft: unknown): void => {
    kept.delete(name)
    kept.set(name, draft)
    for (const oldest of kept.keys()) {
      if (kept.size <= mostDrafts) return
      kept.delete(oldest)
    }
  },
  forget: (name: string): void => {
    kept.delete(name)
  },
} as const
