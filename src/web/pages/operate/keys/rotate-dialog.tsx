import { useState } from 'preact/hooks'
import type { Key, NewKey } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { now } from '../now.ts'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Said } from '../../../components/said.tsx'
import { readLifetime, unlimited, type LifetimeDraft } from '../lifetimes.ts'
import { useDoing } from '../../../components/use-loaded.ts'
import { LifetimeField } from '../lifetime-field.tsx'
import { readOverlap } from './overlap.ts'

/** Makes a key in the place of another one. */
export function RotateDialog({
  of,
  onClose,
  onMade,
}: {
  readonly of: Key
  readonly onClose: () => void
  readonly onMade: (key: NewKey) => void
}) {
  const [hours, setHours] = useState('24')
  const [lifetime, setLifetime] = useState<LifetimeDraft>({
    ...unlimited,
    kind: of.expires === null ? 'unlimited' : 'days',
  })
  const doing = useDoing()
  const overlap = readOverlap(hours)
  const expires = readLifetime(lifetime, now())
  const rotate = async (): Promise<void> => {
    if ('fault' in overlap || 'fault' in expires) return
    const body = { ...overlap.said, ...(expires.said === null ? {} : { expires: expires.said }) }
    await doing.run(async () => onMade(await askOperators('POST /admin/v1/keys/{id}/rotation', { id: of.id, body })))
  }
  return (
    <FormDialog
      title="Rotate this key"
      verb="Make the new key"
      doing={doing}
      isReady={!('fault' in overlap || 'fault' in expires)}
      onSend={rotate}
      onClose={onClose}
    >
      <p>
        A key with the group and the scopes of <Said>{of.name}</Said> takes its place.
      </p>
      <Field
        label="Hours for which the old one goes on beside it"
        hint="0 ends it at once."
        fault={'fault' in overlap ? overlap.fault : null}
      >
        {(given) => (
          <input
            {...given}
            inputMode="decimal"
            value={hours}
            onInput={(event) => setHours(event.currentTarget.value)}
          />
        )}
      </Field>
      <LifetimeField
        legend="The new one is good"
        draft={lifetime}
        fault={'fault' in expires ? expires.fault : null}
        onChange={setLifetime}
      />
    </FormDialog>
  )
}
