// Clicks in the page's own HTML, handed to Gradio through the bridge component; scrolling
// to the cited words; copying. Nothing here talks to any server but through Gradio.
"use strict";

window.policyPage = (() => {
  const WIDE = 1000; // pixels, as in style.css
  let send = () => {};
  let scrollWhenShown = false;
  let lastOpened = "";

  const isWide = () => window.innerWidth >= WIDE;

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyByHand(text); // navigator.clipboard is missing on plain http addresses
    }
    const words = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  }

  function copyByHand(text) {
    const box = document.createElement("textarea");
    box.value = text;
    box.style.position = "fixed";
    box.style.opacity = "0";
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }

  function bringIntoView(scroller, target, share) {
    if (!target) return;
    const scrolls = getComputedStyle(scroller).overflowY === "auto";
    const box = scrolls ? scroller : document.scrollingElement;
    const top = scrolls ? scroller.getBoundingClientRect().top : 0;
    const height = scrolls ? scroller.clientHeight : window.innerHeight;
    const distance = target.getBoundingClientRect().top - top - height * share;
    box.scrollTo({ top: box.scrollTop + distance, behavior: "auto" });
  }

  function openSource(turn, n) {
    send("select", { turn: Number(turn), n: Number(n) });
  }

  function onClick(event) {
    const at = (selector) => event.target.closest(selector);
    const cite = at("a.cite");
    if (cite) {
      event.preventDefault();
      scrollWhenShown = !isWide();
      openSource(cite.dataset.turn, cite.dataset.n);
    } else if (at("button[data-copy]")) {
      copy(at("button[data-copy]"));
    } else if (at("button[data-question]")) {
      send("example_select", { question: at("button[data-question]").dataset.question });
    } else if (at("button.vote")) {
      const { turn, vote } = at("button.vote").dataset;
      send("like", { turn: Number(turn), vote });
    } else if (at("button[data-document]")) {
      scrollWhenShown = !isWide();
      send("click", { document: at("button[data-document]").dataset.document });
    } else if (at("button.jump")) {
      jump(at("button.jump"));
    } else if (at("button[data-back]")) {
      document.getElementById(at("button[data-back]").dataset.back).scrollIntoView();
    }
  }

  function jump(button) {
    const article = button.closest("article");
    const anchor = article.querySelector(`.anchor[data-offset="${Number(button.dataset.to)}"]`);
    bringIntoView(article.querySelector(".text"), anchor, 0.05);
  }

  // Shows the documents whose title or facts hold what is typed; on a new list, once more.
  function library(element, watch) {
    const filter = () => {
      const typed = element.querySelector("input.filter")?.value.trim().toLowerCase() ?? "";
      for (const item of element.querySelectorAll(".documents li")) {
        item.hidden = !item.textContent.toLowerCase().includes(typed);
      }
    };
    element.addEventListener("input", filter);
    element.addEventListener("click", (event) => {
      const topic = event.target.closest("[data-filter]");
      const input = element.querySelector("input.filter");
      if (!topic || !input) return;
      input.value = input.value === topic.dataset.filter ? "" : topic.dataset.filter;
      filter();
    });
    watch("value", filter);
  }

  function onSubmit(event) {
    const form = event.target.closest("form.reason");
    if (!form) return;
    event.preventDefault();
    const reason = form.elements.reason.value;
    send("like", { turn: Number(form.dataset.turn), vote: "down", reason });
  }

  // A document is shown: its text scrolls to the cited words; on a phone a click goes there.
  function shown(element) {
    const text = element.querySelector(".text");
    if (!text) return;
    text.scrollTop = 0;
    bringIntoView(text, text.querySelector("mark.main"), 0.2);
    if (scrollWhenShown) element.scrollIntoView();
    scrollWhenShown = false;
  }

  const panel = (element, watch) => watch("value", () => shown(element));

  // Follows the answer while it grows; opens its first source when it is done, on wide screens.
  function conversation(element, watch) {
    watch("value", () => {
      const exchanges = element.querySelectorAll(".exchange");
      const last = exchanges[exchanges.length - 1];
      if (!last) { lastOpened = ""; return; }
      const reply = last.querySelector(".reply");
      const key = `${exchanges.length}`;
      if (!reply.classList.contains("done") || lastOpened !== key) {
        bringIntoView(element.closest("#conversation"), last, 0.02);
      }
      if (!reply.classList.contains("done") || lastOpened === key) return;
      lastOpened = key;
      const first = reply.querySelector("a.cite");
      if (first && isWide()) openSource(first.dataset.turn, first.dataset.n);
    });
  }

  // The server sends today when the page is loaded; a day picked before that arrives stays.
  function day(element, props, trigger, watch) {
    let picked = "";
    element.addEventListener("change", (event) => {
      picked = event.target.value;
      props.value = picked;
      trigger("change");
    });
    watch("value", () => {
      if (picked && props.value !== picked) props.value = picked;
    });
  }

  function bridge(trigger) {
    send = trigger;
    document.addEventListener("click", onClick);
    document.addEventListener("submit", onSubmit);
    keepLight();
  }

  // The header carries the language chosen; screen readers read it from <html lang>.
  function header(element, watch) {
    const set = () => {
      document.documentElement.lang = element.querySelector("[data-lang]").dataset.lang;
    };
    watch("value", set);
    set();
  }

  // The colours of style.css are for a light page only.
  function keepLight() {
    const set = () => document.body.classList.remove("dark");
    new MutationObserver(set).observe(document.body, { attributeFilter: ["class"] });
    set();
  }

  return { header, library, panel, conversation, day, bridge };
})();
