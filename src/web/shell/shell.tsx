import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Empty } from '../components/empty.tsx'
import { ProblemNotice } from '../components/notice.tsx'
import { visibleText } from '../components/visible-text.ts'
import { LazyPage } from './lazy-page.tsx'
import { listener } from './listener.ts'
import { pageAt, pages, signInPage } from './pages.ts'
import { linkTo, route } from './router.ts'
import { loadSession, sessionState, signOut } from './session.ts'
import { applyTheme, theme, type Theme } from './theme.ts'

/** What is around every page: where one is, who one is, and how it looks. */
export function Shell() {
  return (
    <>
      <a class="skip-link" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <Header />
      <Main />
    </>
  )
}

/** The fragment is the router's, so that the link moves the focus and not the address. */
function skipToMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Header() {
  const state = sessionState.value
  const [first] = route.value.path
  const listed = pages.filter(({ on, listed }) => listed && (on === listener || on === 'both'))
  return (
    <header class="shell-header">
      <a class="brand" href={linkTo([listener === 'operators' ? 'operate' : 'ask'])}>
        Sallyport
      </a>
      {state.is === 'in' && (
        <nav aria-label="Pages">
          <ul class="shell-nav">
            {listed.map(({ at, title }) => (
              <li key={at}>
                <a href={linkTo([at])} aria-current={at === first ? 'page' : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div class="shell-side">
        <ThemeChoice />
        {state.is === 'in' && (
          <>
            <span class="shell-who" title={visibleText(state.session.principal)}>
              {visibleText(state.session.group)}
            </span>
            <Button kind="quiet" onClick={() => void signOut().catch(() => location.reload())}>
              Sign out
            </Button>
          </>
        )}
      </div>
    </header>
  )
}

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

function ThemeChoice() {
  return (
    <label class="theme-choice">
      <span class="visually-hidden">Theme</span>
      <select value={theme.value} onChange={(event) => applyTheme(event.currentTarget.value as Theme)}>
        {themes.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}

function Main() {
  const element = useRef<HTMLElement>(null)
  const current = route.value
  const [first] = current.path
  const page = first === 'sign-in' ? null : pageAt(first, listener)
  const title = first === 'sign-in' ? 'Sign in' : (page?.title ?? 'Not found')
  const seen = useRef('')
  useEffect(() => {
    document.title = `${title} · Sallyport`
    // Who moves by keyboard or hears the page goes on at its beginning; the first page is where the browser puts it.
    if (seen.current !== '' && seen.current !== first) element.current?.focus()
    seen.current = first
  }, [first, title])
  useEffect(() => {
    // Its script comes while the service is asked who is signed in; what goes wrong is said where the page is shown.
    page?.load().catch(() => undefined)
  }, [page])
  return (
    <main id="main" ref={element} tabIndex={-1} class="shell-main" aria-label={title}>
      <Content />
    </main>
  )
}

function Content() {
  const current = route.value
  const state = sessionState.value
  const [first] = current.path
  if (first === 'sign-in') return <LazyPage load={signInPage} route={current} />
  const page = pageAt(first, listener)
  if (page === null)
    return (
      <Empty title="There is no such page.">
        <p>
          <a href={linkTo([listener === 'operators' ? 'operate' : 'ask'])}>Go to the start</a>
        </p>
      </Empty>
    )
  if (page.open || state.is === 'in') return <LazyPage load={page.load} route={current} />
  if (state.is === 'out') return <LazyPage load={signInPage} route={current} />
  if (state.is === 'unavailable')
    return (
      <ProblemNotice error={state.error}>
        <Button onClick={() => void loadSession()}>Try again</Button>
      </ProblemNotice>
    )
  return (
    <p class="muted" role="status">
      Loading…
    </p>
  )
}
