import { askOperators } from '../../../api/operators.ts'
import { useState } from 'preact/hooks'
import { Button } from '../../../components/button.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Said } from '../../../components/said.tsx'
import { useDoing } from '../../../components/use-loaded.ts'

/** The title of a share, which is opened where somebody asks for it. */
export function ShareTitle({ id }: { readonly id: string }) {
  const [read, setRead] = useState<{ readonly title: string | null } | null>(null)
  const doing = useDoing()
  const open = () =>
    doing.run(async () => {
      setRead(await askOperators('POST /admin/v1/shares/{id}/reading', { id, body: {} }))
    })
  if (read !== null) return read.title === null ? <span class="muted">has none</span> : <Said>{read.title}</Said>
  return (
    <>
      <Button kind="quiet" busy={doing.isBusy} label={`Read the title of ${id}`} onClick={() => void open()}>
        Read the title
      </Button>
      {doing.error !== null && <ProblemNotice error={doing.error} />}
    </>
  )
}
