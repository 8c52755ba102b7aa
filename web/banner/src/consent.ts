/** The choice about cookies: `window.consent`, and the events `consent:ready` and `consent:change`. */
import { apply, clear, watch } from "./blocks";
import type { Choice, Config } from "./config";
import { allowed, asking, begin, behind, choose, chosen, config, has, ids, kinds, lost, receipt } from "./state";
import { cover, open, reachable, show, tell } from "./ui";

declare const CSS_TEXT: string;

type Kind = "ready" | "change";
const refuse = () => choose([], "api");
const say = (type: Kind) => document.dispatchEvent(new CustomEvent(`consent:${type}`, { detail: chosen() }));

export const consent = ((window as unknown as Record<string, unknown>).consent = {
  /** Open the settings. */
  open,
  /** Whether this purpose or vendor may run. */
  has: (id: string) => has(id),
  /** The choice, or null before it. */
  get: chosen,
  /** Change these purposes and vendors; the others stay. */
  set(wanted: Record<string, unknown>) {
    const next = new Set(allowed);
    for (const [id, yes] of Object.entries(wanted)) for (const v of behind(id)) yes ? next.add(v) : next.delete(v);
    choose([...next], "api");
  },
  acceptAll: () => choose(ids(kinds), "api"),
  rejectAll: refuse,
  withdraw: refuse,
  /** Look again at what is marked below this element. */
  apply,
  /** What the server answered last. */
  receipt: () => receipt,
  /** Call `does` with the choice when it is ready, or whenever it changes. */
  on(type: Kind, does: (choice: Choice | null) => void) {
    if (config && type == "ready") does(chosen());
    else document.addEventListener(`consent:${type}`, () => does(chosen()));
  },
});

function changed() {
  apply();
  if (lost.size) clear();
  show();
  say("change");
}

function start(found: Config) {
  begin(found, changed, tell);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS_TEXT);
  document.adoptedStyleSheets.push(sheet);
  watch(cover);
  if (!asking) clear();
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-consent-open]")) {
      event.preventDefault();
      open();
    }
  });
  addEventListener("pagehide", () => lost.size && clear());
  say("ready");
}

let whole = false;
/** What can be done as soon as the page has come so far. */
function look(seen: { addedNodes: NodeList }[]) {
  const read = document.readyState != "loading";
  if (!config) {
    const given = (window as { consentConfig?: Config }).consentConfig;
    const element = document.getElementById("consent-config");
    if (given) start(given);
    else if (element && (read || element.nextSibling)) start(JSON.parse(element.textContent!));
    else return;
  }
  for (const one of seen) for (const node of one.addedNodes) if (node instanceof HTMLElement) apply(node);
  if (document.body && asking) show();
  if (read && !whole) {
    whole = true;
    apply();
    reachable();
  }
}
new MutationObserver(look).observe(document, { childList: true, subtree: true });
document.addEventListener("DOMContentLoaded", () => look([]));
look([]);
