import { useEffect, useState } from 'preact/hooks'
import { getBlob } from '../../../api/request.ts'
import { ProblemNotice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import type { MadeFile } from '../turn/turn.ts'

/** Nothing is loaded and nothing runs, whatever the file says; the policy of this page holds in the frame besides. */
const policy =
  '<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:"><meta name="referrer" content="no-referrer">'

/** A page that a program made, as it looks without scripts, forms and network: a frame that is allowed nothing, of no origin. */
export function HtmlFrame({ file }: { readonly file: MadeFile }) {
  const [address, setAddress] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let made: string | null = null
    let isCurrent = true
    getBlob(`/v1/files/${encodeURIComponent(file.fileId)}/content`).then(
      async (content) => {
        const html = await content.text()
        if (!isCurrent) return
        made = URL.createObjectURL(new Blob([policy, html], { type: 'text/html' }))
        setAddress(made)
      },
      (problem: unknown) => isCurrent && setError(problem),
    )
    return () => {
      isCurrent = false
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [file.fileId])
  if (error !== null) return <ProblemNotice error={error} />
  return address === null ? null : (
    <iframe class="html-frame" sandbox="" src={address} title={`${visibleText(file.name)}, without scripts`} />
  )
}
