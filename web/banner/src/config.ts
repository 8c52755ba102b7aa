/** What the server makes of the policy, in one language: see docs/reference/consent-wire.md. */

/** A cookie or storage key: its name (`*` at the end stands for anything), and what it does for how long. */
export type Stored = [name: string, text: string];

export interface Vendor {
  id: string;
  name: string;
  /** Whether that is the site itself or another company. */
  who: string;
  cookies: Stored[];
}

export interface Purpose {
  id: string;
  name: string;
  text: string;
  /** None for what is necessary, which is not a choice. */
  vendors: Vendor[];
}

/** What each message to the server begins with. */
export interface About {
  v: 1;
  site: string;
  version: string;
  edition: string;
  sha: string;
  lang: string;
}

export interface Config {
  about: About;
  /** Of the cookie. */
  name: string;
  days: number;
  /** Where choices are recorded; empty: nowhere. */
  post: string;
  /** The plain page. */
  page: string;
  purposes: Purpose[];
  texts: Record<string, string>;
}

export type Surface = "banner" | "dialog" | "page" | "placeholder" | "api";

/** What was chosen, as `consent.get()` tells it. */
export interface Choice extends About {
  id: string | null;
  /** Seconds since 1970. */
  time: number;
  choices: Record<string, number>;
  vendors: Record<string, number>;
}

/** What the server answered. */
export interface Receipt {
  receipt: string;
  id: string;
  seq: number;
  hash: string;
  received_at: string;
}
