import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../api/operators.ts'
import { Button } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { Field } from '../../components/field.tsx'
import { useDoing } from '../../components/use-loaded.ts'
import { readAim, type AimDraft } from './aim-draft.ts'
import { problemHere } from './words.ts'

interface ProposeFormProps {
  readonly sets: AnswerOf<'GET /admin/v1/tuning/sets'>['data']
  readonly aim: AimDraft
  readonly onAim: (aim: AimDraft) => void
  readonly onProposed: () => void
}

/** Asks for the threshold that comes to an aim. */
export function ProposeForm({ sets, aim, onAim, onProposed }: ProposeFormProps) {
  const newest = sets.at(-1)
  const [of, setOf] = useState('')
  const doing = useDoing()
  const [wasSent, setSent] = useState(false)
  const read = readAim(aim)
  const faultOf = (field: 'most' | 'costs') => (wasSent && 'fault' in read && read.field === field ? read.fault : null)
  const propose = async (): Promise<void> => {
    setSent(true)
    const chosen = sets.find(({ name, version }) => `${name}@${version}` === of) ?? newest
    if ('fault' in read || chosen === undefined) return
    const body = { set: chosen.name, version: chosen.version, ...read.aim }
    if (await doing.run(() => askOperators('POST /admin/v1/tuning/proposals', { body }))) onProposed()
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void propose()
      }}
    >
      <div class="tune-row">
        <Field label="Set">
          {(field) => (
            <select {...field} value={of} onChange={(event) => setOf(event.currentTarget.value)}>
              {sets.toReversed().map(({ name, version }, at) => (
                <option key={`${name}@${version}`} value={at === 0 ? '' : `${name}@${version}`}>
                  {visibleText(`${name}@${version}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Aim">
          {(field) => (
            <select
              {...field}
              value={aim.kind}
              onChange={(event) => onAim({ ...aim, kind: event.currentTarget.value === 'costs' ? 'costs' : 'rate' })}
            >
              <option value="rate">at most so many false positives</option>
              <option value="costs">the least cost</option>
            </select>
          )}
        </Field>
        {aim.kind === 'rate' ? (
          <>
            <Field label="False positives, at most %" fault={faultOf('most')}>
              {(field) => (
                <input
                  {...field}
                  inputMode="decimal"
                  size={6}
                  value={aim.most}
                  onInput={(event) => onAim({ ...aim, most: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label="With a confidence of">
              {(field) => (
                <select
                  {...field}
                  value={aim.confidence}
                  onChange={(event) =>
                    onAim({ ...aim, confidence: event.currentTarget.value as AimDraft['confidence'] })
                  }
                >
                  <option value="0.8">80 %</option>
                  <option value="0.9">90 %</option>
                  <option value="0.95">95 %</option>
                  <option value="0.99">99 %</option>
                </select>
              )}
            </Field>
          </>
        ) : (
          <>
            <Field label="A false block costs" fault={faultOf('costs')}>
              {(field) => (
                <input
                  {...field}
                  inputMode="decimal"
                  size={6}
                  value={aim.falseBlock}
                  onInput={(event) => onAim({ ...aim, falseBlock: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label="A miss costs">
              {(field) => (
                <input
                  {...field}
                  inputMode="decimal"
                  size={6}
                  value={aim.miss}
                  onInput={(event) => onAim({ ...aim, miss: event.currentTarget.value })}
                />
              )}
            </Field>
          </>
        )}
        <Button type="submit" kind="primary" busy={doing.isBusy}>
          Propose a threshold
        </Button>
      </div>
      {doing.error !== null && <ProblemNotice error={problemHere(doing.error)} />}
    </form>
  )
}
