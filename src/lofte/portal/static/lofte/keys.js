/* Keys in the list of requests. Everything works without them, and whoever dictates or types by other means
   can turn them off (WCAG 2.1.4). */
"use strict";

(() => {
  const list = document.querySelector("[data-keys]");
  const help = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  const find = document.getElementById("find");
  if (!help || !on) return;

  const KEPT = "lofte-keys";
  const kept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
  const keep = (value) => { try { localStorage.setItem(KEPT, value); } catch { /* as long as the page lives */ } };
  on.checked = kept() !== "off";
  on.addEventListener("change", () => keep(on.checked ? "on" : "off"));

  const links = list ? [...list.querySelectorAll("a.opens")] : [];
  const here = () => links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const to = (step) => {
    const at = here();
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[next]?.focus();
  };
  const choose = () => {
    const row = links[here()]?.closest("tr");
    row?.querySelector("input[type=checkbox]")?.click();
  };
  const acts = {
    j: () => to(1),
    k: () => to(-1),
    x: choose,
    "/": () => find?.focus(),
    "?": () => help.showModal(),
  };

  const typing = (at) => at.matches("textarea, select, input:not([type=checkbox])") || at.isContentEditable;
  document.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || !on.checked || help.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && typing(event.target)) return;
    event.preventDefault();
    act();
  });

  const opener = document.getElementById("keys-open");
  opener.closest("p").hidden = false;
  opener.addEventListener("click", () => help.showModal());
})();
