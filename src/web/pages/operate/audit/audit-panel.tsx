import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { AuditEntry } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { Time } from '../../../components/time.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { linkTo, navigate } from '../../../shell/router.ts'
import { now } from '../now.ts'
import { Facts } from '../../../components/facts.tsx'
import { Field, type FieldAttributes } from '../../../components/field.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useDoing } from '../../../components/use-loaded.ts'
import { draftToParameters, mostLines, readAudit, searchOf, type AuditDraft } from './audit-query.ts'
import { factLine, verdictText } from './facts.ts'
import { lineColumns } from './line-columns.tsx'

const fields = [
  { name: 'event', label: 'Event', hint: 'admin-change, refused, policy-decision, …', isMoment: false },
  { name: 'request', label: 'Request', hint: 'The id that an answer has in x-request-id.', isMoment: false },
  { name: 'principal', label: 'Caller', hint: 'The id of a key, or token-….', isMoment: false },
  { name: 'since', label: 'From', hint: 'In the time of this browser.', isMoment: true },
  { name: 'until', label: 'Before', hint: 'In the time of this browser.', isMoment: true },
] as const

/** Lines of the trail, looked for by what stands in the address, and whether its chain is whole. */
export function AuditPanel({ query }: { readonly query: URLSearchParams }) {
  const address = query.toString()
  const asked = useMemo(() => searchOf(Object.fromEntries(query), now()), [address])
  const [draft, setDraft] = useState<AuditDraft>(asked)
  const [lines, setLines] = useState<readonly AuditEntry[]>([])
  const [next, setNext] = useState<number | null>(null)
  const [opened, setOpened] = useState<AuditEntry | null>(null)
  const searching = useDoing()
  const turns = useRef(0)
  const read = readAudit(draft)

  const search = async (of: AuditDraft, behind: number | null): Promise<void> => {
    const which = readAudit(of, behind)
    if ('fault' in which) return
    // An answer that comes after that of a later search is no answer any more.
    const turn = (turns.current += 1)
    await searching.run(async () => {
      const found = await askOperators('GET /admin/v1/audit', { query: which.query })
      if (turn !== turns.current) return
      setLines((before) => (behind === null ? found.data : [...before, ...found.data]))
      setNext(found.next)
    })
  }
  useEffect(() => {
    setDraft(asked)
    void search(asked, null)
  }, [address])

  return (
    <Panel title="Audit trail" about="What was done on this machine, each line chained to the one before it.">
      <Verification />
      <form
        class="operate-search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          if ('fault' in read) return
          const parameters = draftToParameters(draft)
          if (new URLSearchParams(parameters).toString() === address) void search(draft, null)
          else navigate(['operate', 'audit'], parameters)
        }}
      >
        {fields.map(({ name, label, hint, isMoment }) => (
          <Field key={name} label={label} hint={hint}>
            {(given) => (
              <Typed
                given={given}
                isMoment={isMoment}
                value={draft[name]}
                onType={(text) => setDraft({ ...draft, [name]: text })}
              />
            )}
          </Field>
        ))}
        <Field label="First come" hint="By their numbers.">
          {(given) => (
            <select
              {...given}
              value={draft.order}
              onChange={(event) =>
                setDraft({ ...draft, order: event.currentTarget.value === 'oldest' ? 'oldest' : '' })
              }
            >
              <option value="">the newest</option>
              <option value="oldest">the oldest</option>
            </select>
          )}
        </Field>
        <div class="actions">
          <Button type="submit" kind="primary" busy={searching.isBusy}>
            Search
          </Button>
          <a href={linkTo(['operate', 'audit'])}>The last hour</a>
          <a href={linkTo(['operate', 'audit'], { all: '1' })}>Everything</a>
        </div>
      </form>
      {'fault' in read && <Notice kind="warning">{read.fault}</Notice>}
      {searching.error !== null && <ProblemNotice error={searching.error} />}
      <RecordTable
        caption={`${lines.length.toLocaleString('en')} lines, ${asked.order === 'oldest' ? 'oldest' : 'newest'} first${next === null ? '' : '; more follow'}`}
        empty={searching.isBusy ? 'Reading…' : 'No line is like this.'}
        rows={lines}
        keyOf={({ sequence }) => sequence}
        columns={[
          { title: 'Number', cell: ({ sequence }) => sequence.toLocaleString('en'), isNumber: true },
          { title: 'Time', cell: ({ time }) => <Time at={time} exact /> },
          {
            title: 'Event',
            cell: (entry) => (
              <button type="button" class="operate-link" onClick={() => setOpened(entry)}>
                {visibleText(factLine(entry).event)}
              </button>
            ),
          },
          lineColumns.caller,
          lineColumns.said,
        ]}
      />
      {next !== null && lines.length < mostLines && (
        <Button busy={searching.isBusy} onClick={() => void search(asked, next)}>
          Read on
        </Button>
      )}
      {next !== null && lines.length >= mostLines && (
        <Notice kind="info">
          No more than {mostLines.toLocaleString('en')} lines are shown: search{' '}
          {asked.order === 'oldest' ? 'from a later' : 'before an earlier'} moment, or for one caller or event.
        </Notice>
      )}
      {opened !== null && <Line entry={opened} onClose={() => setOpened(null)} />}
    </Panel>
  )
}

