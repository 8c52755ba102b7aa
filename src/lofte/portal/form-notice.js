// The notice at a form: <script src=".../notice/form.js" data-form="book" defer></script>
// It needs script-src and connect-src for this site, and nothing inline. `data-lang` is sv or en.
(() => {
  "use strict";
  const script = document.currentScript;
  const form = script.dataset.form || "";
  const language = script.dataset.lang || document.documentElement.lang.slice(0, 2) || "";
  const source = new URL(`form/${encodeURIComponent(form)}.json`, script.src);
  if (language) source.searchParams.set("lang", language);

  const made = (tag, words, more = {}) => {
    const element = document.createElement(tag);
    if (words) element.textContent = words;
    for (const [name, value] of Object.entries(more)) element.setAttribute(name, value);
    return element;
  };
  const list = (sentences) => {
    const all = made("ul");
    for (const each of sentences) {
      const more = { "data-path": each.path };
      if (each.promises.length) more["data-promises"] = each.promises.join(" ");
      all.append(made("li", each.text, more));
    }
    return all;
  };
  const link = (words, url) => {
    const paragraph = made("p", "", { class: "lofte-more" });
    paragraph.append(made("a", words, { href: url }));
    return paragraph;
  };
  const show = (notice) => {
    const [first, ...rest] = notice.sections;
    const box = made("section", "", { class: "lofte-notice", lang: notice.language, "aria-label": first.heading });
    box.append(made("p", first.heading, { class: "lofte-heading" }), list(first.sentences));
    for (const section of rest) {
      const folded = made("details");
      folded.append(made("summary", section.heading), list(section.sentences));
      box.append(folded);
    }
    box.append(link(notice.more.text, notice.more.url));
    script.after(box);
  };
  const fail = () => {
    const words = language === "en" ? "How we use your data" : "Hur vi använder dina uppgifter";
    script.after(link(words, new URL("../", script.src).href));
  };

  fetch(source, { credentials: "omit", referrerPolicy: "no-referrer" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then(show)
    .catch(fail);
})();
