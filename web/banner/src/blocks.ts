/** What waits in the page for a yes: scripts, frames, pictures, templates. */
import { allowed, behind, has, lost, vendors } from "./state";

/** What runs, and how it is taken down. */
const running = new Map<Element, () => void>();
const covers = new Map<Element, Element>();
/** Resolves when every script with an address, that is not `async`, is there: what is inline comes after. */
let before: Promise<unknown> | undefined;
let policy: { createScript(s: string): string; createScriptURL(s: string): string };
let cover: (element: HTMLElement, purposes: string[], from: string, wanted?: string) => Element;

const categories = (element: Element) => element.getAttribute("data-category")!.split(" ");
const vendor = (element: Element) => vendors.find((v) => v.id == element.getAttribute("data-service"));

/** Whether it may run: all its categories may, or its vendor, for the category it belongs to. */
function may(element: Element): boolean {
  const one = vendor(element)?.id || "";
  return categories(element).every((c) =>
    c[0] == "!" ? behind(c.slice(1)).some((v) => lost.has(v)) : has(behind(c).includes(one) ? one : c),
  );
}

function runScript(old: HTMLScriptElement) {
  const fresh = document.createElement("script");
  for (const { name, value } of old.attributes)
    if (!/^(on|(data-)?(src|type)$)/.test(name)) fresh.setAttribute(name, value);
  fresh.type = old.dataset.type || "";
  fresh.nonce = old.nonce;
  fresh.async = old.hasAttribute("async");
  const src = old.dataset.src || old.src;
  const put = () => old.replaceWith(fresh);
  if (src) {
    const loaded = new Promise((done) => (fresh.onload = fresh.onerror = done));
    if (!fresh.async) before = Promise.all([before, loaded]);
    fresh.src = policy.createScriptURL(src);
    put();
  } else {
    fresh.text = policy.createScript(old.text);
    if (before) void before.then(() => may(old) && put());
    else put();
  }
}

/** Run it; returns how it is taken down. What a script has done cannot be. */
function run(element: HTMLElement): () => void {
  if (element instanceof HTMLScriptElement) {
    if (element.type == "text/plain") runScript(element);
    return () => {};
  }
  if (element instanceof HTMLTemplateElement) {
    const nodes = [...element.content.cloneNode(true).childNodes] as ChildNode[];
    element.after(...nodes);
    return () => nodes.forEach((n) => n.remove());
  }
  const names = ["src", "srcset", "href"].filter((n) => element.hasAttribute(`data-${n}`));
  for (const n of names) element.setAttribute(n, element.getAttribute(`data-${n}`)!);
  return () => {
    // A frame goes on playing without its address; a copy that never had one does not.
    const copy = element.cloneNode() as HTMLElement;
    for (const n of names) copy.removeAttribute(n);
    element.replaceWith(copy);
    look(copy);
  };
}

function look(element: HTMLElement) {
  const covering = covers.get(element);
  const down = running.get(element);
  if (may(element)) {
    if (down) return;
    covering?.remove();
    covers.delete(element);
    element.removeAttribute("data-lofte-off");
    running.set(element, run(element));
  } else if (down) {
    running.delete(element);
    down();
  } else if (!covering && (element.tagName == "IFRAME" || element.hasAttribute("data-placeholder"))) {
    const one = vendor(element);
    const from = one?.name || new URL(element.dataset.src || "", location.href).host;
    const box = cover(element, categories(element), from, one?.id);
    covers.set(element, box);
    element.before(box);
    element.setAttribute("data-lofte-off", "");
  }
}

/** Look at everything marked below `root`. While the page is read, what is last may not be whole yet. */
export function apply(root: ParentNode = document) {
  const marked = "[data-category]";
  const found = [...root.querySelectorAll<HTMLElement>(marked)];
  if (root instanceof HTMLElement && root.matches(marked)) found.push(root);
  for (const element of found) if (document.readyState != "loading" || element.nextSibling) look(element);
}

/** Cookies and storage of those that may not. */
export function clear() {
  const names = (yes: boolean) => vendors.filter((v) => allowed.has(v.id) == yes).flatMap((v) => v.cookies.map((c) => c[0]));
  const stay = names(true);
  const go = names(false).filter((n) => !stay.includes(n));
  const theirs = (key: string) => go.some((n) => n == key || (n.endsWith("*") && key.startsWith(n.slice(0, -1))));
  const hosts = location.hostname.split(".").map((_, n, parts) => parts.slice(n).join("."));
  for (const key of document.cookie.split("; ").map((c) => c.split("=")[0]))
    if (theirs(key))
      for (let path = location.pathname; path; path = path.slice(0, -1))
        for (const host of ["", ...hosts]) document.cookie = `${key}=;Max-Age=0;Path=${path};Domain=${host}`;
  try {
    for (const store of [localStorage, sessionStorage])
      for (const key of Object.keys(store)) if (theirs(key)) store.removeItem(key);
  } catch {}
}

/** Begin to look. */
export function watch(covered: typeof cover) {
  cover = covered;
  const asIs = (s: string) => s;
  const rules = { createScript: asIs, createScriptURL: asIs };
  policy = (window as unknown as { trustedTypes?: { createPolicy(n: string, r: object): typeof policy } }).trustedTypes?.createPolicy("consent", rules) ?? rules;
  apply();
}