function Typed({
  given,
  isMoment,
  value,
  onType,
}: {
  readonly given: FieldAttributes
  readonly isMoment: boolean
  readonly value: string
  readonly onType: (text: string) => void
}) {
  const onInput = (event: { readonly currentTarget: HTMLInputElement }) => onType(event.currentTarget.value)
  return isMoment ? (
    <input {...given} type="datetime-local" value={value} onInput={onInput} />
  ) : (
    <input {...given} maxLength={200} value={value} onInput={onInput} />
  )
}

function Line({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  const { request, principal } = factLine(entry)
  const follow = (of: Partial<AuditDraft>): void => {
    onClose()
    navigate(['operate', 'audit'], of)
  }
  return (
    <Dialog
      open
      title={`Line ${entry.sequence.toLocaleString('en')}`}
      onClose={onClose}
      actions={
        <>
          {request !== null && <Button onClick={() => follow({ request })}>Lines of this request</Button>}
          {principal !== null && <Button onClick={() => follow({ principal })}>Lines of this caller</Button>}
        </>
      }
    >
      <pre class="quoted-text" tabIndex={0} aria-label="The line">
        {visibleText(JSON.stringify(entry.fact, null, 2))}
      </pre>
      <Facts
        facts={[
          ['Time', entry.time],
          ['Hash', <Code>{entry.hash}</Code>],
          ['Hash of the line before', <Code>{entry.previous}</Code>],
        ]}
      />
    </Dialog>
  )
}

/** Follows the chain when it is asked to: of a long trail that takes its time. */
function Verification() {
  const doing = useDoing()
  const [expected, setExpected] = useState('')
  const [found, setFound] = useState<ReturnType<typeof verdictText> | null>(null)
  const isHash = expected === '' || /^[0-9a-f]{64}$/.test(expected)
  const verify = (): Promise<boolean> =>
    doing.run(async () => {
      setFound(null)
      const query = expected === '' ? {} : { expect: expected }
      setFound(verdictText(await askOperators('GET /admin/v1/audit/verification', { query })))
    })
  return (
    <details class="operate-verify">
      <summary>Is the chain whole?</summary>
      <Field
        label="A hash noted earlier, which has to be there still"
        hint="May be empty. A check of the files on another machine, with the public key, says more: sallyport audit verify."
        fault={isHash ? null : 'A hash is 64 digits of 0-9 and a-f.'}
      >
        {(given) => (
          <input
            {...given}
            spellcheck={false}
            value={expected}
            onInput={(event) => setExpected(event.currentTarget.value.trim())}
          />
        )}
      </Field>
      <Button kind="primary" busy={doing.isBusy} disabled={!isHash} onClick={() => void verify()}>
        Verify
      </Button>
      {doing.error !== null && <ProblemNotice error={doing.error} />}
      {found !== null && (
        <Notice kind={found.tone === 'good' ? 'good' : found.tone === 'warn' ? 'warning' : 'error'} title={found.text}>
          {found.breaks.length > 0 && (
            <ul>
              {found.breaks.map((place) => (
                <li key={place}>
                  <Said>{place}</Said>
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
    </details>
  )
}
