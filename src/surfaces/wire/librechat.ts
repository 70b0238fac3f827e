import { z } from 'zod'

/** A file as LibreChat hands it back: the place that it was given for it, which older versions name `session_id`. */
const fileReference = z.looseObject({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(4_096),
  storage_session_id: z.string().min(1).max(200).nullish(),
  session_id: z.string().min(1).max(200).nullish(),
})

export type FileReference = z.infer<typeof fileReference>

/** `POST /v1/exec`. Who LibreChat's own user is, and hints about machines, decide nothing here. */
export const execRequest = z.looseObject({
  lang: z.string().min(1).max(50),
  code: z.string().min(1, { error: 'must be a program' }).max(500_000),
  args: z.array(z.string().max(10_000)).max(100).nullish(),
  session_id: z.string().min(1).max(200).nullish(),
  files: z.array(fileReference).max(200).nullish(),
})

export type ExecRequest = z.infer<typeof execRequest>

/** A file that can be asked for, as it is listed and looked up. */
export interface ListedFile {
  readonly session: string
  readonly id: string
  /** Below `/mnt/data`. */
  readonly path: string
  readonly bytes: number
  readonly changed: Date
}

/** As the answer to a program names a file that it made or changed. */
export const toMadeFile = ({ session, id, path }: Pick<ListedFile, 'session' | 'id' | 'path'>) => ({
  id,
  name: path,
  path: `/mnt/data/${path}`,
  session_id: session,
  storage_session_id: session,
  resource_id: session,
  kind: 'user' as const,
})

/** As `GET /v1/files/{session}` lists it, and `GET /v1/sessions/{session}/objects/{id}` shows it. */
export const toListedFile = ({ session, id, path, bytes, changed }: ListedFile) => ({
  name: `${session}/${id}`,
  id,
  session_id: session,
  storage_session_id: session,
  size: bytes,
  lastModified: changed.toISOString(),
  metadata: { 'original-filename': path },
})

/** The answer to `POST /v1/upload`. */
export const toUploaded = (session: string, id: string, name: string) => ({
  message: 'success' as const,
  session_id: session,
  storage_session_id: session,
  files: [{ status: 'success' as const, fileId: id, filename: name }],
})
