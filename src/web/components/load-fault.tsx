import { useEffect, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/**
 * A script of the app that did not come. Its name holds a digest of what is in it, so that it is gone once another version is served: then a tab that was open
 * goes on with what it has, until it is loaded again. That is left to the person, since it ends answers that are being given.
 */
export function LoadFault() {
  const [isServed, setServed] = useState<boolean | null>(null)
  useEffect(() => {
    let isCurrent = true
    fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => isCurrent && setServed(ok),
      () => isCurrent && setServed(false),
    )
    return () => {
      isCurrent = false
    }
  }, [])
  if (isServed === null) return null
  return (
    <Notice kind="error" title="This part of the app could not be loaded.">
      <p>
        {isServed
          ? 'The service was renewed since this tab was opened, and has the app in another version. Load it again; an answer that is being given in this tab ends with that.'
          : 'The service does not answer. Look whether it runs and this machine reaches it, then load the app again.'}
      </p>
      <Button kind="primary" onClick={() => location.reload()}>
        Load the app again
      </Button>
    </Notice>
  )
}
