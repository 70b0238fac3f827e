import { render } from 'preact'
import { Shell } from './shell/shell.tsx'
import { loadSession } from './shell/session.ts'
import { applyTheme, chosenTheme } from './shell/theme.ts'
import './style/tokens.css'
import './style/base.css'
import './style/components.css'
import './style/shell.css'

applyTheme(chosenTheme())
// Asked before anything is drawn: every page waits for it.
void loadSession()
const place = document.getElementById('app')
if (place === null) throw new Error('The page has no element "app".')
render(<Shell />, place)
