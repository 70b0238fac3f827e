import { useState } from 'preact/hooks'
import type { Group, Key, NewKey } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo, navigate } from '../../../shell/router.ts'
import { currentSession, loadSession } from '../../../shell/session.ts'
import { everyPiece } from '../every-piece.ts'
import { now } from '../now.ts'
import { countText } from '../words.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { GroupsTable } from './groups-table.tsx'
import { isLastOperator, scopesText, standingOf } from './key-draft.ts'
import { showKey } from './kept-keys.ts'
import { LimitsView } from './limits-view.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'

const kinds = { good: 'good', warn: 'warning', bad: 'danger', plain: 'neutral' } as const

interface Shown {
  readonly keys: readonly Key[]
  readonly groups: readonly Group[]
}

/** Keys and what their callers have left of their limits. */
export function KeysPanel({ shown }: { readonly shown: string | null }) {
  const loaded = useLoaded<Shown>(async (signal, show) => {
    const { data: groups } = await askOperators('GET /admin/v1/groups', { signal })
    const keys = await everyPiece(
      (after) => askOperators('GET /admin/v1/keys', { query: { limit: 1_000, after }, signal }),
      (soFar) => show({ keys: soFar, groups }),
    )
    return { keys, groups }
  }, [])
  const [open, setOpen] = useState<
    { readonly what: 'new' } | { readonly what: 'rotate' | 'revoke'; readonly of: Key } | null
  >(null)
  const revoking = useDoing()
  const [sought, setSought] = useState('')
  const keys = loaded.value?.keys ?? []
  const close = (): void => {
    setOpen(null)
    revoking.forget()
  }
  const onMade = (key: NewKey): void => {
    showKey({ by: currentSession().principal, made: key })
    close()
    loaded.reload()
  }
  const revoke = async (id: string): Promise<void> => {
    if (await revoking.run(() => askOperators('DELETE /admin/v1/keys/{id}', { id }))) {
      close()
      if (id !== currentSession().principal) return loaded.reload()
      navigate(['sign-in'], { revoked: '1' }, { replace: true })
      await loadSession()
    }
  }
  if (shown !== null) return <LimitsView principal={shown} />
  const words = sought.trim().toLowerCase()
  const found = keys.filter(({ id, name, group }) =>
    [id, name, group].some((text) => text.toLowerCase().includes(words)),
  )
  return (
    <Panel
      title="Keys and limits"
      about="Who may ask, for what, and until when."
      loaded={loaded}
      actions={
        <Button kind="primary" onClick={() => setOpen({ what: 'new' })}>
          Create a key
        </Button>
      }
    >
      <input
        type="search"
        aria-label="Find keys by id, name or group"
        placeholder="Find keys"
        value={sought}
        onInput={(event) => setSought(event.currentTarget.value)}
      />
      <RecordTable
        caption={`${countText(found.length)} of ${countText(keys.length)} keys, oldest first${loaded.isLoading ? '; more are being read' : ''}`}
        empty={keys.length === 0 ? 'There is no key.' : 'No key is like this.'}
        rows={found}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Name',
            cell: ({ name, id }) => (
              <>
                <Said>{name}</Said>
                <div class="record-id">
                  <Code>{id}</Code>
                </div>
              </>
            ),
          },
          { title: 'Group', cell: ({ group }) => <Said>{group}</Said> },
          {
            title: 'State',
            cell: (key) => {
              const { word, tone } = standingOf(key, now())
              return <Badge kind={kinds[tone]}>{word}</Badge>
            },
          },
          { title: 'Scopes', cell: ({ scopes }) => scopesText(scopes) },
          { title: 'Ends', cell: ({ expires }) => (expires === null ? 'never' : <Time at={expires} />) },
          { title: 'Last used', cell: ({ last_used: at }) => (at === null ? 'never' : <Time at={at} relative />) },
          {
            title: 'Actions',
            cell: (key) => (
              <div class="actions">
                <a href={linkTo(['operate', 'keys', key.id])}>Limits</a>
                <Button kind="quiet" label={`Rotate ${key.name}`} onClick={() => setOpen({ what: 'rotate', of: key })}>
                  Rotate
                </Button>
                <Button kind="quiet" label={`Revoke ${key.name}`} onClick={() => setOpen({ what: 'revoke', of: key })}>
                  Revoke
                </Button>
              </div>
            ),
          },
        ]}
      />
      <GroupsTable groups={loaded.value?.groups ?? []} />
      {open?.what === 'new' && (
        <NewKeyDialog groups={(loaded.value?.groups ?? []).map(({ name }) => name)} onClose={close} onMade={onMade} />
      )}
      {open?.what === 'rotate' && <RotateDialog of={open.of} onClose={close} onMade={onMade} />}
      {open?.what === 'revoke' && (
        <FormDialog
          kind="danger"
          title="Revoke this key?"
          verb="Revoke key"
          doing={revoking}
          onSend={() => revoke(open.of.id)}
          onClose={close}
        >
          <p>
            The next request with the key of <Said>{open.of.name}</Said> (<Code>{open.of.id}</Code>) is refused. A
            revoked key does not come back.
          </p>
          {open.of.id === currentSession().principal && (
            <Notice kind="warning">
              It is the key that you are signed in with: you are signed out with it, and need another one to come back.
            </Notice>
          )}
          {isLastOperator(open.of, keys) && (
            <Notice kind="warning">
              It is the last key that opens these pages. Afterwards only the command line of the machine makes another
              one.
            </Notice>
          )}
        </FormDialog>
      )}
    </Panel>
  )
}
