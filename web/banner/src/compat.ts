/** Gives the marks of other tools our names, so that a page need not be written anew: Klaro `data-name`,
 * Orejime `data-purpose`, Cookiebot `data-cookieconsent`, vanilla-cookieconsent `data-cc` and
 * `data-cookiecategory`. Which purpose a Klaro or Orejime name belongs to stands in this script's own
 * `data-names='{"matomo": "statistics"}'`; a name that is not there stays blocked. Usual names of categories
 * (`analytics`, `ads`) are understood. */
const kinds: Record<string, string> = {
  analytics: "statistics",
  performance: "statistics",
  preferences: "functional",
  functionality: "functional",
  ads: "marketing",
  advertisement: "marketing",
  advertising: "marketing",
  targeting: "marketing",
};
const names: Record<string, string> = JSON.parse(document.currentScript?.getAttribute("data-names") || "{}");
const waits = (element: Element) =>
  element.tagName == "SCRIPT" ? (element as HTMLScriptElement).type == "text/plain" : element.tagName == "TEMPLATE" || !element.hasAttribute("src");

const readers = ["data-name", "data-purpose", "data-cookieconsent", "data-cookiecategory", "data-category"];
const ours = (said: string) =>
  said
    .split(/[\s,]+/)
    .map((one) => one.replace(/^(!?)(.+)$/, (_, not, id) => not + (names[id] || kinds[id] || id)))
    .join(" ");

function look(element: Element) {
  if (element.matches("[data-cc], [data-c], .cm-open-preferences")) element.setAttribute("data-consent-open", "");
  const reader = readers.find((name) => element.hasAttribute(name));
  if (!reader || !waits(element)) return;
  const at = element.getAttribute("data-cookieblock-src");
  if (at) element.setAttribute("data-src", at);
  if (element.hasAttribute("data-contextual")) element.setAttribute("data-placeholder", "");
  const category = ours(element.getAttribute(reader)!);
  if (category == element.getAttribute("data-category")) return;
  element.setAttribute("data-category", category);
  (window as { consent?: { apply(e: Element): void } }).consent?.apply(element);
}

function below(root: ParentNode) {
  for (const element of root.querySelectorAll("*")) look(element);
}

below(document);
new MutationObserver((seen) => {
  for (const one of seen)
    for (const node of one.addedNodes)
      if (node instanceof Element) {
        look(node);
        below(node);
      }
}).observe(document, { childList: true, subtree: true });
