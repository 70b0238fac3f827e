import { useCallback, useEffect, useState } from 'preact/hooks'
import type { ShareFacts } from '../../../client/generated/shares.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Time } from '../../components/time.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { linkTo } from '../../shell/router.ts'
import { RevokeButton } from './revoke-button.tsx'
import { shareApi } from './share-api.ts'

/** What was shared with one's group, and what one has shared. */
export function SharesLists() {
  return (
    <>
      <h1>Shared</h1>
      <SharesList of="group" title="With your group" />
      <SharesList of="mine" title="By you" />
    </>
  )
}

interface SharesListProps {
  readonly of: 'mine' | 'group'
  readonly title: string
}

function SharesList({ of, title }: SharesListProps) {
  const [shares, setShares] = useState<readonly ShareFacts[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const load = useCallback(
    async (after: string | null): Promise<void> => {
      try {
        const page = await shareApi.list(of, after)
        setShares((before) => (after === null ? page.data : [...(before ?? []), ...page.data]))
        setNext(page.has_more ? page.last_id : null)
      } catch (problem) {
        setError(problem)
      }
    },
    [of],
  )
  useEffect(() => void load(null), [load])
  return (
    <section class="shares" aria-label={title}>
      <h2>{title}</h2>
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      {shares?.length === 0 && (
        <Empty title={of === 'mine' ? 'You have shared nothing.' : 'Nothing was shared with your group.'}>
          {of === 'mine' && <p>“Share” stands beside each conversation.</p>}
        </Empty>
      )}
      <ul class="shares-list">
        {shares?.map((share) => (
          <li key={share.id}>
            <OneShare share={share} isMine={of === 'mine'} onRevoked={() => void load(null)} />
          </li>
        ))}
      </ul>
      {next !== null && <Button onClick={() => void load(next)}>More</Button>}
    </section>
  )
}

interface OneShareProps {
  readonly share: ShareFacts
  readonly isMine: boolean
  readonly onRevoked: () => void
}

function OneShare({ share, isMine, onRevoked }: OneShareProps) {
  const { id, title, audience, group, made_at: made, expires_at: expires } = share
  return (
    <>
      <a href={linkTo(['share', id])}>{title === null ? 'A conversation' : visibleText(title)}</a>{' '}
      <span class="muted small">
        <Time at={made} relative /> · until <Time at={expires} />
      </span>{' '}
      {isMine && (
        <>
          <Badge>{audience === 'link' ? 'link' : visibleText(group)}</Badge>{' '}
          <RevokeButton id={id} onRevoked={onRevoked} />
        </>
      )}
    </>
  )
}
