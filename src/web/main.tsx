import { render } from 'preact'
import { Shell } from './shell/shell.tsx'
import { applyTheme, chosenTheme } from './shell/theme.ts'
import './style/tokens.css'
import './style/base.css'
import './style/components.css'
import './style/shell.css'

applyTheme(chosenTheme())
const place = document.getElementById('app')
if (place === null) throw new Error('The page has no element "app".')
render(<Shell />, place)
