/** The banner, the dialog, and what stands in place of what waits. */
import type { Purpose, Surface } from "./config";
import { allowed, asking, choose, config, has, ids, kinds, receipt, signal } from "./state";

type Child = Node | string;

let banner: HTMLElement | undefined;
let dialog: HTMLDialogElement | undefined;

/** An element. What it has no property for becomes an attribute. */
function make<T extends keyof HTMLElementTagNameMap>(tag: T, props: object, ...children: Child[]): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(props))
    if (key in made) (made as Record<string, unknown>)[key] = value;
    else made.setAttribute(key, value as string);
  made.append(...children);
  return made;
}

/** A part of ours, called as others look for it, with a heading if it has a title. */
function part<T extends "section" | "dialog" | "div" | "aside">(tag: T, name: string, title: string, ...children: Child[]) {
  const made = make(tag, { className: "lofte", lang: config.about.lang, "data-lofte": name }, ...children);
  if (title) {
    made.ariaLabel = config.texts[title];
    made.prepend(make("h2", {}, config.texts[title]));
  }
  return made;
}

const said = (key: string, ...rest: Child[]) => make("p", {}, config.texts[key], ...rest);
const link = (href: string, key: string) => make("a", { href }, config.texts[key]);
const row = (...children: Child[]) => make("div", { className: "row" }, ...children);
const press = (key: string, onclick: () => void, className = "") =>
  make("button", { type: "button", className, "data-lofte": key, onclick }, config.texts[key]);
const answers = (surface: Surface, ...more: HTMLElement[]) =>
  row(
    press("reject", () => choose([], surface)),
    press("accept", () => choose(ids(kinds), surface)),
    ...more,
  );

function put(title: string, ...children: Child[]) {
  banner?.remove();
  banner = part("section", "banner", title, ...children);
  document.body.prepend(banner);
}

/** Ask, in the first layer; or say that the browser has answered. */
function ask() {
  const more = link(config.page, "more");
  const settings = press("choose", open, "quiet");
  if (signal()) put("open", said("gpc", " ", more), row(press("fine", () => choose([], "banner", "gpc")), settings));
  else put("title", said("text", " ", more), answers("banner", settings));
}

/** Tell that the choice could not be recorded. */
export function tell() {
  put("open", said("wait"), press("fine", () => banner!.remove()));
}

/** One purpose: a box for it, and one for each vendor. */
function kind(p: Purpose) {
  const box = (name: string, ...label: Child[]) =>
    make("label", {}, make("input", { type: "checkbox", checked: has(name), name }), ...label);
  const name = make("b", {}, p.name);
  const all = p.vendors[0] ? box(p.id, name) : name;
  const list = make(
    "ul",
    {},
    ...p.vendors.map((v) => make("li", {}, box(v.id, v.who), make("ul", {}, ...v.cookies.map((c) => make("li", {}, c.join(": ")))))),
  );
  const mine = list.getElementsByTagName("input");
  const whole = all.firstChild as HTMLInputElement;
  all.onchange = () => {
    for (const one of mine) one.checked = whole.checked;
  };
  const sum = () => {
    const yes = [...mine].filter((one) => one.checked).length;
    whole.checked = yes == mine.length;
    whole.indeterminate = !whole.checked && yes > 0;
  };
  list.onchange = sum;
  sum();
  return make("div", { className: "kind" }, all, make("p", {}, p.text), list);
}

/** The settings. */
export function open() {
  if (dialog) return;
  const ticked = () => [...dialog!.querySelectorAll<HTMLInputElement>(":checked")].map((one) => one.name);
  dialog = part(
    "dialog",
    "dialog",
    "open",
    signal() ? said("gpc") : "",
    ...config.purposes.map(kind),
    make("p", {}, link(config.page, "more")),
    receipt ? make("p", {}, link(config.post.replace(/[^/]*$/, `receipt/${receipt.receipt}`), "receipt")) : "",
    answers(
      "dialog",
      press("save", () => choose(ticked(), "dialog"), "quiet"),
      press("close", () => dialog!.close(), "quiet"),
    ),
  );
  dialog.onclose = () => {
    dialog!.remove();
    dialog = undefined;
  };
  document.body.append(dialog);
  dialog.showModal();
}

/** What is shown in place of a frame: who would be asked, for what, and how to say yes here. */
export function cover(element: HTMLElement, purposes: string[], from: string, wanted?: string): HTMLElement {
  const names = kinds.filter((p) => purposes.includes(p.id)).map((p) => p.name.toLowerCase());
  const { width, height } = element.getBoundingClientRect();
  const box = part(
    "div",
    "placeholder",
    "",
    make("p", {}, config.texts.blocked.replace("{vendor}", from).replace("{kinds}", names.join(", "))),
    press("show", () => choose([...allowed, ...(wanted ? [wanted] : purposes)], "placeholder")),
  );
  const { display, margin } = getComputedStyle(element);
  Object.assign(box.style, {
    display: display.replace(/^inline$/, ""),
    margin,
    width: `${width}px`,
    minHeight: `${height}px`,
  });
  return box;
}

/** After a choice, or when the page has its body: what is asked. */
export function show() {
  if (!asking) {
    banner?.remove();
    dialog?.close();
  } else if (!banner) ask();
}

/** Every page has a way to the settings: the site's own, or ours. */
export function reachable() {
  if (!document.querySelector("[data-consent-open]"))
    document.body.append(part("aside", "open", "", press("open", open, "quiet")));
}
