import { useEffect, useState } from 'preact/hooks'
import type { Share } from '../../../client/generated/shares.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { visibleText } from '../../components/visible-text.ts'
import type { PageProps } from '../../shell/lazy-page.tsx'
import { linkTo } from '../../shell/router.ts'
import { loadSession, sessionState } from '../../shell/session.ts'
import { RevokeButton } from './revoke-button.tsx'
import { shareApi } from './share-api.ts'
import { leftOutText } from './share-draft.ts'
import { SharedParts } from './shared-parts.tsx'
import { SharesLists } from './shares-list.tsx'
import './share.css'

/** `#/share` lists shares, `#/share/ID` opens one for whoever is signed in, `#/share/ID?secret=…` by its link. */
export function SharePage({ route }: PageProps) {
  const [, id = null] = route.path
  const secret = route.query.get('secret')
  if (id !== null && secret !== null) return <OpenedShare key={id} id={id} secret={secret} />
  const state = sessionState.value
  if (state.is === 'in') return id === null ? <SharesLists /> : <OpenedShare key={id} id={id} secret={null} />
  if (state.is === 'unavailable')
    return (
      <ProblemNotice error={state.error}>
        <Button onClick={() => void loadSession()}>Try again</Button>
      </ProblemNotice>
    )
  if (state.is === 'unknown') return <Loading />
  return (
    <Empty title="Sign in to see what was shared with you.">
      <p>
        <a href={linkTo(['sign-in'])}>Sign in</a>
      </p>
    </Empty>
  )
}

const Loading = () => (
  <p class="muted" role="status">
    Loading…
  </p>
)

function OpenedShare({ id, secret }: { readonly id: string; readonly secret: string | null }) {
  const [share, setShare] = useState<Share | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isRevoked, setRevoked] = useState(false)
  useEffect(() => {
    let isCurrent = true
    const asked = secret === null ? shareApi.read(id) : shareApi.open(id, secret)
    asked.then(
      (found) => isCurrent && setShare(found),
      (problem: unknown) => isCurrent && setError(problem),
    )
    return () => {
      isCurrent = false
    }
  }, [id, secret])
  if (isRevoked)
    return (
      <Empty title="It is revoked: nobody opens it any more.">
        <p>
          <a href={linkTo(['share'])}>Your shares</a>
        </p>
      </Empty>
    )
  if (error !== null) return <ProblemNotice error={error} />
  if (share === null) return <Loading />
  const { title, audience, group, is_mine: isMine, conversation, made_at: made, expires_at: expires, items } = share
  return (
    <article class="shared">
      <h1>{title === null ? 'A shared conversation' : visibleText(title)}</h1>
      <p class="shared-facts muted small">
        <Badge>{audience === 'link' ? 'anybody with the link' : `group ${visibleText(group)}`}</Badge> as it was{' '}
        <Time at={made} /> · there until <Time at={expires} /> · {leftOutText(share.left_out)}
      </p>
      {isMine && (
        <p class="shared-actions">
          {conversation !== null && <a href={linkTo(['ask', conversation])}>Open the conversation</a>}{' '}
          <RevokeButton id={id} onRevoked={() => setRevoked(true)} />
        </p>
      )}
      <SharedParts items={items} />
    </article>
  )
}
