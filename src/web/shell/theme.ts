import { signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const key = 'sallyport.theme'

/** What the person chose; the system's where nothing was, or where the browser keeps nothing. */
export function chosenTheme(): Theme {
  try {
    const kept = localStorage.getItem(key)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

export const theme = signal<Theme>(chosenTheme())

const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

/** Whether dark is what is seen. Charts are drawn anew when it changes. */
export const isDark = signal(false)

systemIsDark.addEventListener('change', () => applyTheme(theme.value))

export function applyTheme(chosen: Theme): void {
  theme.value = chosen
  isDark.value = chosen === 'dark' || (chosen === 'system' && systemIsDark.matches)
  document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light'
  try {
    if (chosen === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, chosen)
  } catch {
    // A browser that keeps nothing still shows what was chosen.
  }
}
