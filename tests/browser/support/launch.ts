import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** First the one without a desktop's weight: the same engine, and a page opens in less than half the time. */
const places = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`)
/** The first makes each page a quarter slower. The others are those of Playwright's own list that we need: a second list takes the place of its. */
const withoutFeatures = [
  'RenderDocument',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
]
/** Nothing but the pages under test: no updates, no calls home, no graphics card. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${withoutFeatures.join(',')}`,
]

/** The system's Chromium, headless, in an empty profile that goes with it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? places.find((path) => existsSync(path))
  if (!executablePath || !existsSync(executablePath))
    throw new Error(
      'No Chromium for the browser tests. Install one (apt-get install chromium-headless-shell, or chromium), or set CHROMIUM_PATH to yours.',
    )
  return chromium.launch({ executablePath, headless: true, args: flags })
}
