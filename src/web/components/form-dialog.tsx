import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNotice } from './notice.tsx'
import type { Doing } from './use-loaded.ts'

interface FormDialogProps {
  readonly open?: boolean
  readonly title: string
  /** What the button says: what happens by it. */
  readonly verb: string
  /** danger: what cannot be taken back. */
  readonly kind?: 'primary' | 'danger'
  readonly doing: Doing
  /** Is all there that the fields ask for? */
  readonly isReady?: boolean
  readonly onSend: () => Promise<unknown>
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** Asks for what is needed, or once more, before something is done. Enter in a field presses its button; what went wrong stands below the fields. */
export function FormDialog({
  open = true,
  title,
  verb,
  kind = 'primary',
  doing,
  isReady = true,
  onSend,
  onClose,
  children,
}: FormDialogProps) {
  const send = (): void => {
    if (isReady && !doing.isBusy) void onSend()
  }
  return (
    <Dialog
      open={open}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={kind} busy={doing.isBusy} disabled={!isReady} onClick={send}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        {children}
        {doing.error !== null && <ProblemNotice error={doing.error} />}
        <input type="submit" hidden />
      </form>
    </Dialog>
  )
}
