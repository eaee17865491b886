// The page of evaluators: the progress of a run, two runs chosen, the height of a report.
// Without this script every form still works; progress is then seen by loading the page again.
"use strict";

(() => {
  const EVERY = 500; // milliseconds between two questions for news
  const body = document.body;
  document.documentElement.classList.add("scripted");

  // News: asked for while a run goes on, and the first page is loaded anew after it.

  function show(news) {
    const box = document.querySelector(".going");
    if (!box) return;
    box.hidden = !news.busy;
    box.querySelector("h2 span").textContent = news.name;
    box.querySelector(".stage").textContent =
      news.stage + (news.total ? ` ${news.done} / ${news.total}` : "……");
    const bar = box.querySelector("progress");
    bar.max = news.total || 1;
    if (news.total) bar.value = news.done;
    else bar.removeAttribute("value");
  }

  // What a person has begun to fill in must not be lost to a page loaded anew.
  const isFilling = () => document.querySelector(".filled, form.changed, .runs :checked") !== null;

  async function ask() {
    try {
      const response = await fetch("/evaluation/status");
      if (response.redirected) return location.reload();
      const news = await response.json();
      show(news);
      const isOver = !news.busy || news.stamp !== body.dataset.stamp;
      if (isOver && document.querySelector(".going") && !isFilling()) return location.reload();
      if (!news.busy) return;
    } catch {
      // The server may be starting anew; the next question finds out.
    }
    setTimeout(ask, EVERY);
  }
  if (body.dataset.busy === "1") setTimeout(ask, EVERY);
  for (const form of document.querySelectorAll(".run-set")) {
    form.addEventListener("input", () => form.classList.add("changed"));
  }

  // Two runs: the button works with two, and a third is not taken.

  const compare = document.querySelector("form.compare");
  function count() {
    const chosen = compare.querySelectorAll(":checked").length;
    compare.querySelector("#compare").disabled = chosen !== 2;
    for (const box of compare.querySelectorAll("[type=checkbox]")) {
      box.disabled = chosen === 2 && !box.checked;
    }
  }
  if (compare) {
    compare.addEventListener("change", count);
    window.addEventListener("pageshow", count); // a browser keeps what was ticked
    count();
  }

  // A set: what was chosen is named, and one too large is not sent.

  const picked = document.querySelector(".upload input[type=file]");
  picked?.addEventListener("change", () => {
    const file = picked.files[0];
    const isLarge = file && file.size > Number(picked.dataset.most);
    const sentence = isLarge ? "文件太大，请拆分成几个测试集。" : "";
    picked.setCustomValidity(sentence);
    picked.closest(".drop").classList.toggle("filled", Boolean(file));
    document.querySelector(".chosen").textContent = file ? `${file.name} ${sentence}` : "";
  });

  // A report: as high as what it holds, also after a question in it is opened.

  const frame = document.querySelector("iframe");
  function fit() {
    const inside = frame.contentDocument?.documentElement;
    if (!inside?.querySelector("body > *")) return;
    const size = () => { frame.style.height = `${inside.querySelector("body").offsetHeight + 60}px`; };
    new ResizeObserver(size).observe(inside.querySelector("body"));
    size();
  }
  if (frame) {
    frame.addEventListener("load", fit);
    fit();
  }
})();
