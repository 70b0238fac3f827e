import { signal, type ReadonlySignal } from '@preact/signals'
import type { WebSession } from '../api/generated/operators.ts'
import { getJson, onUnauthenticated, sendJson } from '../api/request.ts'
import { ProblemError } from '../api/problem.ts'
import { listener } from './listener.ts'

const path = listener === 'operators' ? '/admin/v1/web/session' : '/v1/web/session'

type SessionState =
  | { readonly is: 'unknown' }
  | { readonly is: 'out'; readonly ended: boolean }
  | { readonly is: 'in'; readonly session: WebSession }
  | { readonly is: 'unavailable'; readonly error: unknown }

const state = signal<SessionState>({ is: 'unknown' })

/** `ended`: somebody was signed in before, on this page. */
export const sessionState: ReadonlySignal<SessionState> = state

onUnauthenticated(() => {
  state.value = { is: 'out', ended: state.value.is === 'in' }
})

/** Whose things this page may hold, in whatever part of it; null as long as nobody was signed in. */
let holder: string | null = null

/** Who is signed in, for the other tabs of this browser, which share its cookie: where another value comes here, each of them asks the service. */
const holderKey = `sallyport ${path}`
addEventListener('storage', ({ key }) => {
  if (key === holderKey) void loadSession()
})
// A tab that was away may have missed it, and a browser that keeps nothing tells nobody.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && holder !== null) void loadSession()
})

function tellOtherTabs(principal: string | null): void {
  try {
    if (principal === null) localStorage.removeItem(holderKey)
    else localStorage.setItem(holderKey, principal)
  } catch {
    // Where a browser keeps nothing, a tab asks when it is looked at again.
  }
}

/**
 * Asks the service who is signed in. Where it is somebody else than before, the page is loaded anew: nothing that was read or written
 * for one person is in the memory that another one uses.
 */
export async function loadSession(): Promise<void> {
  try {
    const session = await getJson<WebSession>(path, { quiet: true })
    if (holder !== null && holder !== session.principal) {
      tellOtherTabs(session.principal)
      return location.reload()
    }
    holder = session.principal
    tellOtherTabs(holder)
    state.value = { is: 'in', session }
  } catch (error) {
    const isIn = state.value.is === 'in'
    if (error instanceof ProblemError && error.status === 401) state.value = { is: 'out', ended: isIn }
    // A service that is away for a moment takes nothing from who looks at a page.
    else if (!isIn) state.value = { is: 'unavailable', error }
  }
}

/** Rejects with the ProblemError of a link or key that is not taken. */
export async function signIn(by: { readonly link: string } | { readonly key: string }): Promise<void> {
  await sendJson('POST', path, by, { quiet: true })
  await loadSession()
}

export async function signOut(): Promise<void> {
  await sendJson('DELETE', path)
  tellOtherTabs(null)
  location.reload()
}

/** Who is signed in and what this installation permits, for pages: the shell shows none before somebody is signed in. */
export function currentSession(): WebSession {
  if (state.value.is !== 'in') throw new Error('Nobody is signed in.')
  return state.value.session
}
