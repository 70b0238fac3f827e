import type { Signal } from '@preact/signals'
import { askApi } from '../ask-api.ts'
import type { Draft } from '../conversation/draft.ts'
import { FileUploads } from './file-uploads.ts'

const ofDrafts = new WeakMap<Signal<Draft>, FileUploads>()

/** Those of what somebody is writing. They go on while another page is looked at. */
export function uploadsOf(draft: Signal<Draft>): FileUploads {
  const found = ofDrafts.get(draft)
  if (found !== undefined) return found
  const made = new FileUploads({
    send: (file, options) => askApi.uploadFile(file, options),
    names: () => draft.value.files.map(({ filename }) => filename),
    add: (file) => {
      draft.value = { ...draft.value, files: [...draft.value.files, file] }
    },
  })
  ofDrafts.set(draft, made)
  return made
}
