// The entry: one tab, one application, and what belongs to the page as a whole.

import { App } from "./app.js";
import { Desk, showLoading, showMessage } from "./desk.js";
import { loadLanguage, t } from "./i18n.js";
import { holdLock } from "./lock.js";
import { watchOutcome } from "./outcome.js";
import { pause, spread } from "./pause.js";
import { loadPrefs } from "./prefs.js";
import { askPersistence, probeStorage } from "./probes.js";

const CLOCK_SAVE_MS = 5000;
/** Signs of life go on meanwhile; this only catches a start that was moved. */
const WAITING_STATE_MS = 300000;
const version = /\.([0-9a-f]{6})[0-9a-f]*\.js/.exec(document.currentScript?.src ?? "")?.[1] ?? "–";

function capable() {
  return Boolean(globalThis.crypto?.subtle && navigator.locks && globalThis.indexedDB);
}

/** Keep the shell for the time without network; in the waiting room a newer shell is taken at once. */
async function keepShell(app) {
  if (!navigator.serviceWorker || app.result) return;
  const before = navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (before && app.attempt && !app.attempt.paper && !app.result) location.reload();
  });
  await navigator.serviceWorker.register("/thi/sw.js", { scope: "/thi/" });
}

async function probe(app) {
  app.probes.storage = await probeStorage();
  app.refresh();
  await askPersistence();
}

/** After the end wait for the result; a server that forgot the submission gets everything again. */
async function follow(app) {
  while (!app.result && !app.stop) {
    if (!app.ended && !app.timeOver) await pause(1000);
    else if ((await watchOutcome(app)) === "open") app.reopen();
  }
}

async function run(root, steal) {
  const app = new App();
  app.version = version;
  if (!(await holdLock(() => app.halt("elsewhere"), { steal }))) {
    showMessage(root, "tab", [t("Làm bài ở thẻ này"), () => start(root, true)]);
    return;
  }
  showLoading(root);
  app.on("waiting", (name) => showMessage(root, name));
  app.on("fault", report);
  await app.open();
  new Desk(app, root).start();
  app.go();
  keepShell(app).catch(report);
  probe(app).catch(report);
  follow(app).catch(report);
  // The snapshot lets a reload without network go on with the right time.
  setInterval(() => app.result || app.stop || app.attempt.keepProgress(), CLOCK_SAVE_MS);
  const quiet = () => app.attempt.paper || app.ended || app.stop;
  setInterval(() => quiet() || app.refreshState().catch(() => {}), spread(WAITING_STATE_MS));
}

function report(error) {
  console.error(error);
}

async function start(root, steal) {
  try {
    await run(root, steal);
  } catch (error) {
    report(error);
    showMessage(root, "fault", [t("Tải lại trang"), () => location.reload()]);
  }
}

async function begin() {
  const root = document.getElementById("app");
  loadPrefs();
  await loadLanguage();
  if (capable()) await start(root, false);
  else showMessage(root, "insecure");
}

begin();
