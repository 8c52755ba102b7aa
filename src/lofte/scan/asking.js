() => {
  const ours = document.querySelector("[data-lofte=banner]");
  const yes =
    /^(godkänn|acceptera|tillåt|ja\b|jag (förstår|godkänner)|accept|allow|agree|i agree|yes\b|ok(ay)?$|got it)/;
  const no =
    /^(neka|avvisa|avböj|nej\b|(endast|bara) nödvändiga|reject|decline|deny|refuse|no\b|(only )?(necessary|essential)( only)?$)/;
  const about = /kakor|cookie|samtyck|consent/;
  const words = (e) => (e.innerText || e.value || "").trim().toLowerCase();
  const seen = (e) => {
    const { width, height } = e.getBoundingClientRect();
    const { visibility, opacity } = getComputedStyle(e);
    return width > 0 && height > 0 && visibility != "hidden" && opacity != "0";
  };
  /** The part of the page, not far above a button, that speaks of cookies. */
  const near = (e) => {
    for (let at = e, n = 0; at && at != document.body && n < 6; at = at.parentElement, n++)
      if (about.test((at.innerText || "").toLowerCase())) return at;
    return null;
  };
  let accept;
  let reject;
  let kind = "";
  if (ours && seen(ours)) {
    kind = "lofte";
    accept = ours.querySelector("[data-lofte=accept]");
    reject = ours.querySelector("[data-lofte=reject], [data-lofte=fine]");
  } else {
    const kinds = "button, [role=button], input[type=button], input[type=submit], a";
    const all = [...document.querySelectorAll(kinds)].filter(seen);
    accept = all.find((e) => yes.test(words(e)) && near(e));
    if (accept) {
      kind = "known";
      const box = near(accept);
      reject = all.find((e) => box.contains(e) && no.test(words(e)));
    }
  }
  for (const e of document.querySelectorAll("[data-lofte-scan]")) e.removeAttribute("data-lofte-scan");
  accept?.setAttribute("data-lofte-scan", "accept");
  reject?.setAttribute("data-lofte-scan", "reject");
  const look = (e) => {
    const s = getComputedStyle(e);
    return [e.tagName, s.color, s.backgroundColor, s.fontSize, s.fontWeight, s.textDecorationLine].join();
  };
  const area = (e) => {
    const { width, height } = e.getBoundingClientRect();
    return width * height;
  };
  return {
    kind,
    accept: !!accept,
    reject: !!reject,
    same: !!accept && !!reject && look(accept) == look(reject),
    ratio: accept && reject ? area(reject) / area(accept) : 0,
  };
}
