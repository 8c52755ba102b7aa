/** What was chosen: the cookie, the queue of choices that the server has not answered, and who may run. */
import type { About, Choice, Config, Purpose, Receipt, Surface, Vendor } from "./config";

interface Message extends About {
  id: string | null;
  action: string;
  allow: string;
  [key: string]: unknown;
}

export let config: Config;
/** Vendors that may run now. */
export let allowed = new Set<string>();
/** Vendors whose yes was taken back since the page was loaded. */
export const lost = new Set<string>();
/** Whether somebody must be asked. */
export let asking = true;
export let receipt: Receipt | null = null;
export let waiting: Message[] = [];
/** The purposes that can be chosen: what is necessary has no vendors. */
export let kinds: Purpose[];
export let vendors: Vendor[];

let id: string | null = null;
let seq = 0;
let time = 0;
let changed: () => void;
let failed: () => void;

export const signal = () => (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;

export const ids = (each: { id: string }[]) => each.map((e) => e.id);
/** The vendors of a purpose; a vendor stands for itself. */
export const behind = (one: string): string[] => {
  const purpose = config.purposes.find((p) => p.id == one);
  return purpose ? ids(purpose.vendors) : [one];
};
/** A purpose may run only when each of its vendors may. */
export const has = (one: string, set = allowed) => behind(one).every((v) => set.has(v));

const now = () => Math.floor(Date.now() / 1e3);
const marks = (each: { id: string }[], set: Set<string>) => Object.fromEntries(each.map((e) => [e.id, +has(e.id, set)]));
const read = () => `; ${document.cookie}`.split(`; ${config.name}=`)[1]?.split(";")[0].split(".");
/** The vendors of these purposes and vendors; what is not known is nobody. */
const known = (wanted: string[]) => new Set(ids(vendors).filter((v) => wanted.flatMap(behind).includes(v)));
const written = (set: Set<string>) =>
  kinds.flatMap((p) => (has(p.id, set) ? p.id : ids(p.vendors).filter((v) => set.has(v)))).join("~");

function write(allow: string, days = config.days) {
  document.cookie = `${config.name}=${[
    signal() ? "1g" : 1,
    config.about.edition,
    id,
    seq.toString(36),
    now().toString(36),
    allow,
  ].join(".")};Max-Age=${days * 86400};Path=/;SameSite=Lax${location.protocol[4] == "s" ? ";Secure" : ""}`;
}

function keep() {
  try {
    localStorage[config.name] = JSON.stringify([waiting, receipt]);
  } catch {}
}

function take(next: Set<string>) {
  for (const one of vendors)
    if (next.has(one.id)) lost.delete(one.id);
    else if (allowed.has(one.id)) lost.add(one.id);
  allowed = next;
  changed();
}

function message(action: string, surface: Surface, set: Set<string>): Message {
  return {
    ...config.about,
    id,
    // Ends in a UUID, also where `crypto.randomUUID` is missing: on a page without https.
    event: URL.createObjectURL(new Blob()).slice(-36),
    seq: ++seq,
    action,
    surface,
    choices: marks(kinds, set),
    vendors: marks(vendors, set),
    allow: written(set),
    path: location.pathname.slice(0, 256),
    gpc: !!signal(),
    at: Date.now(),
    view: "sml"[+(innerWidth > 479) + +(innerWidth > 1023)],
  };
}

/** Choose. A refusal takes effect at once, a yes when the server has recorded it. */
export function choose(wanted: string[], surface: Surface, action?: string) {
  const set = known(wanted);
  const both = new Set([...allowed].filter((one) => set.has(one)));
  action ||= set.size ? (kinds.every((p) => has(p.id, set)) ? "accept" : "save") : allowed.size ? "withdraw" : "reject";
  const said = message(action, surface, set);
  asking = false;
  time = now();
  write(config.post ? written(both) : said.allow);
  take(config.post ? both : set);
  if (config.post) {
    waiting.push(said);
    send();
  }
}

let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  try {
    while (waiting[0]) {
      const said = waiting[0];
      said.id ??= id;
      keep();
      const answer = await fetch(config.post, {
        method: "POST",
        body: JSON.stringify(said),
        keepalive: true,
        credentials: "include",
      });
      if (/408|425|429|^5/.test(`${answer.status}`)) break;
      waiting.shift();
      if (answer.ok) {
        receipt = await answer.json();
        id = receipt!.id;
      }
      keep();
      if (said.action != "expire" && !waiting[0])
        if (answer.ok) {
          const kept = read();
          if (kept?.[2] != id || kept[5] != said.allow) write(said.allow);
          take(known(said.allow.split("~")));
        } else {
          write("", 0);
          id = null;
        }
    }
  } catch {}
  sending = false;
  if (waiting[0]) failed();
}

/** Begin with what the browser has kept. */
export function begin(found: Config, then: () => void, otherwise: () => void) {
  config = found;
  changed = then;
  failed = otherwise;
  kinds = config.purposes.filter((p) => p.vendors[0]);
  vendors = kinds.flatMap((p) => p.vendors);
  try {
    [waiting, receipt] = JSON.parse(localStorage[config.name]);
  } catch {}
  const kept = read();
  if (kept) {
    id = kept[2] || null;
    seq = parseInt(kept[3], 36) || 0;
    time = parseInt(kept[4], 36) || 0;
    if (kept[1] != config.about.edition || now() - time > config.days * 86400) {
      if (config.post) waiting.push(message("expire", "page", new Set()));
      write("", 0);
    } else if (kept[0] == "1g" || !signal()) {
      asking = false;
      allowed = known(`${kept[5]}`.split("~"));
    }
  }
  send();
}

/** What was chosen; nothing before a choice. */
export const chosen = (): Choice | null =>
  asking ? null : { ...config.about, id, time, choices: marks(kinds, allowed), vendors: marks(vendors, allowed) };
