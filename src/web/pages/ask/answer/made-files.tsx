import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../components/button.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { askApi } from '../ask-api.ts'
import { ownAddress, saveFile } from '../data-api.ts'
import { HtmlFrame } from './html-frame.tsx'
import type { MadeFile } from '../turn/turn.ts'

/** Media types that an element of the page shows as a picture, and runs nothing of. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

const isPicture = ({ mediaType, name }: MadeFile): boolean =>
  mediaType === null ? /\.(?:png|jpe?g|gif|webp)$/i.test(name) : pictures.has(mediaType)

const isPage = ({ mediaType, name }: MadeFile): boolean => mediaType === 'text/html' || /\.html?$/i.test(name)

/** Pictures and files that the programs of an answer made. */
export function MadeFiles({ files }: { readonly files: readonly MadeFile[] }) {
  if (files.length === 0) return null
  return (
    <div class="made-files">
      {files.map((file) =>
        isPicture(file) ? <Picture key={file.fileId} file={file} /> : <OneFile key={file.fileId} file={file} />,
      )}
    </div>
  )
}

/** By a signed address that lives for minutes: an element of the page sends no header that a session wants. */
function Picture({ file }: { readonly file: MadeFile }) {
  const [address, setAddress] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    askApi.linkOfFile(file.fileId).then(({ url }) => setAddress(ownAddress(url)), setError)
  }, [file.fileId])
  const name = visibleText(file.name)
  return (
    <figure class="made-picture">
      {error !== null && <ProblemNotice error={error} />}
      {address !== null && address !== '' && <img src={address} alt={`Picture that the answer made: ${name}`} />}
      <figcaption>
        <span class="muted small">{name}</span>
        <Save file={file} />
      </figcaption>
    </figure>
  )
}

function OneFile({ file }: { readonly file: MadeFile }) {
  const [isShown, setShown] = useState(false)
  return (
    <div class="made-file">
      <code>{visibleText(file.name)}</code>
      <Save file={file} />
      {isPage(file) && (
        <Button kind="quiet" expanded={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide' : 'Look at it'}
        </Button>
      )}
      {isShown && <HtmlFrame file={file} />}
    </div>
  )
}

function Save({ file: { fileId, name } }: { readonly file: MadeFile }) {
  const [error, setError] = useState<unknown>(null)
  return (
    <>
      <Button
        kind="quiet"
        label={`Download ${visibleText(name)}`}
        onClick={() => void saveFile(fileId, name).then(() => setError(null), setError)}
      >
        Download
      </Button>
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
    </>
  )
}
