import { signal, type ReadonlySignal } from '@preact/signals'
import type { NewKey } from '../../../api/generated/operators.ts'

/** A key that was made in this tab, and by whom: nobody else who signs in sees it. */
interface ShownKey {
  readonly by: string
  readonly made: NewKey
}

const current = signal<readonly ShownKey[]>([])

/** Keys of which nobody has said yet that they are kept; they are nowhere but here. */
export const shownKeys: ReadonlySignal<readonly ShownKey[]> = current

/** Asks before the tab is left: the browser's own question, whose words are its own. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

export function showKey(key: ShownKey): void {
  current.value = [...current.value, key]
  addEventListener('beforeunload', ask)
}

export function forgetKey(id: string): void {
  current.value = current.value.filter(({ made }) => made.id !== id)
  if (current.value.length === 0) removeEventListener('beforeunload', ask)
}
