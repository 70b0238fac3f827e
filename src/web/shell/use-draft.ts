import { useState } from 'preact/hooks'
import { drafts } from './drafts.ts'
import { currentSession } from './session.ts'

/**
 * What somebody has begun to fill in, which is there again when they come back to the page while the tab is open. Nobody else who
 * signs in sees it.
 * @param of names the form; one name is of one shape
 * @returns the draft, how it is changed, and how it is forgotten once it was sent
 */
export function useDraft<T extends string | object>(
  of: string,
  empty: T,
): readonly [draft: T, change: (draft: T) => void, forget: () => void] {
  const [name] = useState(() => `${currentSession().principal}\n${of}`)
  const [draft, setDraft] = useState<T>(() => (drafts.read(name) as T | undefined) ?? empty)
  const change = (to: T): void => {
    drafts.keep(name, to)
    setDraft(to)
  }
  const forget = (): void => {
    drafts.forget(name)
    setDraft(empty)
  }
  return [draft, change, forget]
}
