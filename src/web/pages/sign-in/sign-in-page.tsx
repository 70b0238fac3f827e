import { useEffect, useState } from 'preact/hooks'
import { addressOf, getJson } from '../../api/request.ts'
import { Button } from '../../components/button.tsx'
import { Notice, ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import type { PageProps } from '../../shell/lazy-page.tsx'
import { listener } from '../../shell/listener.ts'
import { navigate } from '../../shell/router.ts'
import { sessionState, signIn } from '../../shell/session.ts'

const home = listener === 'operators' ? 'operate' : 'ask'

interface Ways {
  readonly oidc: { readonly name: string; readonly start: string } | null
}

/** What came of a sign-in at the provider that signed nobody in, as its way back tells it. */
function FailedThere({ code, request }: { readonly code: string; readonly request: string | null }) {
  const said =
    code === 'identity-unavailable'
      ? 'The identity provider does not answer. Try again later, or sign in with a key.'
      : code === 'forbidden' || code === 'suspended'
        ? 'The identity provider knows you, but you may not sign in here. Ask whoever runs this installation.'
        : 'The identity provider has signed nobody in here. Begin again.'
  // By the code and the request whoever runs the installation finds the reason in the log.
  const told = request === null ? code : `${code}, request ${request}`
  return (
    <Notice title="You are not signed in.">
      {said} ({visibleText(told)})
    </Notice>
  )
}

/** Three ways in: the link that `serve` printed, an API key, the installation's identity provider. */
export function SignInPage({ route }: PageProps) {
  const [key, setKey] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const link = route.query.get('link')
  const state = sessionState.value
  const failed = route.query.get('failed')
  const [provider, setProvider] = useState<Ways['oidc']>(null)

  useEffect(() => {
    const path = listener === 'operators' ? '/admin/v1/web/sign-in' : '/v1/web/sign-in'
    // Where it cannot be told, a key and the link still lead in, and what is wrong is said when one of them is tried.
    getJson<Ways>(path, { quiet: true }).then(
      ({ oidc }) => setProvider(oidc),
      () => setProvider(null),
    )
  }, [])

  const enter = async (by: { link: string } | { key: string }): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await signIn(by)
      setKey('')
      if (route.path[0] === 'sign-in') navigate([home], {}, { replace: true })
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }

  useEffect(() => {
    if (link === null) return
    // The link counts once: it goes out of the address before anything else.
    navigate(['sign-in'], {}, { replace: true })
    void enter({ link })
  }, [link])

  return (
    <div class="sign-in">
      <h1>Sign in</h1>
      {state.is === 'out' && state.ended && !route.query.has('revoked') && (
        <Notice title="Your session has ended.">Sign in again to go on.</Notice>
      )}
      {route.query.has('revoked') && error === null && (
        <Notice title="Your key was revoked.">You revoked it yourself. Sign in with another one to go on.</Notice>
      )}
      {failed !== null && error === null && <FailedThere code={failed} request={route.query.get('request')} />}
      {error !== null && <ProblemNotice error={error} />}
      {provider !== null && (
        <p>
          <a class="button button-primary" href={addressOf(provider.start).href}>
            Sign in with {visibleText(provider.name)}
          </a>
        </p>
      )}
      <form
        class="sign-in-form"
        onSubmit={(event) => {
          event.preventDefault()
          void enter({ key: key.trim() })
        }}
      >
        <label>
          <span>{listener === 'operators' ? 'Key with the scope admin' : 'API key'}</span>
          <input
            type="password"
            autocomplete="off"
            required
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        <Button kind={provider === null ? 'primary' : 'plain'} type="submit" busy={busy} disabled={key.trim() === ''}>
          Sign in
        </Button>
      </form>
      <p class="muted">
        Whoever runs this installation finds a link to sign in where <code>serve</code> was started; it counts once.
      </p>
    </div>
  )
}
