import { useState } from 'preact/hooks'
import type { SeenShareFacts, SharesListQuery } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { Time } from '../../../components/time.tsx'
import { useDoing, useLoaded } from '../../../components/use-loaded.ts'
import { navigate } from '../../../shell/router.ts'
import { everyPiece } from '../every-piece.ts'
import { readShares } from './share-query.ts'
import { ShareTitle } from './share-title.tsx'

/** Versions of conversations that callers gave to others. What is shown stands in the address. */
export function SharesPanel({ query: address }: { readonly query: URLSearchParams }) {
  const given = Object.fromEntries(address)
  const { query, fault } = readShares(given)
  const loaded = useLoaded<readonly SeenShareFacts[]>(
    async (signal, show) =>
      fault !== null
        ? []
        : await everyPiece(
            (after) => askOperators('GET /admin/v1/shares', { query: { ...query, after }, signal }),
            show,
          ),
    [JSON.stringify(query)],
  )
  const [open, setOpen] = useState<SeenShareFacts | null>(null)
  const revoking = useDoing()
  const close = (): void => {
    setOpen(null)
    revoking.forget()
  }
  const revoke = async (id: string): Promise<void> => {
    if (await revoking.run(() => askOperators('DELETE /admin/v1/shares/{id}', { id }))) {
      close()
      loaded.reload()
    }
  }
  const change = (name: keyof SharesListQuery, value: string): void => {
    const members = Object.entries({ ...given, [name]: value }).filter(([, text]) => text !== '')
    navigate(['operate', 'shares'], Object.fromEntries(members), { replace: true })
  }
  return (
    <Panel
      title="Shares"
      about="What callers gave to others. That a title was read here is on the audit trail."
      loaded={loaded}
    >
      <div class="operate-search">
        <Field label="For whom">
          {(field) => (
            <select
              {...field}
              value={query.audience ?? ''}
              onChange={(event) => change('audience', event.currentTarget.value)}
            >
              <option value="">everybody</option>
              <option value="group">groups</option>
              <option value="link">whoever has a link</option>
            </select>
          )}
        </Field>
        <Field label="Group" hint="Under whose policy they were made.">
          {(field) => (
            <input
              {...field}
              value={given['group'] ?? ''}
              maxLength={200}
              onChange={(event) => change('group', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Made by" hint="The id of a key, or token-…." fault={fault}>
          {(field) => (
            <input
              {...field}
              value={given['principal'] ?? ''}
              onChange={(event) => change('principal', event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <RecordTable
        caption="Shares, newest first"
        empty="Nothing is shared."
        rows={loaded.value ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Share',
            cell: ({ id }) => (
              <>
                <ShareTitle id={id} />
                <div class="record-id">
                  <Code>{id}</Code>
                </div>
              </>
            ),
          },
          {
            title: 'For',
            cell: ({ audience, group }) =>
              audience === 'link' ? (
                <>
                  <Badge kind="warning">link</Badge> as <Said>{group}</Said>
                </>
              ) : (
                <Said>{group}</Said>
              ),
          },
          { title: 'Made by', cell: ({ principal }) => <Said>{principal}</Said> },
          { title: 'Made', cell: ({ made_at: at }) => <Time at={at} /> },
          { title: 'Ends', cell: ({ expires_at: at }) => <Time at={at} relative /> },
          {
            title: 'Actions',
            cell: (share) => (
              <Button kind="quiet" label={`Revoke ${share.id}`} onClick={() => setOpen(share)}>
                Revoke
              </Button>
            ),
          },
        ]}
      />
      {open !== null && (
        <FormDialog
          kind="danger"
          title="Revoke this share?"
          verb="Revoke share"
          doing={revoking}
          onSend={() => revoke(open.id)}
          onClose={close}
        >
          <p>
            Nobody opens <Code>{open.id}</Code> any more: neither{' '}
            {open.audience === 'link' ? 'whoever has its link' : 'callers of its group'} nor{' '}
            <Said>{open.principal}</Said>, who made it. The conversation stays.
          </p>
        </FormDialog>
      )}
    </Panel>
  )
}
