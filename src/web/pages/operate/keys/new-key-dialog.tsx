import { useState } from 'preact/hooks'
import type { NewKey } from '../../../api/generated/operators.ts'
import { askOperators } from '../../../api/operators.ts'
import { Notice } from '../../../components/notice.tsx'
import { now } from '../now.ts'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { useDoing } from '../../../components/use-loaded.ts'
import { useDraft } from '../../../shell/use-draft.ts'
import { emptyKey, readKey, scopes } from './key-draft.ts'
import { LifetimeField } from '../lifetime-field.tsx'

/** Makes a key. */
export function NewKeyDialog({
  groups,
  onClose,
  onMade,
}: {
  readonly groups: readonly string[]
  readonly onClose: () => void
  readonly onMade: (key: NewKey) => void
}) {
  const [draft, setDraft, forget] = useDraft('new key', {
    ...emptyKey,
    group: groups.includes('default') ? 'default' : (groups[0] ?? ''),
  })
  const [wasSent, setWasSent] = useState(false)
  const doing = useDoing()
  const read = readKey(draft, now())
  const faultOf = (field: string): string | null =>
    wasSent && 'fault' in read && read.field === field ? read.fault : null
  const make = async (): Promise<void> => {
    setWasSent(true)
    if ('fault' in read) return
    await doing.run(async () => {
      const made = await askOperators('POST /admin/v1/keys', { body: read.body })
      forget()
      onMade(made)
    })
  }
  return (
    <FormDialog title="Create a key" verb="Create key" doing={doing} onSend={make} onClose={onClose}>
      <Field label="Name" hint="Of whoever has it." fault={faultOf('name')}>
        {(given) => (
          <input
            {...given}
            maxLength={100}
            autocomplete="off"
            value={draft.name}
            onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Group" hint="What the group may do is the most that the key may." fault={faultOf('group')}>
        {(given) => (
          <select
            {...given}
            value={draft.group}
            onChange={(event) => setDraft({ ...draft, group: event.currentTarget.value })}
          >
            {groups.map((group) => (
              <option key={group} value={group}>
                {group}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset class="field">
        <legend>Scopes</legend>
        {scopes.map(({ name, about }) => (
          <label key={name} class="choice">
            <input
              type="checkbox"
              checked={draft.scopes.includes(name)}
              onChange={(event) => {
                const others = draft.scopes.filter((scope) => scope !== name)
                setDraft({ ...draft, scopes: event.currentTarget.checked ? [...others, name] : others })
              }}
            />
            <span>
              <code>{name}</code> <span class="muted">{about}</span>
            </span>
          </label>
        ))}
        {faultOf('scopes') !== null && <p class="field-fault small">{faultOf('scopes')}</p>}
      </fieldset>
      {draft.scopes.includes('admin') && (
        <Notice kind="warning">Whoever has this key can do everything on these pages, and make other keys.</Notice>
      )}
      <LifetimeField
        legend="It is good"
        draft={draft.lifetime}
        fault={faultOf('lifetime')}
        onChange={(lifetime) => setDraft({ ...draft, lifetime })}
      />
    </FormDialog>
  )
}
