import { useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { shareApi } from './share-api.ts'

/** Asks once more, since nobody gets it back. */
export function RevokeButton({ id, onRevoked }: { readonly id: string; readonly onRevoked: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const close = (): void => {
    setAsking(false)
    setError(null)
  }
  const revoke = async (): Promise<void> => {
    setBusy(true)
    try {
      await shareApi.revoke(id)
      onRevoked()
    } catch (problem) {
      setError(problem)
    }
    setBusy(false)
  }
  return (
    <>
      <Button kind="danger" onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <Dialog
        open={isAsking}
        title="Revoke this share?"
        onClose={close}
        actions={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button kind="danger" busy={isBusy} onClick={() => void revoke()}>
              Revoke it
            </Button>
          </>
        }
      >
        <p>Nobody opens it any more. Another one can be made of its conversation.</p>
        {error !== null && <ProblemNotice error={error} />}
      </Dialog>
    </>
  )
}
