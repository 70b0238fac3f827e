import { useState } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { useDoing } from '../../components/use-loaded.ts'
import { useDraft } from '../../shell/use-draft.ts'
import { problemHere } from './words.ts'

/** A button that asks for a reason before it does what it says: every step of a rollout stands in the history with one. */
export function WhyForm({
  of,
  verb,
  about,
  kind = 'plain',
  isReady = true,
  children,
  onSend,
}: {
  /** The id of what it is done to. */
  readonly of: string
  readonly verb: string
  /** What happens by it. */
  readonly about: string
  readonly kind?: 'plain' | 'primary' | 'danger'
  /** Is all there that the children ask for? */
  readonly isReady?: boolean
  readonly children?: ComponentChildren
  readonly onSend: (why: string) => Promise<unknown>
}) {
  const [isOpen, setOpen] = useState(false)
  const [why, setWhy, forget] = useDraft<string>(`${verb} ${of}`, '')
  const doing = useDoing()
  const send = async (): Promise<void> => {
    if (!(await doing.run(() => onSend(why.trim())))) return
    setOpen(false)
    forget()
  }
  const close = () => {
    setOpen(false)
    doing.forget()
  }
  return (
    <>
      <Button kind={kind} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <FormDialog
        open={isOpen}
        title={verb}
        verb={verb}
        kind={kind === 'danger' ? 'danger' : 'primary'}
        doing={{ ...doing, error: problemHere(doing.error) }}
        isReady={why.trim() !== '' && isReady}
        onSend={send}
        onClose={close}
      >
        <p>{about}</p>
        {children}
        <Field label="Why" hint="In one line, for the history and the audit trail.">
          {(field) => (
            <input {...field} value={why} maxLength={500} onInput={(event) => setWhy(event.currentTarget.value)} />
          )}
        </Field>
      </FormDialog>
    </>
  )
}
