import { useEffect, useRef, useState } from 'preact/hooks'
import type { NewKey } from '../../../api/generated/operators.ts'
import { Button } from '../../../components/button.tsx'
import { Said } from '../../../components/said.tsx'
import { currentSession } from '../../../shell/session.ts'
import { forgetKey, shownKeys } from './kept-keys.ts'

/**
 * The keys that were made in this tab and are not said to be kept. They stand over every page of Operate, and leaving the tab is asked
 * about, since another press on a page would lose them for good.
 */
export function MadeKeys() {
  const { principal } = currentSession()
  return shownKeys.value
    .filter(({ by }) => by === principal)
    .map(({ made }) => <MadeKey key={made.id} made={made} onClose={() => forgetKey(made.id)} />)
}

/**
 * Shows a key that was made, for the only time: nothing keeps it once this is closed. So it stands in the page and not in a
 * dialog, which Escape or a press beside it would close.
 */
function MadeKey({ made, onClose }: { readonly made: NewKey; readonly onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  useEffect(() => field.current?.focus(), [made.id])
  const copy = (): void => {
    navigator.clipboard.writeText(made.key).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    )
  }
  return (
    <section class="operate-made" aria-label="The new key">
      <p>
        This is the key of <Said>{made.name}</Said>. It is shown this once, until you say that you have kept it: only
        its hash is kept, in <Said>{made.place}</Said>.
      </p>
      <input
        ref={field}
        class="operate-secret"
        aria-label="Key"
        readOnly
        value={made.key}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="actions">
        <Button kind="primary" onClick={copy}>
          Copy
        </Button>
        <Button onClick={onClose}>I have kept it</Button>
        <span role="status">
          {copied === 'yes'
            ? 'Copied.'
            : copied === 'failed'
              ? 'The browser did not let it be copied: select it and copy it.'
              : ''}
        </span>
      </div>
    </section>
  )
}
